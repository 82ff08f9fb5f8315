"""Settling what is unknown: ask the provider; after long absence send once more, or let a person call."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

from telemed.messages.moves import Claim
from telemed.messages.port import CannotTell, Found, Lost
from telemed.messages.sending import LEASE, Sender, UnderWay
from telemed.messages.unknowns import Question

_BATCHES = 25
_MOST = 20
# A provider that has not answered so often in a row is not asked again in this pass: each time costs seconds.
_PATIENCE = 3


class Answer(NamedTuple):
    """What a provider said of one message: found, or not there when it looked; None: it could not look."""

    found: Found | None = None
    absent_at: datetime | None = None


def settle_unknown(sender: Sender) -> int:
    """Look every unknown message up that it is time for, and return how many were asked about."""
    asked = 0
    silences: Counter[str] = Counter()
    with ThreadPoolExecutor(sender.at_once, "settling") as pool:
        for _ in range(_BATCHES):
            with sender.open_unit() as unit:
                unknowns = unit.outbox.unknowns
                questions = unknowns.questions(sender.now(), unit.book, sender.quiet, _MOST)
            answers = list(pool.map(lambda question: _ask(question, sender, silences), questions))
            again = _settle(questions, answers, sender)
            # These claims are committed: a crash leaves "unknown" once more, and then a person calls.
            repeating = UnderWay(sender, pool)
            repeating.add(again)
            repeating.end()
            asked += len(questions)
            if not questions:
                break
    return asked


def _ask(question: Question, sender: Sender, silences: "Counter[str]") -> Answer:
    name, asked_at = question.claim.carrier, sender.now()
    port = sender.carriers.named(name)
    if port is None or silences[name] >= _PATIENCE:
        return Answer()
    body = question.body or sender.words.write(question.claim.letter)
    try:
        found = port.find(Lost(question.claim.phone, body, question.since, question.others))
    except CannotTell:
        silences[name] += 1
        return Answer()
    silences[name] = 0
    return Answer(found, asked_at)


def _settle(questions: Sequence[Question], answers: Sequence[Answer], sender: Sender) -> list[Claim]:
    """Let each message take its step; returned are those that may now be sent once more."""
    again = []
    with sender.open_unit() as unit:
        for question, answer in zip(questions, answers, strict=True):
            if answer.found is not None:
                unit.outbox.unknowns.found(question.claim, answer.found, sender.now())
                continue
            moment = (answer.absent_at, sender.now(), LEASE)
            claim = unit.outbox.unknowns.not_found(question.claim, *moment, unit.book, sender.quiet)
            again += [] if claim is None else [claim]
    return again
