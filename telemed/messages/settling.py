"""Settling what is unknown: ask the provider; after long absence send once more, or let a person call."""

from collections.abc import Callable
from datetime import datetime

from scheduling.reminders import QuietHours
from telemed.messages.port import CannotTell, Found, Lost, Port
from telemed.messages.sending import LEASE, OpenUnit, hand_over
from telemed.messages.texts import Words
from telemed.messages.unknowns import Question

_BATCHES = 25
# A provider that has not answered so often in a row is not asked again in this pass: each time costs seconds.
_PATIENCE = 3


def settle_unknown(
    open_unit: OpenUnit,
    provider: Port,
    words: Words,
    now: Callable[[], datetime],
    quiet: QuietHours,
) -> int:
    """Look every unknown message up that it is time for, and return how many were asked about."""
    asked, silences = 0, 0
    for _ in range(_BATCHES):
        with open_unit() as unit:
            questions = unit.outbox.unknowns.questions(now(), unit.book, quiet)
        for question in questions:
            absent_at: datetime | None = now()
            found = None
            try:
                if silences >= _PATIENCE:
                    raise CannotTell("not-asked")
                found, silences = _look_up(question, provider, words), 0
            except CannotTell:
                absent_at, silences = None, silences + 1
            _settle(question, found, absent_at, open_unit, provider, words, now, quiet)
        asked += len(questions)
        if not questions:
            break
    return asked


def _look_up(question: Question, provider: Port, words: Words) -> Found | None:
    if question.provider not in (None, provider.name):
        raise CannotTell("another-provider")
    body = question.body or words.write(question.claim.letter)
    return provider.find(Lost(question.claim.phone, body, question.since, question.others))


def _settle(
    question: Question,
    found: Found | None,
    absent_at: datetime | None,
    open_unit: OpenUnit,
    provider: Port,
    words: Words,
    now: Callable[[], datetime],
    quiet: QuietHours,
) -> None:
    message_id = question.claim.id
    with open_unit() as unit:
        unknowns = unit.outbox.unknowns
        if found is not None:
            unknowns.found(message_id, provider.name, found, now())
            return
        again = unknowns.not_found(message_id, absent_at, now(), LEASE, unit.book, quiet)
    # The claim is committed: from here on a crash leaves "unknown" once more, and then a person calls.
    if again is not None:
        hand_over(again, open_unit, provider, words, now)
