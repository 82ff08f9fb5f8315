"""The doctor's doors to the lowest rungs: in writing, and the part of the page that shows them."""

import hashlib
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from telemed.intake import written
from telemed.intake.written import Asked, UnfitQuestion
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import clinic, in_writing
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
    limits: Limits = Limits()


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
        with services.unit(g.reader) as unit:
            visit, _ = clinic.visit_for(unit, visit_id)
            zone = ZoneInfo(unit.book.site(visit.site_id).time_zone)
            rungs = shown(unit, visit_id, found)
        html = render_template(
            "clinic/rungs_now.html",
            case=Shown(visit),
            mine=visit.practitioner_id == g.staff.practitioner_id,
            rungs=rungs,
            said=Moments(services.texts, g.lang, zone),
        )
        return Response(html, mimetype="text/html", headers={"ETag": f'"{found}"'})

    @blueprint.post("/visits/<uuid:visit_id>/written")
    def answer_later(visit_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader) as unit:
            in_writing.answer_later(unit, visit_id, practitioner())
        return back(visit_id)

    @blueprint.post("/visits/<uuid:visit_id>/questions")
    def ask_in_writing(visit_id: UUID) -> ResponseReturnValue:
        choices = tuple(request.form.getlist("choice"))
        try:
            with services.unit(g.reader) as unit:
                in_writing.ask(unit, visit_id, practitioner(), request.form.get("words", ""), choices)
        except UnfitQuestion as unfit:
            raise Refusal("invalid") from unfit
        return back(visit_id)


def shown(unit: Unit, visit_id: UUID, found: str) -> Rungs:
    """What the page of a visit shows of these ways; the caller may see the visit."""
    return Rungs(found, tuple(unit.written.of_visit(visit_id)))


def mark(services: Services, visit_id: UUID) -> str:
    """Changes when this part of the page would look different to this doctor; reads nobody's record."""
    with services.view() as view:
        below = in_writing.mark_of(view.connection, visit_id)
    seen = f"{g.lang} {g.staff.id} {g.session_ref} {visit_id} {below}"
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def back(visit_id: UUID) -> ResponseReturnValue:
    """To the page of the visit, where these ways are."""
    return redirect(url_for("clinic.case", visit_id=visit_id, _anchor="rungs"), code=303)


def practitioner() -> UUID:
    """Which practitioner is signed in."""
    practitioner_id: UUID | None = g.staff.practitioner_id
    if practitioner_id is None:
        raise Refusal("wrong-role")
    return practitioner_id
