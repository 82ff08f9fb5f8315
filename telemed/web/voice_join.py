"""Where Twilio asks where to bring a telephone that was picked up, and tells that it was put down.

Every answer is TwiML; a telephone that belongs to no open call gets the one that puts the line down. The
conference's name is random; nothing of the visit or the patient is in an address or an answer.
"""

import re
import xml.etree.ElementTree as ET
from uuid import UUID

from flask import Blueprint, Response, g
from flask.typing import ResponseReturnValue

from telemed.messages.callbacks import callbacks_of
from telemed.messages.twilio_states import CALL_STATES
from telemed.services import Services
from telemed.visits import by_telephone
from telemed.web.problems import Refusal
from telemed.web.provider_proof import field

PURPOSE = "joining two telephones"
_SID = re.compile(r"CA[0-9a-f]{32}")
_ANSWERED_BY = re.compile(r"|human|unknown|fax|machine_[a-z_]{1,30}")
_STATUS = re.compile(r"[a-z-]{1,20}")
# The second one makes the talk; whoever hangs up ends it for both; nothing is recorded.
_CONFERENCE = {
    "beep": "false",
    "startConferenceOnEnter": "true",
    "endConferenceOnExit": "true",
    "maxParticipants": "2",
    "record": "do-not-record",
}


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `voice_join.join` and `voice_join.left`."""
    blueprint = Blueprint("voice_join", __name__, url_prefix="/voice")
    callbacks = callbacks_of(services.settings)

    @blueprint.post("/join/<uuid:leg_id>/<token>")
    def join(leg_id: UUID, token: str) -> Response:
        if not callbacks.holds("voice/join", leg_id, token):
            raise Refusal("no-proof")
        sid, by = field("CallSid", _SID), field("AnsweredBy", _ANSWERED_BY)
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            conference = by_telephone.picked_up(unit, leg_id, sid, by)
        return _twiml(conference)

    @blueprint.post("/left/<uuid:leg_id>/<token>")
    def left(leg_id: UUID, token: str) -> ResponseReturnValue:
        if not callbacks.holds("voice/left", leg_id, token):
            raise Refusal("no-proof")
        sid, told = field("CallSid", _SID), field("CallStatus", _STATUS)
        if told not in CALL_STATES:
            raise Refusal("bad-request")
        state, reason = CALL_STATES[told]
        if state != "accepted":
            with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
                by_telephone.ended(unit, leg_id, sid, reason)
        return "", 204

    return blueprint


def _twiml(conference: str | None) -> Response:
    root = ET.Element("Response")
    if conference is None:
        ET.SubElement(root, "Hangup")
    else:
        dial = ET.SubElement(root, "Dial")
        ET.SubElement(dial, "Conference", _CONFERENCE).text = conference
    return Response(ET.tostring(root, encoding="unicode"), mimetype="text/xml")
