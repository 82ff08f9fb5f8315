"""Where an HTTP gateway brings reports and answers; the unguessable token in the address is its proof."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request

from telemed.messages import gateway_file
from telemed.messages.callbacks import callbacks_of
from telemed.messages.gateway_file import Gateway, at, code_kept
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits.replies import take_reply
from telemed.web.problems import Refusal
from telemed.web.provider_proof import LARGEST

PROVIDER = "gateway"
LONGEST_BODY = 1_600
_NUMBER = re.compile(r"\+?([1-9][0-9]{7,14})")
_SID = re.compile(r"[\x21-\x7e]{1,64}")
_CODE = re.compile(r"[\x21-\x7e]{0,40}")


def make_blueprint(services: Services) -> Blueprint:
    """Endpoints `gateway.status` and `gateway.inbound`; without a gateway nobody comes in."""
    blueprint = Blueprint("gateway", __name__, url_prefix="/gateway")
    callbacks = callbacks_of(services.settings)
    path = services.settings.gateway_file
    gateway = gateway_file.read(Path(path)) if path else None

    @blueprint.post("/status/<uuid:message_id>/<token>")
    def status(message_id: UUID, token: str) -> Response:
        told = _told(gateway, callbacks.holds("gateway/status", message_id, token))
        assert gateway is not None
        sid, code = (_held(told, gateway.report.get(name, name), form) for name, form in _REPORT)
        state = gateway.states.get(at(told, gateway.report.get("state", "state")))
        if state is None:
            raise Refusal("bad-request")
        with services.unit(g.reader) as unit:
            reason = code_kept(code, gateway.errors)[:40] or None
            unit.outbox.report(message_id, sid, state, reason, unit.now)
        return Response(status=204)

    @blueprint.post("/inbound/<token>")
    def inbound(token: str) -> Response:
        told = _told(gateway, callbacks.is_inbound(PROVIDER, token))
        assert gateway is not None
        sid = _held(told, gateway.inbound.get("id", "id"), _SID)
        sender = _NUMBER.fullmatch(at(told, gateway.inbound.get("from", "from")))
        if sender is None:
            raise Refusal("bad-request")
        text = at(told, gateway.inbound.get("text", "text"))[:LONGEST_BODY]
        with services.unit(g.reader) as unit:
            take_reply(unit, PROVIDER, sid, f"+{sender[1]}", text)
        return Response(status=204)

    return blueprint


_REPORT = (("id", _SID), ("error", _CODE))


def _told(gateway: Gateway | None, holds: bool) -> Any:
    """Return what the request says, as JSON or a form, once its token has let it in."""
    if gateway is None or not holds:
        raise Refusal("no-proof")
    g.reader = Reader("job", "sms", None, "Telemed", "answer by SMS")
    request.max_content_length = request.max_form_memory_size = LARGEST
    try:
        told = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    except RecursionError:
        # Brackets in brackets, thousands of them: nothing that a gateway says.
        raise Refusal("bad-request") from None
    if not isinstance(told, Mapping):
        raise Refusal("bad-request")
    return told


def _held(told: Any, path: str, form: re.Pattern[str]) -> str:
    value = at(told, path)
    if form.fullmatch(value) is None:
        raise Refusal("bad-request")
    return value
