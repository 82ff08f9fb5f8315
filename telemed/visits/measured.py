"""What was measured in a visit, with the devices and helpers behind it, and what was measured before."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scheduling.errors import NotFound
from telemed.intake.asked_again import Supplement
from telemed.intake.devices import MeasuringDevice
from telemed.intake.intake import Intake
from telemed.intake.vitals import Measurement, Result, off_scale, results
from telemed.records.encounters import Encounter
from telemed.unit import Unit
from telemed.visits.clinic import clinical_ground


class Taken(NamedTuple):
    """What counted of one earlier or later round of measuring."""

    at: datetime
    results: Mapping[str, Result]


@dataclass(frozen=True)
class Measured:
    """The readings of one visit, and the rounds of the same patient that this reader may see.

    `parts` are the intake's readings and, after them, each round that a doctor asked for.
    """

    parts: tuple[tuple[Measurement, ...], ...]
    devices: Mapping[UUID, MeasuringDevice]
    helpers: Mapping[UUID, str]
    rounds: tuple[Taken, ...]

    @property
    def results(self) -> tuple[Result, ...]:
        """What counts of each kind now: the newest round in which there is something, if only LO or HI."""
        counted: dict[str, Result] = {}
        for part in self.parts:
            for each in results(part):
                said = each.value is not None or each.coded or off_scale(each.of[-1])
                if said or each.code not in counted:
                    counted[each.code] = each
        return tuple(counted.values())

    def taken(self, *codes: str) -> tuple[tuple[Measurement, ...], ...]:
        """The readings of some kinds, part by part."""
        return tuple(tuple(each for each in part if each.code in codes) for part in self.parts)


def measured(
    unit: Unit, visit: Encounter, intake: Intake | None, supplements: Iterable[Supplement] = ()
) -> Measured:
    """What is known of a visit's readings; those asked for again follow those of the intake."""
    supplements = tuple(supplements)
    parts = [intake.measurements if intake else (), *(each.measurements for each in supplements)]
    tables = {intake.filing.kiosk_id} if intake else set()
    tables |= {each.asked.kiosk_id for each in supplements}
    readings = [each for part in parts for each in part]
    rounds = [*_earlier(unit, visit, intake), *(_taken(part) for part in parts if part)]
    return Measured(
        tuple(parts),
        _devices(unit, {each.device_id for each in readings if each.device_id}, tables),
        _helpers(unit, {each.assisted_by for each in readings if each.assisted_by}),
        tuple(sorted(rounds, key=lambda each: each.at)),
    )


def _earlier(unit: Unit, visit: Encounter, intake: Intake | None) -> list[Taken]:
    visits = [
        other
        for other in unit.records.encounters.of_patient(visit.patient_id)
        if other.id != visit.id and clinical_ground(unit, other.patient_id, other.facility_id) is not None
    ]
    told = unit.intakes.of_visits([other.id for other in visits])
    own = intake.filing.intake_id if intake else None
    return [
        _taken(each.measurements)
        for each in told.values()
        if each.measurements and each.filing.intake_id != own
    ]


def _taken(measurements: Iterable[Measurement]) -> Taken:
    readings = tuple(measurements)
    counted = {each.code: each for each in results(readings)}
    return Taken(max(each.taken_at for each in readings), counted)


def _devices(unit: Unit, wanted: Iterable[UUID], tables: Collection[UUID]) -> dict[UUID, MeasuringDevice]:
    found = {}
    for device_id in wanted:
        try:
            device = unit.measuring.get(device_id)
        except NotFound:
            continue
        # Named by the kiosk, but unknown or at another table: the page says so.
        if device.kiosk_id in tables:
            found[device_id] = device
    return found


def _helpers(unit: Unit, wanted: Iterable[UUID]) -> dict[UUID, str]:
    sought = set(wanted)
    if not sought:
        return {}
    return {each.id: each.name for each in unit.accounts.all_staff() if each.id in sought}
