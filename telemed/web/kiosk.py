"""The kiosk's pages: one question each, as ordinary forms; and the same for everybody, for the script."""

import unicodedata
from uuid import UUID

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from telemed.intake import submission
from telemed.intake.answers import WISH, slot_choice, submission_body
from telemed.intake.evaluator import Problem, is_sign
from telemed.intake.steps.form import GIVEN, Step
from telemed.intake.steps.journey import FIRST, STEPS, TOGETHER, as_rules
from telemed.intake.submission import SlotChoice
from telemed.services import Services
from telemed.visits.kiosk import Conflict
from telemed.web import kiosk_visit
from telemed.web.emergencies import call_here, to_emergency_page
from telemed.web.headers import NOTHING_LOADS
from telemed.web.kiosk_beginning import add_beginning, in_address
from telemed.web.kiosk_draft import Draft
from telemed.web.kiosk_pages import Pages, Shown
from telemed.web.kiosk_slots import free_days
from telemed.web.kiosk_times import REFUSALS, keep_answer, kind_words, kinds, refusal_code
from telemed.web.kiosk_visit import Refused, Slip
from telemed.web.kiosk_waiting import waiting_here
from telemed.web.packing import pack, pack_for_everybody

LONGEST_ANSWER = 400
CACHED_SECONDS = 300
# Pages that ask nothing: template and heading.
OTHERS = {
    "booked": ("booked.html", "Your visit is booked."),
    "waiting": ("waiting.html", "Please wait here. The doctor is being called."),
    "home": ("home.html", "You can go home now."),
    "early": ("early.html", "You are early."),
    "summary": ("summary.html", "Your visit is over."),
    "stop": ("stop.html", "Stop and clear everything?"),
    "help": ("help.html", "Please ask the person at the counter."),
}
DAYS = {"7": "In the next 7 days", "14": "In the next 14 days", "30": "In the next 30 days"}
ALWAYS_OPEN = (FIRST, "emergency")
# Once an intake is filed its questions are closed; only a new visit begins again.
AFTERWARDS = (*OTHERS, FIRST, "emergency")


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `kiosk.language`, `.step`, `.answer`, `.page`, `.page_for_all` and `.rules`."""
    blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk")
    # Error pages stand in the kiosk's frame too, and it names the emergency number.
    my_address = f"{services.settings.public_origin.rstrip('/')}/my".partition("://")[2]
    switch = services.settings.switch_seconds
    shared = {"country": services.country, "my_address": my_address, "switch": switch}
    blueprint.app_context_processor(lambda: shared)
    place = f"/{in_address(services.texts)}/<key>"
    add_beginning(blueprint, services)
    _add_forms(blueprint, services, place)
    _add_pages_for_all(blueprint, services, place)
    return blueprint


def _add_forms(blueprint: Blueprint, services: Services, place: str) -> None:
    @blueprint.get(place)
    def step(lang: str, key: str) -> ResponseReturnValue:
        draft = Draft(services)
        if draft.filed and key not in AFTERWARDS:
            return _to(lang, "booked")
        if key == "on":
            return _to(lang, draft.walked.stop)
        if key in OTHERS:
            return _other(services, draft, lang, key)
        if key not in STEPS:
            abort(404)
        if key not in (*ALWAYS_OPEN, *draft.walked.keys, draft.walked.stop):
            return _to(lang, draft.walked.stop)
        if key == "type" and _only_kind(services, draft, lang):
            return _to(lang, "slot")
        page = Response(_question(services, draft, lang, key))
        # The first page says nothing that the patient has told.
        return pack(page) if key == FIRST else page

    @blueprint.post(place)
    def answer(lang: str, key: str) -> ResponseReturnValue:
        if key not in STEPS:
            abort(404)
        draft, asked = Draft(services), STEPS[key]
        if draft.filed and key != FIRST:
            return _to(lang, "booked")
        if key not in (*ALWAYS_OPEN, *draft.walked.keys, draft.walked.stop):
            return _to(lang, draft.walked.stop)
        if asked.kind == "review":
            return _send(services, draft, lang)
        typed = _typed(asked)
        found = draft.take(asked, typed, services.clock.now())
        if found:
            return _question(services, draft, lang, key, typed, found), 422
        if is_sign(asked, typed):
            return to_emergency_page(lang, call_here(services, "danger"))
        if key == "arrive":
            return _arrive(services, draft, lang)
        if key == "slot":
            return _keep_slot(services, draft, lang)
        return _to(lang, draft.next(asked))


def _add_pages_for_all(blueprint: Blueprint, services: Services, place: str) -> None:
    @blueprint.get("/pages/rules")
    def rules() -> Response:
        with services.view() as view:
            again = view.limits.tightest()
        return _for_everybody(jsonify({**as_rules(again), "country": services.country.as_data()}))

    @blueprint.get(f"/pages{place}")
    def page_for_all(lang: str, key: str) -> Response:
        pages = Pages(services, lang)
        if key == "still":
            return pack_for_everybody(Response(render_template("kiosk/still.html")), CACHED_SECONDS)
        if key == "clerk":
            return _for_everybody(render_template("kiosk/clerk_pin.html"))
        if key not in STEPS and key not in OTHERS:
            abort(404)
        along = (
            f'<template data-page="{each}">{_of_nobody(pages, each)}</template>'
            for each in TOGETHER.get(key, ())
        )
        return _for_everybody(_of_nobody(pages, key) + "".join(along))


def _of_nobody(pages: Pages, key: str) -> str:
    if key in STEPS:
        return pages.step(key)
    name, title = OTHERS[key]
    return pages.other(
        name, title, Shown(more={"receipt": None, "when": None, "back": url_for("kiosk.language")})
    )


def _to(lang: str, key: str) -> ResponseReturnValue:
    return redirect(url_for("kiosk.step", lang=lang, key=key), code=303)


def _typed(asked: Step) -> dict[str, str]:
    names = [asked.key, *(field.name for field in asked.fields)]
    if any(field.other for field in asked.fields):
        names.append(f"{asked.key}_unit")
    typed = {name: _plain(request.form.get(name, "")) for name in names}
    # Enter in a field presses no button.
    return typed if typed[asked.key] or not asked.fields else {**typed, asked.key: GIVEN}


def _plain(text: str) -> str:
    # A tone that is typed after its vowel is one letter with it.
    whole = unicodedata.normalize("NFC", text[:LONGEST_ANSWER])
    return "".join(letter if letter.isprintable() else " " for letter in whole)


def _question(
    services: Services,
    draft: Draft,
    lang: str,
    key: str,
    typed: dict[str, str] | None = None,
    found: tuple[Problem, ...] = (),
) -> str:
    more: dict[str, object] = {"kiosk_id": g.kiosk.kiosk_id}
    if key == "emergency":
        more["called"] = request.args.get("called", "")
    if key == "type":
        more["kinds"] = kinds(services, lang)
    if key == "slot":
        kind = draft.answers["type"]
        more |= free_days(
            services, g.kiosk.site_id, g.kiosk.kiosk_id, lang, kind, request.args.get("from", "")
        )._asdict()
    if key == "review" and "slot" in draft.walked.keys:
        more["slot_words"] = _chosen(services, draft.answers["slot"], lang)
        if not session.get("only_kind"):
            kind = kind_words(services, lang, draft.answers["type"])
            more["slot_words"] = f"{kind}: {more['slot_words']}"
    earlier = draft.before(key)
    if earlier == "type" and session.get("only_kind"):
        earlier = draft.before("type")
    back = url_for("kiosk.step", lang=lang, key=earlier) if earlier else None
    answers = {**draft.answers, **(typed or {})}
    return Pages(services, lang).step(key, Shown(True, answers, found, draft.walked.keys, back, more))


def _other(services: Services, draft: Draft, lang: str, key: str) -> ResponseReturnValue:
    name, title = OTHERS[key]
    back = url_for("kiosk.step", lang=lang, key=draft.walked.stop)
    more: dict[str, object] = {"kiosk_id": g.kiosk.kiosk_id, "receipt": None, "when": session.get("early")}
    more["filed"] = draft.filed
    if key == "waiting":
        more["turn"] = waiting_here(services, g.kiosk.kiosk_id, lang)
    if key == "booked":
        # Filing again is how the receipt is shown again: nothing of it has to be kept readable.
        filed = _file(services, draft, lang) if draft.filed else None
        if not isinstance(filed, Slip):
            return _to(lang, draft.walked.stop)
        more["receipt"] = filed
    return Pages(services, lang).other(name, title, Shown(True, back=back, more=more))


def _chosen(services: Services, answer: str, lang: str) -> str:
    """The time that was chosen, or the wish for one, as the review page says it."""
    if answer.startswith(WISH):
        days = services.texts.translate(lang, DAYS.get(answer.removeprefix(WISH), "Waiting list"))
        return f"{services.texts.translate(lang, 'Waiting list')}: {days}"
    starts_at = SlotChoice.model_validate(slot_choice(answer)).starts_at
    return kiosk_visit.moment_here(services, starts_at, lang)


def _file(services: Services, draft: Draft, lang: str) -> Slip | Refused | Conflict:
    body = submission_body(
        draft.answers, lang, services.country, services.clock.now(), draft.again, draft.taken
    )
    return kiosk_visit.file(services, UUID(session["intake_id"]), submission.read(body), lang)


def _send(services: Services, draft: Draft, lang: str) -> ResponseReturnValue:
    if draft.walked.stop != "review":
        return _to(lang, draft.walked.stop)
    try:
        filed = _file(services, draft, lang)
    except REFUSALS as refusal:
        return _another_time(services, draft, lang, refusal_code(refusal))
    if isinstance(filed, Refused):
        step = STEPS[filed.step]
        found = (Problem(step.fields[0].name if step.fields else step.key, filed.code),)
        return _question(services, draft, lang, filed.step, found=found), 422
    if isinstance(filed, Conflict):
        abort(409)
    session["filed"] = True
    return _to(lang, "emergency" if filed.call == "nobody" else "booked")


def _only_kind(services: Services, draft: Draft, lang: str) -> bool:
    """Where there is one kind of visit only, nobody is asked."""
    offered = kinds(services, lang)
    session["only_kind"] = len(offered) == 1
    if len(offered) == 1:
        draft.answers["type"] = offered[0].value
        draft.keep()
    return len(offered) == 1


def _keep_slot(services: Services, draft: Draft, lang: str) -> ResponseReturnValue:
    """Keep the chosen time for the patient who goes on; if it is gone, the others are shown at once."""
    answers = draft.answers
    hold_id, wrong = keep_answer(services, answers["slot"], answers["type"], answers.pop("hold", None))
    if wrong is not None:
        return _another_time(services, draft, lang, wrong)
    if hold_id is not None:
        answers["hold"] = hold_id
    draft.keep()
    return _to(lang, draft.next(STEPS["slot"]))


def _another_time(services: Services, draft: Draft, lang: str, wrong: str) -> ResponseReturnValue:
    draft.drop("slot")
    return _question(services, draft, lang, "slot", found=(Problem("slot", wrong),)), 409


def _arrive(services: Services, draft: Draft, lang: str) -> ResponseReturnValue:
    came = kiosk_visit.arrive(services, draft.answers["code"])
    if came is None or came.over:
        draft.drop("arrive")
        found = (Problem("code", f"code_{came.over if came else 'unknown'}"),)
        return _question(services, draft, lang, "arrive", found=found), 422
    if came.visit_id is None:
        session["early"] = kiosk_visit.moment_here(services, came.starts_at, lang)
        return _to(lang, "early")
    return _to(lang, "waiting")


def _for_everybody(body: str | Response) -> Response:
    response = Response(body) if isinstance(body, str) else body
    response.headers["Content-Security-Policy"] = NOTHING_LOADS
    return pack_for_everybody(response, CACHED_SECONDS)
