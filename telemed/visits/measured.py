"""What was measured in a visit, with the devices and helpers behind it, and what was measured before."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from scheduling.errors import NotFound
from telemed.intake.asked_again import Supplement
from telemed.intake.devices import MeasuringDevice
from telemed.intake.intake import Intake
from telemed.intake.vitals import DECIDED, Measurement, Result, off_scale, results
from telemed.records.encounters import Encounter
from telemed.unit import Unit
from telemed.visits.clinic import clinical_ground

CLOCK_DOUBTFUL = "clock_doubtful"
"""Flag of a reading whose moment, as the kiosk says it, does not fit the moment at which it was filed."""
# Nobody sits at a kiosk for longer before sending; clocks differ a little.
_BEFORE, _AFTER = timedelta(hours=2), timedelta(minutes=5)


class Taken(NamedTuple):
    """What counted of one earlier or later round of measuring; `at` is when the server filed it."""

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
        """What counts of each kind now: the newest round in which there is something, if only LO or HI.

        Another visit's reading counts nothing.
        """
        counted: dict[str, Result] = {}
        for part in self.parts:
            for each in results(_own(part)):
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
    told = [(intake.filing.intake_id, intake.filing.at, intake.measurements)] if intake else []
    told += [(each.id, each.filed_at, each.measurements) for each in supplements]
    flagged = _flagged(unit, told)
    parts = flagged if intake else [(), *flagged]
    tables = {intake.filing.kiosk_id} if intake else set()
    tables |= {each.asked.kiosk_id for each in supplements}
    readings = [each for part in parts for each in part]
    rounds = _earlier(unit, visit, intake)
    rounds += [_taken(part, at) for part, (_, at, _) in zip(flagged, told, strict=True) if part]
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
    kept = [each for each in told.values() if each.measurements and each.filing.intake_id != own]
    parts = _flagged(unit, [(each.filing.intake_id, each.filing.at, each.measurements) for each in kept])
    return [_taken(part, each.filing.at) for part, each in zip(parts, kept, strict=True)]


def _taken(readings: tuple[Measurement, ...], at: datetime) -> Taken:
    return Taken(at, {each.code: each for each in results(_own(readings))})


def _own(readings: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """The readings as they count: of a record that another visit has used no number is left."""
    return tuple(
        each._replace(value=None, reason="failed", flags=("used_before",))
        if "used_before" in each.flags
        else each
        for each in readings
    )


def _flagged(
    unit: Unit, told: Collection[tuple[UUID, datetime, tuple[Measurement, ...]]]
) -> list[tuple[Measurement, ...]]:
    """The readings of filings with what the server doubts of each, in place of what a browser said of it."""
    found = unit.measuring.filed({filing_id for filing_id, _, _ in told})
    return [
        tuple(_doubted(each, found.get((filing_id, place)), at) for place, each in enumerate(readings))
        for filing_id, at, readings in told
    ]


def _doubted(each: Measurement, decided: tuple[str, ...] | None, at: datetime) -> Measurement:
    flags = each.flags
    if decided is not None:
        flags = (*(flag for flag in flags if flag not in DECIDED), *decided)
    if not -_BEFORE <= each.taken_at - at <= _AFTER:
        flags = (*flags, CLOCK_DOUBTFUL)
    return each._replace(flags=flags)


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
