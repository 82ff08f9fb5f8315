"""The kiosk's pages: one question each, as ordinary forms; and the same for everybody, for the script."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from scheduling.errors import OutsideHours, SlotTaken, TooLate
from scheduling.ids import uuid7
from telemed.intake import submission
from telemed.intake.answers import WISH, is_slot, slot_choice, submission_body
from telemed.intake.evaluator import Problem, after, path, problems
from telemed.intake.steps.form import GIVEN, Step
from telemed.intake.steps.journey import FIRST, STEPS, as_rules
from telemed.intake.submission import SlotChoice
from telemed.services import Services
from telemed.visits.kiosk import Conflict
from telemed.web import kiosk_visit
from telemed.web.kiosk_pages import Pages, Shown, today_here
from telemed.web.kiosk_slots import free_days
from telemed.web.kiosk_visit import Refused, Slip
from telemed.web.kiosk_waiting import waiting_here
from telemed.web.packing import pack_for_everybody
from telemed.web.sessions import forget

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


class Draft:
    """The answers given so far by somebody whose browser runs no script; they end with the session."""

    def __init__(self, services: Services) -> None:
        self._country = services.country
        self._today = today_here(services)
        self.answers: dict[str, str] = dict(session.get("answers", {}))
        self.taken: dict[str, str] = dict(session.get("taken", {}))
        self.filed: bool = session.get("filed", False)
        self.walked = path(self.answers, self._country, self._today)

    def take(self, step: Step, typed: dict[str, str], now: datetime) -> tuple[Problem, ...]:
        """Take the answers to a step and say what is wrong with them; good ones are kept."""
        if step.key == FIRST:
            session.clear()
            self.answers, self.taken = {}, {}
        trial = {**self.answers, **typed}
        found = problems(step, trial, self._country, self._today)
        if step.kind == "slots" and not found and not is_slot(trial[step.key]):
            found = (Problem(step.key, "choose"),)
        if not found:
            if any(self.answers.get(name) != value for name, value in typed.items()):
                self.taken[step.key] = now.isoformat()
                session["intake_id"] = str(uuid7())
            self.answers = {**trial, **dict(step.sets)}
            self.keep()
        return found

    def drop(self, key: str) -> None:
        """Forget one answer, so that its question is open again."""
        self.answers.pop(key, None)
        session["intake_id"] = str(uuid7())
        self.keep()

    def keep(self) -> None:
        """Write the draft to the session."""
        session["answers"], session["taken"] = self.answers, self.taken
        self.walked = path(self.answers, self._country, self._today)

    def next(self, step: Step) -> str:
        """Say which page follows a good answer."""
        return after(step, self.answers, self._country, self._today)

    def before(self, key: str) -> str | None:
        """Say which page lies before this one."""
        earlier = (
            self.walked.keys[: self.walked.keys.index(key)] if key in self.walked.keys else self.walked.keys
        )
        return earlier[-1] if earlier else None


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `kiosk.language`, `.step`, `.answer`, `.page`, `.page_for_all` and `.rules`."""
    blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk")
    # Error pages stand in the kiosk's frame too, and it names the emergency number.
    blueprint.app_context_processor(lambda: {"country": services.country})
    place = f"/<any({','.join(services.country.languages)}):lang>/<key>"
    _add_beginning(blueprint, services)
    _add_forms(blueprint, services, place)
    _add_pages_for_all(blueprint, services, place)
    return blueprint


def _add_beginning(blueprint: Blueprint, services: Services) -> None:
    @blueprint.get("")
    def language() -> ResponseReturnValue:
        # Whoever stands at the beginning finds nothing of the one before, who may have looked at /my here.
        session.clear()

        def say(code: str, context: str | None, message: str) -> str:
            return services.texts.translate(code, message, context)

        page = Response(render_template("kiosk/language.html", say=say))
        forget(services, request, page, "my")
        return page


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
        return _question(services, draft, lang, key)

    @blueprint.post(place)
    def answer(lang: str, key: str) -> ResponseReturnValue:
        if key not in STEPS:
            abort(404)
        draft, asked = Draft(services), STEPS[key]
        if draft.filed and key not in AFTERWARDS:
            return _to(lang, "booked")
        if key not in (*ALWAYS_OPEN, *draft.walked.keys, draft.walked.stop):
            return _to(lang, draft.walked.stop)
        if asked.kind == "review":
            return _send(services, draft, lang)
        typed = _typed(asked)
        found = draft.take(asked, typed, services.clock.now())
        if found:
            return _question(services, draft, lang, key, typed, found), 422
        if key == "arrive":
            return _arrive(services, draft, lang)
        return _to(lang, draft.next(asked))


def _add_pages_for_all(blueprint: Blueprint, services: Services, place: str) -> None:
    @blueprint.get("/pages/rules")
    def rules() -> Response:
        return _for_everybody(jsonify({**as_rules(), "country": services.country.as_data()}))

    @blueprint.get(f"/pages{place}")
    def page_for_all(lang: str, key: str) -> Response:
        pages = Pages(services, lang)
        if key == "still":
            return _for_everybody(Response(render_template("kiosk/still.html")))
        if key in OTHERS:
            name, title = OTHERS[key]
            empty = Shown(more={"receipt": None, "when": None, "back": url_for("kiosk.language")})
            return _for_everybody(pages.other(name, title, empty))
        if key not in STEPS:
            abort(404)
        return _for_everybody(pages.step(key))


def _to(lang: str, key: str) -> ResponseReturnValue:
    return redirect(url_for("kiosk.step", lang=lang, key=key), code=303)


def _typed(asked: Step) -> dict[str, str]:
    names = [asked.key, *(field.name for field in asked.fields)]
    typed = {name: _plain(request.form.get(name, "")) for name in names}
    # Enter in a field presses no button.
    return typed if typed[asked.key] or not asked.fields else {**typed, asked.key: GIVEN}


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_ANSWER])


def _question(
    services: Services,
    draft: Draft,
    lang: str,
    key: str,
    typed: dict[str, str] | None = None,
    found: tuple[Problem, ...] = (),
) -> str:
    more: dict[str, object] = {"kiosk_id": g.kiosk.kiosk_id}
    if key == "slot":
        more |= free_days(services, g.kiosk.site_id, g.kiosk.kiosk_id, lang)._asdict()
    if key == "review" and "slot" in draft.walked.keys:
        more["slot_words"] = _chosen(services, draft.answers["slot"], lang)
    earlier = draft.before(key)
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
    body = submission_body(draft.answers, lang, services.country, services.clock.now(), draft.taken)
    return kiosk_visit.file(services, UUID(session["intake_id"]), submission.read(body), lang)


def _send(services: Services, draft: Draft, lang: str) -> ResponseReturnValue:
    if draft.walked.stop != "review":
        return _to(lang, draft.walked.stop)
    try:
        filed = _file(services, draft, lang)
    except (SlotTaken, OutsideHours, TooLate):
        draft.drop("slot")
        return _question(services, draft, lang, "slot", found=(Problem("slot", "slot_taken"),)), 409
    if isinstance(filed, Refused):
        step = STEPS[filed.step]
        found = (Problem(step.fields[0].name, filed.code),)
        return _question(services, draft, lang, filed.step, found=found), 422
    if isinstance(filed, Conflict):
        abort(409)
    session["filed"] = True
    return _to(lang, "booked")


def _arrive(services: Services, draft: Draft, lang: str) -> ResponseReturnValue:
    came = kiosk_visit.arrive(services, draft.answers["code"])
    if came is None or came.cancelled:
        draft.drop("arrive")
        found = (Problem("code", "code_cancelled" if came else "code_unknown"),)
        return _question(services, draft, lang, "arrive", found=found), 422
    if came.visit_id is None:
        session["early"] = kiosk_visit.moment_here(services, came.starts_at, lang)
        return _to(lang, "early")
    return _to(lang, "waiting")


def _for_everybody(body: str | Response) -> Response:
    return pack_for_everybody(Response(body) if isinstance(body, str) else body, CACHED_SECONDS)
