"""Where Twilio asks what to say in a call and tells how it ended, and where it fetches the sounds.

Every answer is TwiML; a message that nobody knows gets the one that puts the line down. The sounds are the
same for everybody: their addresses are hashes of what is said, and hold nothing of the patient.
"""

import re
import xml.etree.ElementTree as ET
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for

from telemed.messages.callbacks import callbacks_of
from telemed.messages.twilio_states import CALL_STATES
from telemed.prompts import calling
from telemed.prompts.building import Built, shipped
from telemed.prompts.prompt import Prompt
from telemed.services import Services
from telemed.visits import phone_calls
from telemed.visits.phone_calls import HEARD_AGAIN, Desk, Speech
from telemed.web.assets import YEAR
from telemed.web.problems import Refusal
from telemed.web.provider_proof import field

_SID = re.compile(r"CA[0-9a-f]{32}")
_ANSWERED_BY = re.compile(r"|human|unknown|fax|machine_[a-z_]{1,30}")
_DIGITS = re.compile(r"[0-9*#]{0,4}")
_STATUS = re.compile(r"[a-z-]{1,20}")
_SOUND = re.compile(r"[0-9a-f]{12}\.wav")
PURPOSE = "a call to the patient"
# For so long a digit is waited for after everything has been said.
_PATIENCE_SECONDS = "8"


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `voice.call`, `voice.answer`, `voice.status` and `voice.sound`."""
    blueprint = Blueprint("voice", __name__, url_prefix="/voice")
    built = shipped()
    _add_line(blueprint, services, built)
    _add_end(blueprint, services)

    @blueprint.get("/sounds/<name>")
    def sound(name: str) -> Response:
        path = built.folder / name
        if _SOUND.fullmatch(name) is None or not path.is_file():
            raise Refusal("not-found")
        answer = Response(path.read_bytes(), mimetype="audio/wav")
        answer.cache_control.public, answer.cache_control.max_age = True, YEAR
        answer.cache_control.immutable = True
        return answer

    return blueprint


def _add_line(blueprint: Blueprint, services: Services, built: Built) -> None:
    callbacks = callbacks_of(services.settings)
    desk = Desk(services.settings.desk_phone, services.country)

    @blueprint.post("/call/<uuid:message_id>/<token>", defaults={"time": 1})
    @blueprint.post("/call/<uuid:message_id>/<token>/<int:time>")
    def call(message_id: UUID, token: str, time: int) -> Response:
        _require(callbacks.holds("voice/call", message_id, token))
        sid, by = field("CallSid", _SID), field("AnsweredBy", _ANSWERED_BY) or request.args.get("by", "")
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            said = phone_calls.pick_up(unit, message_id, sid, by)
        answer = callbacks.token("voice/answer", message_id)
        again = url_for("voice.call", message_id=message_id, token=token, time=time + 1, by=by)
        then = url_for("voice.answer", message_id=message_id, token=answer, by=by, time=time)
        return _twiml(built, said, then, again if said.asks and time < HEARD_AGAIN else None)

    @blueprint.post("/answer/<uuid:message_id>/<token>")
    def answer(message_id: UUID, token: str) -> Response:
        _require(callbacks.holds("voice/answer", message_id, token))
        sid, digits = field("CallSid", _SID), field("Digits", _DIGITS)
        said: Speech | None
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            if digits:
                said = phone_calls.press(unit, message_id, sid, digits[:1], desk)
            else:
                said = phone_calls.heard_out(unit, message_id, sid, request.args.get("by", ""))
        time = request.args.get("time", 1, int)
        if said is None and time < HEARD_AGAIN:
            token = callbacks.token("voice/call", message_id)
            by = request.args.get("by", "")
            again = url_for("voice.call", message_id=message_id, token=token, time=time + 1, by=by)
            return _redirect(again)
        return _twiml(built, said or Speech())


def _add_end(blueprint: Blueprint, services: Services) -> None:
    callbacks = callbacks_of(services.settings)

    @blueprint.post("/status/<uuid:message_id>/<token>")
    def status(message_id: UUID, token: str) -> Response:
        _require(callbacks.holds("voice/status", message_id, token))
        sid, told = field("CallSid", _SID), field("CallStatus", _STATUS)
        if told not in CALL_STATES:
            raise Refusal("bad-request")
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            unit.outbox.report(message_id, sid, *CALL_STATES[told], unit.now)
        return Response(status=204)


def _require(holds: bool) -> None:
    if not holds:
        raise Refusal("no-proof")


def _twiml(built: Built, said: Speech, then: str | None = None, again: str | None = None) -> Response:
    root = ET.Element("Response")
    around = root
    if said.asks and then is not None:
        gather = {"numDigits": "1", "timeout": _PATIENCE_SECONDS, "action": then, "method": "POST"}
        around = ET.SubElement(root, "Gather", gather)
    for prompt in said.prompts:
        ET.SubElement(around, "Play").text = _sound(built, prompt)
    if again is not None and said.prompts:
        ET.SubElement(root, "Play").text = _sound(built, calling.sentence(said.prompts[0].language, "again"))
    going_on = (again or then) if said.tells else None
    if going_on is not None:
        ET.SubElement(root, "Redirect", {"method": "POST"}).text = going_on
    else:
        ET.SubElement(root, "Hangup")
    return _xml(root)


def _redirect(address: str) -> Response:
    root = ET.Element("Response")
    ET.SubElement(root, "Redirect", {"method": "POST"}).text = address
    return _xml(root)


def _sound(built: Built, prompt: Prompt) -> str:
    return url_for("voice.sound", name=built.file(prompt, "wav") or prompt.file("wav"))


def _xml(root: ET.Element) -> Response:
    return Response(ET.tostring(root, encoding="unicode"), mimetype="text/xml")
