"""The doctor's note of a visit: kept while it is written, signed once, corrected beside what was signed."""

from uuid import UUID

from flask import Blueprint, Response, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scheduling.errors import StaleVersion
from telemed.records.notes import LONGEST, NoteText
from telemed.services import Services
from telemed.visits import clinic as verbs
from telemed.visits import in_writing, worklist
from telemed.web import clinic_case, csrf
from telemed.web.clinic_rungs import practitioner
from telemed.web.problems import Refusal
from telemed.web.sessions import stored


class NoteForm(BaseModel):
    """What the page of a case sends about its note."""

    model_config = ConfigDict(extra="forbid")

    findings: str = Field("", max_length=2 * LONGEST)
    conclusion: str = Field("", max_length=2 * LONGEST)
    advice: str = Field("", max_length=2 * LONGEST)
    follow_up: str = Field("", max_length=2 * LONGEST)
    version: int = Field(0, ge=0, le=1_000_000)
    # So many written answers stood on the page.
    shown: int = Field(0, ge=0, le=10_000)
    action: str = Field("save", pattern="^(save|sign)$")
    csrf_token: str = ""

    def text(self) -> NoteText:
        """The words of the note."""
        return NoteText(self.findings, self.conclusion, self.advice, self.follow_up)


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount `clinic.note`, `.note_state` and `.correction`."""

    @blueprint.post("/visits/<uuid:visit_id>/note")
    def note(visit_id: UUID) -> ResponseReturnValue:
        form = _note_form()
        signs = form.action == "sign"
        lacking = signs and not (form.conclusion.strip() and form.advice.strip())
        try:
            with services.unit(g.reader) as unit:
                unseen = signs and in_writing.has_unseen(unit, visit_id, form.shown)
                write = verbs.sign_note if signs and not (lacking or unseen) else verbs.save_note
                kept = write(unit, visit_id, practitioner(), form.text(), form.version)
        except StaleVersion:
            return _elsewhere(services, visit_id, form)
        if _by_script():
            return jsonify(version=kept.version if kept else 0)
        if lacking:
            return clinic_case.page(services, visit_id, trouble="lacking"), 422
        if unseen:
            return clinic_case.page(services, visit_id, trouble="answered"), 409
        return redirect(url_for("clinic.case", visit_id=visit_id), code=303)

    # A page that was signed out and in again asks here how things stand before it saves again.
    @blueprint.get("/visits/<uuid:visit_id>/note")
    def note_state(visit_id: UUID) -> Response:
        with services.unit(g.reader) as unit:
            draft = worklist.case(unit, visit_id, practitioner()).draft
        return jsonify(version=draft.version if draft else 0, csrf=_csrf_token(services))

    @blueprint.post("/visits/<uuid:visit_id>/correction")
    def correction(visit_id: UUID) -> ResponseReturnValue:
        with services.unit(g.reader) as unit:
            verbs.start_correction(unit, visit_id, practitioner())
        return redirect(url_for("clinic.case", visit_id=visit_id, _anchor="note"), code=303)


def _elsewhere(services: Services, visit_id: UUID, form: NoteForm) -> ResponseReturnValue:
    """Another window saved in between: both texts are shown and the doctor decides."""
    if not _by_script():
        return clinic_case.page(services, visit_id, typed=form, trouble="elsewhere"), 409
    with services.unit(g.reader) as unit:
        draft = worklist.case(unit, visit_id, practitioner()).draft
    text = draft.text if draft else NoteText()
    return jsonify(version=draft.version if draft else 0, text=text.__dict__), 409


def _note_form() -> NoteForm:
    try:
        return NoteForm.model_validate(request.form.to_dict())
    except ValidationError as error:
        raise Refusal("invalid") from error


def _csrf_token(services: Services) -> str:
    return csrf.token_for(services.settings.key("csrf"), stored().require_cookie())


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
