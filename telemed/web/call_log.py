"""Where both pages of a call tell how it goes: some looks at once, each five seconds of the call."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from telemed.call_quality import Look, Rung
from telemed.services import Services
from telemed.visits import call_log as verbs
from telemed.web.problems import Refusal
from telemed.web.sessions import stored

LARGEST = 32_768
_MOST_AT_ONCE = 120
# What was kept back while the line was away; more is thrown away by the page.
_OLDEST_MS = 600_000

Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Milliseconds = Annotated[int, Field(ge=0, le=600_000)]
Bytes = Annotated[int, Field(ge=0, le=1_000_000_000)]


class Seen(BaseModel):
    """One look: its number in this page, how long ago it was, and what was measured in the five seconds."""

    model_config = ConfigDict(extra="forbid", strict=True)

    n: Annotated[int, Field(ge=0, le=1_000_000)]
    ago_ms: Annotated[int, Field(ge=0, le=_OLDEST_MS)]
    rung: Rung
    rtt_ms: Milliseconds | None = None
    loss_percent: Percent | None = None
    concealed_percent: Percent | None = None
    fps: Annotated[float, Field(ge=0, le=240, allow_inf_nan=False)] | None = None
    buffer_ms: Milliseconds | None = None
    sent_bytes: Bytes
    received_bytes: Bytes
    up_kbps: Annotated[int, Field(ge=0, le=10_000_000)] | None = None

    def look(self, now: datetime) -> Look:
        """Return it at its moment on our clock: the browser's is not asked."""
        told = self.model_dump(exclude={"ago_ms"})
        return Look(at=now - timedelta(milliseconds=self.ago_ms), **told)


class Told(BaseModel):
    """What a page saw since it last told; `page` is a random name of its stay in the call."""

    model_config = ConfigDict(extra="forbid", strict=True)

    page: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,32}$")]
    looks: Annotated[list[Seen], Field(min_length=1, max_length=_MOST_AT_ONCE)]


def make_blueprint(services: Services) -> Blueprint:
    """The kiosk's endpoint `call_log.tell`."""
    blueprint = Blueprint("call_log", __name__, url_prefix="/api/v1")

    @blueprint.post("/visits/<uuid:visit_id>/quality")
    def tell(visit_id: UUID) -> ResponseReturnValue:
        told = _told()
        with services.unit(g.reader) as unit:
            looks = [each.look(unit.now) for each in told.looks]
            verbs.tell_from_kiosk(unit, visit_id, g.kiosk.kiosk_id, told.page, looks)
        return "", 204

    return blueprint


def add(blueprint: Blueprint, services: Services) -> None:
    """Mount the doctor's endpoint `clinic.quality`."""

    @blueprint.post("/visits/<uuid:visit_id>/quality")
    def quality(visit_id: UUID) -> ResponseReturnValue:
        told, practitioner_id = _told(), g.staff.practitioner_id
        if practitioner_id is None:
            raise Refusal("wrong-role")
        row = stored().row
        assert row is not None
        who = verbs.Near(practitioner_id, str(row.id))
        with services.unit(g.reader) as unit:
            looks = [each.look(unit.now) for each in told.looks]
            verbs.tell_from_clinic(unit, visit_id, who, told.page, looks)
        return "", 204


def _told() -> Told:
    said = request.get_data()
    if len(said) > LARGEST:
        raise Refusal("too-large")
    try:
        return Told.model_validate_json(said)
    except ValidationError as error:
        raise Refusal("invalid") from error
