"""What a kiosk may send: everything it needs, nothing more, and the same meaning is the same bytes."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from scheduling.ids import uuid7
from telemed.countries.bg import BULGARIA
from telemed.intake import submission
from telemed.intake.answers import is_slot, refusal
from telemed.intake.drivers import simulator
from telemed.intake.intake import Filing, fingerprint
from telemed.intake.submission import Submission
from tests.telemed.intake.vectors import VECTORS

TODAY = date(2026, 11, 24)
AT = "2026-11-24T08:00:00+00:00"
NEVER_SET = datetime.fromisoformat("1970-01-01T00:03")
ONE = UUID(int=1)
# A sensor on the skin says 78 beats a minute.
HEARTBEATS = "064e"


def body(**changes: Any) -> dict[str, Any]:
    return {**VECTORS["submissions"][0]["body"], **changes}


def claim(**changes: Any) -> dict[str, Any]:
    return {**body()["claim"], **changes}


def reading(**changes: Any) -> dict[str, Any]:
    return {"code": "pulse", "value": "78", "taken_at": AT, **changes}


def read(**changes: Any) -> Submission:
    return submission.read(json.dumps(body(**changes)).encode())


def test_what_the_kiosk_writes_can_be_read() -> None:
    assert read().claim.name == "Мария Иванова"


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_admin": True},
        {"claim": claim(confirmed=True)},
        {"claim": claim(identifier=None)},
        {"claim": claim(name=" ")},
        {"claim": claim(name="a\u0000b")},
        {"claim": claim(birth_date="1944-02-30")},
        {"phone": "0888123456"},
        {"phone": None},
        {"sms": False},
        {"complaint": "pizza"},
        {"words": "а" * 301},
        {"measurements": [reading(value="NaN")]},
        {"measurements": [reading(value="Infinity")]},
        {"measurements": [reading(value="301")]},
        {"measurements": [reading(code="charm")]},
        {"measurements": [reading(), reading()]},
        {"measurements": [reading(reason="failed")]},
        {"measurements": [reading(value=None)]},
        {"measurements": [reading(value=None, reason="bored")]},
        {"measurements": [reading(taken_at="2026-11-24T08:00:00")]},
        {"measurements": [reading(code="systolic", value="120")]},
        {"measurements": [reading(code="systolic", value="80"), reading(code="diastolic", value="90")]},
        {"measurements": [reading(value="-5")]},
        {"measurements": [reading(value="1e9")]},
        {"measurements": [reading(number=0)]},
        {"measurements": [reading(), reading(number=2), reading(number=2)]},
        {"measurements": [reading(code="systolic", number=2), reading(code="diastolic", value="60")]},
        {"measurements": [reading(code="consciousness", value="1")]},
        {"measurements": [reading(code="consciousness", value=None, coded="dreaming")]},
        {"measurements": [reading(code="consciousness", value=None, coded="alert", reason="refused")]},
        {"measurements": [reading(coded="alert")]},
        {"measurements": [reading(code="temperature", value="98.6")]},
        {"measurements": [reading(code="temperature", value="37.1", entered="98.6", entered_unit="[degF]")]},
        {"measurements": [reading(code="temperature", value="37", entered="NaN", entered_unit="[degF]")]},
        {"measurements": [reading(code="temperature", value="37", entered="1.2.3", entered_unit="[degF]")]},
        {"measurements": [reading(code="temperature", value="37", entered="310", entered_unit="K")]},
        {"measurements": [reading(code="temperature", value="37", entered="37", entered_unit="Cel")]},
        {"measurements": [reading(device_time="2026-11-24T08:00:00Z")]},
        {"measurements": [reading(flags=["<b>"])]},
        {"measurements": [reading(flags=["loose"] * 25)]},
        {"measurements": [reading(raw="00")]},
        {"measurements": [reading(source="device", raw="0g", characteristic="2a37")]},
        {"measurements": [reading(source="device", characteristic="2a37")]},
        {"measurements": [reading(source="device", value="70", raw=HEARTBEATS, characteristic="2a37")]},
        {"measurements": [reading(source="device", raw=HEARTBEATS, characteristic="ffe1")]},
        {"choice": {"kind": "someday"}},
        {"choice": {"kind": "slot", "practitioner_id": "p1", "kiosk_id": "k1", "starts_at": AT}},
        {"choice": {"kind": "now", "starts_at": AT}},
        {"notice_version": ""},
    ],
    ids=lambda wrong: json.dumps(wrong, ensure_ascii=True)[:60],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(**wrong)


def test_the_same_meaning_is_the_same_bytes() -> None:
    shuffled = dict(reversed(body(measurements=[reading(value=78)]).items()))
    again = submission.read(json.dumps(shuffled, indent=2).encode())
    assert fingerprint(again.body()) == fingerprint(read(measurements=[reading()]).body())


def test_a_stored_body_reads_back_as_itself() -> None:
    first = read(measurements=[reading(), reading(code="weight", value=None, reason="refused")])
    assert submission.read(first.body()) == first
    assert submission.read(first.body()).body() == first.body()


def test_a_body_of_before_measuring_grew_is_the_same_bytes_as_then() -> None:
    of_then = {**reading(), "reason": None, "typed_by": "patient"}
    written = json.loads(read(measurements=[reading()]).body())["measurements"]
    assert written == [{**of_then, "taken_at": "2026-11-24T08:00:00Z"}]


def test_what_is_said_about_a_reading_is_kept_and_nothing_else() -> None:
    more = {
        "code": "temperature",
        "value": "37.0",
        "number": 2,
        "entered": "98.6",
        "entered_unit": "[degF]",
        "flags": ["not_rested"],
        "detail": "ear",
    }
    (written,) = json.loads(read(measurements=[reading(**more)]).body())["measurements"]
    assert written == {**more, "reason": None, "typed_by": "patient", "taken_at": "2026-11-24T08:00:00Z"}


def test_a_devices_reading_is_filed_as_its_bytes_say() -> None:
    sent = simulator.temperature("98.6", fahrenheit=True, at=NEVER_SET)
    said = reading(
        code="temperature", value="37.0", source="device", characteristic="2a1c", raw=sent.raw.hex()
    )
    filed = read(measurements=[said])
    (taken,) = filed.readings()
    assert (taken.value, taken.entered, taken.entered_unit) == (Decimal("37.0"), "98.6", "[degF]")
    assert (taken.device_time, taken.detail) == (NEVER_SET, "ear")
    assert submission.read(filed.body()).body() == filed.body()


def test_whether_a_device_said_low_or_high_is_read_from_its_bytes_alone() -> None:
    sent = simulator.oxygen(simulator.MINUS_INFINITY, 70)
    said = reading(code="oxygen", source="device", characteristic="2a5e", raw=sent.raw.hex(), reason="failed")
    said.pop("value", None)
    (taken,) = read(measurements=[{**said, "flags": ["above-range", "not_rested"]}]).readings()
    assert taken.flags == ("not_rested", "below-range")


@pytest.mark.parametrize("year", [1970, 2090])
def test_a_devices_wrong_clock_is_kept_beside_ours_and_moves_nothing(year: int) -> None:
    at = NEVER_SET.replace(year=year)
    sent = simulator.oxygen(97, 70, at=at)
    said = reading(code="oxygen", value="97", source="device", characteristic="2a5e", raw=sent.raw.hex())
    (taken,) = read(measurements=[said]).readings()
    assert (taken.device_time, taken.taken_at) == (at, datetime(2026, 11, 24, 8, tzinfo=UTC))


@pytest.mark.parametrize("why", simulator.BAD)
def test_bytes_that_are_no_reading_are_never_filed_as_a_number(why: str) -> None:
    sent = simulator.BAD[why]
    for code, value in (("systolic", "120"), ("oxygen", "97"), ("temperature", "36.6"), ("glucose", "5.4")):
        said = reading(
            code=code, value=value, source="device", characteristic=sent.characteristic, raw=sent.raw.hex()
        )
        with pytest.raises(ValidationError):
            read(measurements=[said])


def test_readings_move_with_the_clock_and_nothing_else_does() -> None:
    sent = read(measurements=[reading()])
    moved = sent.measured_later(timedelta(hours=2))
    assert moved.readings()[0].taken_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert moved.measured_later(timedelta(hours=-2)) == sent


def test_an_intake_says_all_that_was_submitted() -> None:
    filing = Filing(uuid7(), uuid7(), uuid7(), uuid4(), uuid4(), datetime(2026, 11, 24, 8, tzinfo=UTC))
    filed = read(measurements=[reading()], words="от вчера").intake(filing)
    assert (filed.claim.identifier_kind, filed.words, filed.complaint) == ("egn", "от вчера", "dizzy")
    assert [(item.code, str(item.value)) for item in filed.measurements] == [("pulse", "78")]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"claim": claim(identifier="4403075020")}, ("number", "check_digit")),
        ({"claim": claim(identifier="2652126121")}, ("number", "future_date")),
        ({"claim": claim(identifier_kind="lnch")}, ("foreign", "check_digit")),
        ({"claim": claim(identifier_kind="passport")}, ("number", "wrong_length")),
        ({"claim": claim(birth_date="2026-11-25")}, ("born", "future_date")),
        ({"claim": claim(birth_date="1916-04-05")}, ("born", "impossible_date")),
        ({"phone": "+35929871234"}, ("phone", "not_a_mobile")),
        ({"phone": "+40722123456"}, ("phone", "not_a_mobile")),
    ],
)
def test_what_cannot_be_right_leads_back_to_its_question(
    changes: dict[str, Any], where: tuple[str, str]
) -> None:
    assert refusal(read(**changes), BULGARIA, TODAY) == where


def test_what_can_be_right_is_filed() -> None:
    assert refusal(read(), BULGARIA, TODAY) is None


@pytest.mark.parametrize("answer", ["", "a|b|c", f"{ONE}|{ONE}|2026-13-01T08:00:00Z", f"{ONE}|{ONE}", "|||"])
def test_a_made_up_slot_is_none(answer: str) -> None:
    assert not is_slot(answer)


def test_an_offered_slot_is_one() -> None:
    assert is_slot(f"{uuid4()}|{uuid4()}|2026-11-25T07:00:00+00:00")


def test_a_kiosk_that_does_not_ask_by_which_ways_writes_the_same_bytes_as_before() -> None:
    unasked = {name: value for name, value in body().items() if name != "contacts"}
    written = submission.read(unasked)
    assert written.contacts is None
    assert "contacts" not in json.loads(written.body())
    assert fingerprint(written.body()) != fingerprint(read().body())


@pytest.mark.parametrize(
    "contacts",
    [
        {"voice": "052123456"},
        {"proxy": {"name": "А", "phone": "+359888222333"}},
        {"proxy": {"name": "Ани"}},
        {"script": "greek"},
        {"fax": "+35952123456"},
    ],
)
def test_a_way_that_makes_no_sense_is_refused(contacts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(contacts=contacts)


@pytest.mark.parametrize(
    ("contacts", "step"),
    [
        ({"voice": "+35911111111"}, "telephone"),
        ({"proxy": {"name": "Ани", "phone": "+4915112345678"}}, "proxy_number"),
    ],
)
def test_a_number_that_cannot_be_one_here_is_mended_at_its_question(
    contacts: dict[str, Any], step: str
) -> None:
    assert refusal(read(contacts=contacts), BULGARIA, TODAY) == (step, "not_a_telephone")
