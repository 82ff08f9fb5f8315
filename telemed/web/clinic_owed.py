"""The doctor's doors to words that wait: they were read, or a colleague answers in the doctor's place."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from telemed.services import Services
from telemed.visits import clinic, passing_on
from telemed.web.clinic_rungs import answers_shown, back, practitioner


def add(blueprint: Blueprint, services: Services, call_session: Callable[[], str]) -> None:
    """Mount `clinic.have_read` and `.take_over`."""

    @blueprint.post("/visits/<uuid:visit_id>/read")
    def have_read(visit_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader) as unit:
            passing_on.have_read(unit, visit_id, practitioner(), answers_shown())
        return back(visit_id)

    @blueprint.post("/visits/<uuid:visit_id>/take-over")
    def take_over(visit_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader) as unit:
            visit = passing_on.take_over(unit, visit_id, practitioner())
            clinic.put_others_out(unit, visit, call_session())
        return back(visit_id)
