"""The spool of a GSM modem: whole files in, the folder says how far they came, answers out of the inbox."""

from datetime import datetime
from pathlib import Path

import pytest

from scheduling.ids import uuid7
from telemed.messages import modem
from telemed.messages.modem import ModemProvider
from telemed.messages.port import Accepted, Found, Lost, Outgoing, Refused, TryLater
from tests.build import NOW

NUMBER = "+359888000001"
TEXT = "Телемед: утре 9:20"


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    for name in modem.FOLDERS:
        (tmp_path / name).mkdir()
    return tmp_path


def lost(*others: str) -> Lost:
    return Lost(NUMBER, TEXT, NOW, frozenset(others))


def test_a_message_lies_whole_in_the_outbox_under_its_number(spool: Path) -> None:
    outgoing = Outgoing(NUMBER, TEXT, uuid7())
    assert ModemProvider(spool).send(outgoing) == Accepted(outgoing.reference.hex, reported=False)
    [path] = (spool / "outbox").iterdir()
    prefix, _, serial, number, note = path.stem.split("_")
    assert (prefix[:4], serial, number, note) == ("OUTC", "00", NUMBER, outgoing.reference.hex)
    assert datetime.strptime(prefix[4:] + "+0000", "%Y%m%d%z")
    assert path.read_bytes().startswith(b"\xff\xfe")
    assert path.read_bytes().decode("utf-16") == TEXT


def test_handed_over_twice_it_lies_there_once(spool: Path) -> None:
    outgoing = Outgoing(NUMBER, TEXT, uuid7())
    for folder in ("outbox", "sent", "error"):
        assert ModemProvider(spool).send(outgoing).sid == outgoing.reference.hex
        [path] = [each for place in ("outbox", "sent", "error") for each in (spool / place).iterdir()]
        path.rename(spool / folder / path.name)
    assert len([*spool.rglob("OUT*")]) == 1


@pytest.mark.parametrize(
    ("folder", "state", "reason"),
    [("outbox", "accepted", None), ("sent", "accepted", None), ("error", "undelivered", "once-more")],
)
def test_the_folder_says_how_far_it_has_come(
    spool: Path, folder: str, state: str, reason: str | None
) -> None:
    sender = ModemProvider(spool)
    sid = sender.send(Outgoing(NUMBER, TEXT, uuid7())).sid
    [path] = (spool / "outbox").iterdir()
    path.rename(spool / folder / path.name)
    assert sender.find(lost()) == Found(sid, state, reason, reported=False)
    assert sender.find(lost(sid)) is None
    assert sender.find(Lost(NUMBER, "друго", NOW)) is None


def test_what_is_not_in_the_spool_was_never_handed_over(spool: Path) -> None:
    assert ModemProvider(spool).find(lost()) is None


def test_what_the_network_did_not_take_is_told_with_its_file(spool: Path) -> None:
    sender, outgoing = ModemProvider(spool), Outgoing(NUMBER, TEXT, uuid7())
    sender.send(outgoing)
    assert sender.failed() == []
    [path] = (spool / "outbox").iterdir()
    moved = path.rename(spool / "error" / path.name)
    assert sender.failed() == [(outgoing.reference, moved)]


def test_a_spool_that_is_full_or_gone_is_tried_later(spool: Path) -> None:
    (spool / "outbox").rmdir()
    with pytest.raises(TryLater):
        ModemProvider(spool).send(Outgoing(NUMBER, TEXT, uuid7()))


@pytest.mark.parametrize("number", ["0888 000 001", "+359/../../etc", "+359888000001_x", ""])
def test_what_is_no_number_never_becomes_a_file(spool: Path, number: str) -> None:
    with pytest.raises(Refused):
        ModemProvider(spool).send(Outgoing(number, TEXT, uuid7()))
    assert [*spool.rglob("*.txt")] == []


def test_answers_come_in_order_and_long_ones_whole(spool: Path) -> None:
    inbox = spool / "inbox"
    (inbox / "IN20261124_094100_00_+359888000001_00.txt").write_bytes("да, ще ".encode("utf-16"))
    (inbox / "IN20261124_094100_00_+359888000001_01.txt").write_bytes("дойда".encode("utf-16"))
    (inbox / "IN20261124_094000_00_359888000002_00.txt").write_text("2", "utf-8")
    (inbox / "IN20261124_094000_00_Vivacom_00.txt").write_text("реклама", "utf-8")
    sender = ModemProvider(spool)
    came = sender.came()
    assert [(each.sender, each.text) for each in came] == [
        ("+359888000002", "2"),
        (NUMBER, "да, ще дойда"),
    ]
    sender.forget(came[1])
    assert [each.sender for each in sender.came()] == ["+359888000002"]
