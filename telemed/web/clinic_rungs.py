"""The doctor's doors to the lowest rungs: in writing, and the part of the page that shows them."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telemed.accounts.phones import Phones
from telemed.intake import written
from telemed.intake.written import Asked, UnfitQuestion
from telemed.messages import carrier
from telemed.messages.bridges import Bridges
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import by_telephone as telephone
from telemed.visits import clinic, in_writing, owed
from telemed.visits.in_writing import AnsweredMeanwhile
from telemed.web.moments import Moments
from telemed.web.problems import Refusal


@dataclass(frozen=True)
class Limits:
    """What the form of a question may hold."""

    words: int = written.LONGEST_QUESTION
    choice: int = written.LONGEST_CHOICE
    choices: int = written.MOST_CHOICES


@dataclass(frozen=True)
class Rungs:
    """What a page shows of the ways below a call; `mark` changes when it would look different."""

    mark: str
    asked: tuple[Asked, ...]
    phone: "Telephone"
    # Since when an answer waits unread, and whether this doctor may answer in a colleague's place.
    fresh_since: datetime | None
    may_take: bool
    limits: Limits = Limits()


@dataclass(frozen=True)
class Telephone:
    """What a call by telephone lacks, if anything, and how far the last one is; `words` is a message id."""

    lacks: str
    state: str
    words: str


# What is said of a call by telephone by its state, and by the reason why it failed; message ids.
STATES = {
    "ringing": "Your telephone and the one at the post office are ringing.",
    "talking": "You are talking by telephone.",
    "over": "The call by telephone is over.",
}
FAILURES = {
    "kiosk_silent": "The telephone at the post office does not answer.",
    "kiosk_busy": "The telephone at the post office is engaged.",
    "kiosk_failed": "The telephone at the post office cannot be reached.",
    "doctor_silent": "Your own telephone was not picked up.",
    "doctor_busy": "Your own telephone is engaged.",
    "doctor_failed": "Your own telephone cannot be reached.",
}
LACKS = {
    "carrier": "Calls by telephone are not set up here.",
    "site": "Nobody has told the number of the telephone at this post office. The coordinator can.",
    "own": "Tell first on which telephone you may be rung.",
}
"""What a call by telephone still needs; message ids."""


@dataclass(frozen=True)
class Asking:
    """A question that was typed and not sent yet."""

    words: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """The visit, for the part that comes anew by itself."""

    visit: object


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount `clinic.rungs_now`, `.answer_later` and `.ask_in_writing`."""

    # Asked every few seconds: while nothing has changed nobody's record is read, so nothing is logged.
    @blueprint.get("/visits/<uuid:visit_id>/rungs")
    def rungs_now(visit_id: UUID) -> Response:
        found = mark(services, visit_id)
        if request.if_none_match.contains(found):
            return Response(status=304)
        html = _drawn("clinic/rungs_now.html", services, visit_id, found)
        return Response(html, mimetype="text/html", headers={"ETag": f'"{found}"'})

    @blueprint.post("/visits/<uuid:visit_id>/written")
    def answer_later(visit_id: UUID) -> ResponseReturnValue:
        try:
            with services.unit(g.reader) as unit:
                in_writing.answer_later(unit, visit_id, practitioner(), answers_shown())
        except AnsweredMeanwhile as meanwhile:
            raise Refusal("changed-meanwhile") from meanwhile
        return back(visit_id)

    @blueprint.post("/visits/<uuid:visit_id>/questions")
    def ask_in_writing(visit_id: UUID) -> ResponseReturnValue:
        words, choices = request.form.get("words", ""), tuple(request.form.getlist("choice"))
        try:
            with services.unit(g.reader) as unit:
                in_writing.ask(unit, visit_id, practitioner(), words, choices, answers_shown())
        except UnfitQuestion as unfit:
            raise Refusal("invalid") from unfit
        except AnsweredMeanwhile:
            return _asked_meanwhile(services, visit_id, Asking(words, choices)), 409
        return back(visit_id)

    @blueprint.post("/visits/<uuid:visit_id>/phone")
    def by_telephone(visit_id: UUID) -> ResponseReturnValue:
        if not is_set_up(services):
            raise Refusal("wrong-state")
        with services.unit(g.reader) as unit:
            telephone.ring(unit, visit_id, practitioner(), g.staff.id)
        return back(visit_id)

    @blueprint.post("/visits/<uuid:visit_id>/phone/end")
    def end_telephone(visit_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader) as unit:
            telephone.hang_up(unit, visit_id, practitioner())
        return back(visit_id)


def _asked_meanwhile(services: Services, visit_id: UUID, asking: Asking) -> str:
    """What stands now, and the doctor's own words to send or to change: nothing typed is lost."""
    return _drawn("clinic/asked_meanwhile.html", services, visit_id, mark(services, visit_id), asking=asking)


def _drawn(template: str, services: Services, visit_id: UUID, found: str, **more: object) -> str:
    with services.unit(g.reader) as unit:
        visit, _ = clinic.visit_for(unit, visit_id)
        zone = ZoneInfo(unit.book.site(visit.site_id).time_zone)
        rungs = shown(services, unit, visit_id, found)
    return render_template(
        template,
        case=Shown(visit),
        mine=visit.practitioner_id == g.staff.practitioner_id,
        rungs=rungs,
        lacks=LACKS,
        said=Moments(services.texts, g.lang, zone),
        **more,
    )


def is_set_up(services: Services) -> bool:
    """Whether anybody carries calls here."""
    return carrier.TWILIO_VOICE in carrier.order(services.settings)


def shown(services: Services, unit: Unit, visit_id: UUID, found: str) -> Rungs:
    """What the page of a visit shows of these ways; the caller may see the visit."""
    phones, last = Phones(unit.connection), Bridges(unit.connection).newest(visit_id)
    own = phones.of(g.staff.id)
    lacks = "own" if own is None or not own.calls else ""
    if phones.of_site(unit.records.encounters.held(visit_id).site_id) is None:
        lacks = "site"
    if not is_set_up(services):
        lacks = "carrier"
    words = ""
    if last is not None:
        words = STATES.get(last.state, FAILURES.get(last.reason or "", FAILURES["kiosk_failed"]))
    call = Telephone(lacks, last.state if last else "", words)
    fresh, may_take = _waits(unit, visit_id)
    return Rungs(found, tuple(unit.written.of_visit(visit_id)), call, fresh, may_take)


def _waits(unit: Unit, visit_id: UUID) -> tuple[datetime | None, bool]:
    """Since when an answer waits that nobody has read, and whether this doctor may take the visit over."""
    mine = g.staff.practitioner_id
    found = next(iter(owed.standings(unit.connection, unit.now, visit_id)), None)
    if found is None or mine is None:
        return None, False
    fresh = found.wait.since if found.wait.why == "answer" else None
    return fresh, found.is_passed_to(mine, unit.reader.facility_id)


def mark(services: Services, visit_id: UUID) -> str:
    """Changes when this part of the page would look different to this doctor; reads nobody's record."""
    with services.view() as view:
        below = in_writing.mark_of(view.connection, visit_id)
        # Whether an answer waits changes also with the call, which this part does not show.
        waits = owed.mark_of(view.connection, view.now, visit_id)
    seen = f"{g.lang} {g.staff.id} {g.session_ref} {visit_id} {below} {waits}"
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def back(visit_id: UUID) -> ResponseReturnValue:
    """To the page of the visit, where these ways are."""
    return redirect(url_for("clinic.case", visit_id=visit_id, _anchor="rungs"), code=303)


def answers_shown() -> int:
    """How many answers stood on the page that sent this form; 0 where it does not say."""
    said = request.form.get("shown", "")
    return int(said) if re.fullmatch("[0-9]{1,4}", said, re.ASCII) else 0


def practitioner() -> UUID:
    """Which practitioner is signed in."""
    practitioner_id: UUID | None = g.staff.practitioner_id
    if practitioner_id is None:
        raise Refusal("wrong-role")
    return practitioner_id
