"""A call as it happens: somebody or a machine picks up, presses a digit, listens to the end, or hangs up.

It has arrived when a digit was pressed, or when a person (not a machine, and not "unknown") heard it to its
end; whatever else ends it leaves the message undelivered with a reason, and the ladder goes on.
"""

from dataclasses import dataclass
from uuid import UUID

from telemed.countries.pack import Country
from telemed.messages import spoken
from telemed.messages.moves import look_again
from telemed.messages.phone_calls import MEANINGS, PhoneCall, PhoneCalls
from telemed.messages.replies import Meaning
from telemed.messages.spoken import NotSpokenOf
from telemed.messages.stopped import Stopped
from telemed.prompts import calling
from telemed.prompts.prompt import Prompt
from telemed.unit import Unit
from telemed.visits import replies
from telemed.visits.posting import QUIET

HEARD_AGAIN = 3
"""So often is everything said at most."""


@dataclass(frozen=True)
class Speech:
    """What is said now; `tells`: it is the message; `asks`: a digit is waited for; else nothing follows."""

    prompts: tuple[Prompt, ...] = ()
    tells: bool = False
    asks: bool = False


@dataclass(frozen=True)
class Desk:
    """Whom to call when it is too late for a digit, and how numbers are dialled in the country."""

    phone: str
    country: Country


def pick_up(unit: Unit, message_id: UUID, sid: str, answered_by: str) -> Speech:
    """Say what the message says, if it still holds and nobody but a person listens."""
    call = PhoneCalls(unit.connection, unit.sightings).find(message_id)
    if call is None:
        return Speech()
    if answered_by.startswith("machine") or answered_by == "fax":
        unit.outbox.report(message_id, sid, "undelivered", "machine", unit.now)
        return Speech()
    row = call.row
    verdict, _more = look_again(row, unit.book, unit.now, QUIET)
    if verdict.withdrawn:
        unit.outbox.report(message_id, sid, "undelivered", "overtaken", unit.now)
        return Speech((calling.sentence(row.language, "hello"), calling.sentence(row.language, "goodbye")))
    try:
        said = spoken.words(row.kind, row.language, row.starts_at, row.time_zone, unit.now)
    except NotSpokenOf:
        unit.outbox.report(message_id, sid, "failed", "no-words", unit.now)
        return Speech()
    if not spoken.asks(row.kind):
        return Speech((*said, *said[1:]), tells=True)
    return Speech((*said, calling.sentence(row.language, "choose")), tells=True, asks=True)


def press(unit: Unit, message_id: UUID, sid: str, digit: str, desk: Desk) -> Speech | None:
    """Do what a digit says, and say what was done; None: everything is to be said again."""
    call = PhoneCalls(unit.connection, unit.sightings).find(message_id)
    if call is None:
        return Speech()
    unit.outbox.report(message_id, sid, "delivered", None, unit.now)
    if digit not in MEANINGS or (digit != "9" and not spoken.asks(call.row.kind)):
        return None
    answer = PhoneCalls(unit.connection, unit.sightings).press(call, sid, digit, unit.now)
    language = call.row.language
    if answer.meaning is Meaning.STOP:
        Stopped(unit.connection).add(call.row.phone, "voice", "asked", message_id, unit.now)
        return _last(call, *_sentences(language, "stopped"))
    if not answer.brought_before and not replies.act(unit, answer):
        whom = spoken.whom_to_call(language, desk.phone, desk.country.phone_prefix, desk.country.trunk)
        return _last(call, *_sentences(language, "late"), *whom)
    if answer.meaning is Meaning.CONFIRM:
        return _last(call, *_sentences(language, "confirmed"))
    return _last(call, *(_sentences(language, "freed") if answer.wish_offer_id is None else ()))


def heard_out(unit: Unit, message_id: UUID, sid: str, answered_by: str) -> Speech:
    """Nobody pressed anything until the end: it has arrived if it was a person who listened."""
    call = PhoneCalls(unit.connection, unit.sightings).find(message_id)
    if call is None:
        return Speech()
    if answered_by == "human":
        unit.outbox.report(message_id, sid, "delivered", None, unit.now)
    return _last(call)


def _sentences(language: str, which: calling.Reply) -> tuple[Prompt, ...]:
    return (calling.sentence(language, which),)


def _last(call: PhoneCall, *prompts: Prompt) -> Speech:
    return Speech((*prompts, calling.sentence(call.row.language, "goodbye")))
