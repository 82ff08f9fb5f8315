"""The door through which a kiosk tells how good its line was."""

from typing import Annotated, Literal

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from telemed.intake.submission import Moment
from telemed.services import Services
from telemed.visits import lines as verbs
from telemed.visits.lines import Measured
from telemed.web.problems import Refusal

Kbps = Annotated[int, Field(ge=0, le=10_000_000)]


class Told(BaseModel):
    """One reading; what could not be measured is left out or null, and zero is no line at all."""

    model_config = ConfigDict(extra="forbid")

    at: Moment
    up_kbps: Kbps | None = None
    down_kbps: Kbps | None = None
    rtt_ms: Annotated[int, Field(ge=0, le=600_000)] | None = None
    loss_percent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    source: Literal["probe", "call"] = "probe"


class Readings(BaseModel):
    """What a kiosk measured since it last had a line to tell it over."""

    model_config = ConfigDict(extra="forbid")

    readings: Annotated[list[Told], Field(min_length=1, max_length=200)]


def make_blueprint(services: Services) -> Blueprint:
    """The endpoint `lines.take`."""
    blueprint = Blueprint("lines", __name__, url_prefix="/api/v1")

    @blueprint.post("/line-readings")
    def take() -> ResponseReturnValue:
        try:
            told = Readings.model_validate_json(request.get_data())
        except ValidationError as error:
            raise Refusal("invalid") from error
        # A demo's day is not the browser's.
        ahead = services.clock.ahead()
        measured = [Measured(**{**dict(each), "at": each.at + ahead}) for each in told.readings]
        with services.unit(g.reader) as unit:
            verbs.take_readings(unit, g.kiosk.kiosk_id, measured)
        return "", 204

    return blueprint
