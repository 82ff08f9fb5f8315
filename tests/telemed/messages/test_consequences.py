"""What each code of a carrier leads to, in answers and in reports alike."""

import pytest

from telemed.messages.consequences import Consequences, consequence


@pytest.mark.parametrize(
    ("codes", "follows"),
    [
        ("21610", Consequences.STOP_NUMBER),
        ("21614 21635 30006", Consequences.NOT_MOBILE),
        ("21211 21217", Consequences.INVALID_NUMBER),
        ("30003 30005", Consequences.UNREACHABLE),
        ("30004 30007", Consequences.FILTERED),
        ("30008", Consequences.ONCE_MORE),
        ("21408 21606 21612", Consequences.SENDER_WRONG),
        ("20003 401 403", Consequences.CIRCUIT_OPEN),
        ("20429 429", Consequences.BACK_OFF),
        ("99999", Consequences.UNKNOWN),
    ],
)
def test_twilios_codes(codes: str, follows: Consequences) -> None:
    assert {consequence("twilio", code) for code in codes.split()} == {follows}
    assert {consequence("twilio_voice", code) for code in codes.split()} == {follows}


@pytest.mark.parametrize("carrier", ["gateway", "smpp", "modem", "email", "twilio"])
def test_every_carrier_knows_our_own_words(carrier: str) -> None:
    assert consequence(carrier, "sign-in") is Consequences.CIRCUIT_OPEN
    assert consequence(carrier, "no-connection") is Consequences.BACK_OFF
    assert consequence(carrier, None) is Consequences.UNKNOWN


def test_another_carriers_numbers_mean_nothing_to_us() -> None:
    assert consequence("gateway", "21610") is Consequences.UNKNOWN


def test_whoever_stopped_it_is_asked_by_no_other_carrier() -> None:
    stops = {each for each in Consequences if each.value.stop}
    assert stops == {Consequences.STOP_NUMBER, Consequences.NOT_MOBILE, Consequences.INVALID_NUMBER}
    assert not any(each.value.another or each.value.again for each in stops)


def test_what_is_filtered_is_never_sent_again_and_somebody_hears_of_it() -> None:
    filtered = Consequences.FILTERED.value
    assert (filtered.alarm, filtered.another, filtered.again) == (True, False, False)
