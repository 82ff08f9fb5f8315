"""The real SMPP library against an SMSC of our own: what goes over the line and what each answer means."""

import threading
import time
from collections.abc import Iterator

import pytest

from scheduling.ids import uuid7
from telemed.messages import smpp_texts
from telemed.messages.port import (
    Accepted,
    CannotTell,
    Lost,
    OutcomeUnknown,
    Outgoing,
    Refused,
    SendError,
    TryLater,
)
from telemed.messages.smpp import Operator, SmppProvider
from telemed.messages.smpp_texts import GSM7, UCS2, Came, Receipt, cut
from tests.build import NOW
from tests.telemed.messages.smsc import DROPS, GARBLES, HANGS, Smsc, serve

NUMBER = "+359888000001"
RECEIPT = b"id:op-1 sub:001 dlvrd:001 submit date:2611240940 done date:2611240941 stat:%s err:000 text:"
SLOW = pytest.mark.full


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    with serve(Smsc()) as running:
        yield running


@pytest.fixture
def sender(smsc: Smsc) -> Iterator[SmppProvider]:
    provider = SmppProvider(Operator("127.0.0.1", smsc.port, "telemed", smsc.password, "Telemed"))
    yield provider
    provider.close()


def text(body: str = "Телемед: утре 9:20") -> Outgoing:
    return Outgoing(NUMBER, body, uuid7())


def test_a_message_goes_over_one_line_and_gets_the_operators_name(smsc: Smsc, sender: SmppProvider) -> None:
    assert [sender.send(text()), sender.send(text())] == [Accepted("op-1"), Accepted("op-2")]
    assert smsc.binds == 1
    first = smsc.taken[0]
    assert (first.source, first.to, first.coding, first.receipt) == ("Telemed", "359888000001", UCS2, 1)
    assert first.body.decode("utf-16-be") == "Телемед: утре 9:20"


def test_many_threads_share_the_line(smsc: Smsc, sender: SmppProvider) -> None:
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(sender.send(text()).sid)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [f"op-{number}" for number in range(1, 9)]
    assert smsc.binds == 1


def test_a_long_text_goes_in_parts_that_belong_together(smsc: Smsc, sender: SmppProvider) -> None:
    body = "я" * 80
    assert sender.send(text(body)) == Accepted("op-2")
    first, second = smsc.taken
    assert (first.esm_class, second.esm_class) == (0x40, 0x40)
    assert (first.body[:3], first.body[3]) == (second.body[:3], second.body[3]) == (b"\5\0\3", first.body[3])
    assert (first.body[4:6], second.body[4:6]) == (b"\2\1", b"\2\2")
    assert (first.body[6:] + second.body[6:]).decode("utf-16-be") == body
    assert (first.receipt, second.receipt) == (0, 1)


@pytest.mark.parametrize(
    ("status", "expected", "reason"),
    [
        (0x58, TryLater, "throttled"),
        (0x14, TryLater, "throttled"),
        (0x0B, Refused, "invalid-number"),
        (0x0A, Refused, "sender"),
        (0x45, OutcomeUnknown, "smpp-45"),
        (0x08, OutcomeUnknown, "smpp-8"),
        (0xC9, Refused, "smpp-c9"),
    ],
)
def test_what_each_answer_means(
    smsc: Smsc, sender: SmppProvider, status: int, expected: type[SendError], reason: str
) -> None:
    smsc.answers.append(status)
    with pytest.raises(SendError) as refused:
        sender.send(text())
    assert (type(refused.value), refused.value.reason) == (expected, reason)
    assert smsc.taken == []


@pytest.mark.parametrize("how", [DROPS, GARBLES])
def test_a_line_that_ends_after_the_message_leaves_the_outcome_unknown(
    smsc: Smsc, sender: SmppProvider, how: str
) -> None:
    smsc.answers.append(how)
    with pytest.raises(OutcomeUnknown):
        sender.send(text())
    assert len(smsc.taken) == 1
    assert sender.send(text()).sid == "op-2"
    assert smsc.binds == 2


@SLOW
def test_an_operator_that_never_answers_leaves_the_outcome_unknown(smsc: Smsc, sender: SmppProvider) -> None:
    smsc.answers.append(HANGS)
    with pytest.raises(OutcomeUnknown):
        sender.send(text())
    assert len(smsc.taken) == 1


def test_when_the_second_part_is_refused_nobody_knows_what_arrived(smsc: Smsc, sender: SmppProvider) -> None:
    smsc.answers.extend([0, 0x58])
    with pytest.raises(OutcomeUnknown) as half:
        sender.send(text("я" * 80))
    assert half.value.reason == "half-sent"


def test_a_wrong_password_is_told_apart_from_a_line_that_is_down(smsc: Smsc) -> None:
    stranger = SmppProvider(Operator("127.0.0.1", smsc.port, "telemed", "wrong", "Telemed"))
    nowhere = SmppProvider(Operator("127.0.0.1", 9, "telemed", "s3cret", "Telemed"))
    reasons = []
    for each in (stranger, nowhere):
        with pytest.raises(TryLater) as refused:
            each.send(text())
        reasons.append(refused.value.reason)
    assert reasons == ["sign-in", "no-connection"]
    assert not nowhere.stay()


def test_receipts_and_answers_are_acknowledged_once_stored(smsc: Smsc, sender: SmppProvider) -> None:
    heard: list[Receipt | Came] = []

    def store(told: Receipt | Came) -> bool:
        heard.append(told)
        return True

    sender.listen(store)
    assert sender.stay()
    assert smsc.deliver(RECEIPT % b"DELIVRD", source="359888000001", esm_class=4) == 0
    assert smsc.deliver("не мога".encode("utf-16-be"), source="359888000001", coding=8) == 0
    assert heard == [Receipt("op-1", "delivered", None), Came(NUMBER, "не мога")]


@pytest.mark.parametrize("listening", [True, False])
def test_what_nobody_stores_the_operator_is_asked_to_bring_again(
    smsc: Smsc, sender: SmppProvider, listening: bool
) -> None:
    if listening:
        sender.listen(lambda _told: False)
    assert sender.stay()
    assert smsc.deliver(b"2", source="359888000001") != 0


def test_a_broken_line_is_bound_again(smsc: Smsc, sender: SmppProvider) -> None:
    sender.send(text())
    smsc.break_lines()
    until = time.monotonic() + 10
    while smsc.binds < 2 and time.monotonic() < until:
        sender.stay()
    assert sender.send(text()).sid == "op-2"


def test_an_operator_cannot_be_asked(sender: SmppProvider) -> None:
    with pytest.raises(CannotTell):
        sender.find(Lost(NUMBER, "текст", NOW))


@pytest.mark.parametrize(
    ("word", "state", "reason"),
    [
        (b"DELIVRD", "delivered", None),
        (b"UNDELIV", "undelivered", "unreachable"),
        (b"EXPIRED", "undelivered", "unreachable"),
        (b"REJECTD", "undelivered", "filtered"),
        (b"ACCEPTD", "accepted", None),
    ],
)
def test_what_a_receipt_says(word: bytes, state: str, reason: str | None) -> None:
    assert smpp_texts.receipt(RECEIPT % word, None, None) == Receipt("op-1", state, reason)


def test_a_receipts_own_fields_are_believed_before_its_text() -> None:
    assert smpp_texts.receipt(RECEIPT % b"DELIVRD", "op-7", 5) == Receipt(
        "op-7", "undelivered", "unreachable"
    )
    assert smpp_texts.receipt(b"rubbish \xff", None, None) is None
    assert smpp_texts.receipt(RECEIPT % b"BORED", None, None) is None


@pytest.mark.parametrize(
    ("body", "lengths", "coding"),
    [
        ("a" * 160, [160], GSM7),
        ("a" * 161, [159, 14], GSM7),
        ("€" * 80, [160], GSM7),
        ("€" * 81, [158, 16], GSM7),
        ("я" * 70, [140], UCS2),
        ("я" * 71, [140, 14], UCS2),
        ("я" * 66 + "😀" * 2, [140], UCS2),
        ("я" * 66 + "😀" * 4, [138, 22], UCS2),
    ],
)
def test_parts_are_as_long_as_they_may_be_and_tear_no_letter(
    body: str, lengths: list[int], coding: int
) -> None:
    parts, said = cut(body, 7)
    assert ([len(part) for part in parts], said) == (lengths, coding)


def test_parts_that_come_in_say_where_they_belong() -> None:
    parts, _ = cut("да, ще дойда " * 8, 9)
    read = [smpp_texts.came("359888000001", part, UCS2, True) for part in parts]
    assert [(each.series, each.part, each.parts) for each in read] == [(9, 1, 2), (9, 2, 2)]
    assert "".join(each.text for each in read) == "да, ще дойда " * 8


def test_what_comes_in_gsm_letters_is_read() -> None:
    body = b"".join(cut("Yes [1] é€", 1)[0])
    assert smpp_texts.came("+359888000001", body, GSM7, False).text == "Yes [1] é€"
