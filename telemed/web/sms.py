"""Where Twilio brings answers and reports; proved by its signature and our own token, never by a cookie.

Whether a number or a message is known cannot be told from any answer.
"""

import re
from uuid import UUID

from flask import Blueprint, Response, g, request

from telemed.messages.callbacks import callbacks_of
from telemed.messages.twilio_states import STATES
from telemed.services import Services
from telemed.visits.replies import take_reply
from telemed.web.problems import Refusal
from telemed.web.provider_proof import field

PROVIDER = "twilio"
LONGEST_BODY = 1_600

# The signature is over names and values without separators, so each field is held to its form as well.
_SID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
_CODE = re.compile(r"[0-9]{0,6}")


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `sms.inbound` and `sms.status`."""
    blueprint = Blueprint("sms", __name__, url_prefix="/sms")
    callbacks = callbacks_of(services.settings)

    @blueprint.post("/inbound")
    def inbound() -> Response:
        sid, sender = field("MessageSid", _SID), field("From", _NUMBER)
        if "Body" not in request.form:
            raise Refusal("bad-request")
        text = request.form["Body"][:LONGEST_BODY]
        with services.unit(g.reader) as unit:
            take_reply(unit, PROVIDER, sid, sender, text)
        return Response("<Response/>", mimetype="text/xml")

    @blueprint.post("/status/<uuid:message_id>/<token>")
    def status(message_id: UUID, token: str) -> Response:
        if not callbacks.holds("sms/status", message_id, token):
            raise Refusal("no-proof")
        sid, code = field("MessageSid", _SID), field("ErrorCode", _CODE)
        state = STATES.get(request.form.get("MessageStatus", ""))
        if state is None:
            raise Refusal("bad-request")
        with services.unit(g.reader) as unit:
            unit.outbox.report(message_id, sid, state, code or None, unit.now)
        return Response(status=204)

    return blueprint
