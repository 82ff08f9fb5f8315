"""A reading that a doctor asks for again while the patient is there, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from telemed.intake import intake, vitals
from telemed.intake.submission import Measurement, Strict
from telemed.intake.vitals import PRESSURE

KINDS: Mapping[str, tuple[str, ...]] = {
    "pressure": PRESSURE,
    "pulse": ("pulse",),
    "oxygen": ("oxygen",),
    "temperature": ("temperature",),
    "breathing": ("breathing",),
    "weight": ("weight",),
    "height": ("height",),
    "glucose": ("glucose",),
}
"""What can be asked for, and the kinds of values that answer it."""

ALONG: Mapping[str, tuple[str, ...]] = {"pressure": ("pulse",), "oxygen": ("pulse",)}
"""What a device measures along with it."""


@dataclass(frozen=True)
class AskedAgain:
    """One request: what, of whose visit, at which kiosk, by which doctor."""

    id: UUID
    visit_id: UUID
    patient_id: UUID
    kiosk_id: UUID
    kind: str
    asked_by: UUID
    asked_at: datetime


@dataclass(frozen=True)
class Supplement:
    """What was measured when asked again; an intake never changes, so this stands beside it."""

    id: UUID
    asked: AskedAgain
    filed_at: datetime
    measurements: tuple[vitals.Measurement, ...]


class Answered(Strict):
    """What the kiosk sends in answer: readings, or the reasons why there are none."""

    asked: UUID
    measurements: Annotated[tuple[Measurement, ...], Field(min_length=1, max_length=6)]

    @model_validator(mode="after")
    def _coherent(self) -> "Answered":
        readings = self.readings()
        told = [(each.code, each.number) for each in readings]
        if len(told) != len(set(told)):
            raise ValueError("the same reading twice")
        vitals.check_pressure(readings)
        return self

    def readings(self) -> tuple[vitals.Measurement, ...]:
        """Return the readings, of a device with all that its bytes say."""
        return tuple(each.reading() for each in self.measurements)

    def measured_later(self, by: timedelta) -> "Answered":
        """Return this answer with its readings moved: a browser's clock is not the domain's."""
        moved = tuple(each.model_copy(update={"taken_at": each.taken_at + by}) for each in self.measurements)
        return self.model_copy(update={"measurements": moved})

    def body(self) -> bytes:
        """Return the canonical bytes that are kept."""
        written = [
            Measurement.model_construct(**each._asdict()).model_dump(mode="json", exclude_defaults=True)
            for each in self.readings()
        ]
        return intake.canonical({"measurements": written})


def answers(kind: str, readings: tuple[vitals.Measurement, ...]) -> bool:
    """Whether these readings answer what was asked: all of its kinds, and nothing that was not asked for."""
    told = {each.code for each in readings}
    wanted = set(KINDS[kind])
    return wanted <= told <= wanted | set(ALONG.get(kind, ()))
