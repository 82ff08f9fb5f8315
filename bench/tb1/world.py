"""The people, places, hours and bookings of TB-1: always the same ones, from the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Sofia")
DAYS = 30
MINUTES = 20
KIOSKS_EACH = 3
SHIFTS = ((time(9), time(12)), (time(13), time(17)))
SEED = 7


@dataclass(frozen=True, slots=True)
class Place:
    """A practitioner's slot and, when a kiosk is needed, where the patient sits in it."""

    practitioner: int
    kiosk: int
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When the visit is over."""
        return self.starts_at + timedelta(minutes=MINUTES)


@dataclass(frozen=True)
class World:
    """So many of each; a kiosk stands alone in its post office, a practitioner is booked from anywhere."""

    today: date
    practitioners: int = 100
    kiosks: int = 100
    patients: int = 2_000
    booked: int = 10_000

    @cached_property
    def ids(self) -> dict[str, list[UUID]]:
        """The ids of everything, by kind."""
        dice = random.Random(SEED)
        counts = {
            "facility": 1,
            "practitioner": self.practitioners,
            "site": self.kiosks,
            "kiosk": self.kiosks,
            "patient": self.patients,
        }
        return {kind: [_uuid(dice) for _ in range(count)] for kind, count in counts.items()}

    @cached_property
    def days(self) -> list[date]:
        """The days of the workload, from tomorrow."""
        return [self.today + timedelta(days=number + 1) for number in range(DAYS)]

    def starts(self, day: date) -> list[datetime]:
        """The 21 starts of one day, as instants."""
        found = []
        for starts, ends in SHIFTS:
            at = datetime.combine(day, starts, ZONE).astimezone(UTC)
            last = datetime.combine(day, ends, ZONE).astimezone(UTC)
            while at < last:
                found.append(at)
                at += timedelta(minutes=MINUTES)
        return found

    def place(self, practitioner: int, day: int, starts_at: datetime) -> Place:
        """A practitioner's slot with the kiosk of that day: two practitioners never share one."""
        return Place(practitioner, self.kiosk_of(practitioner, day), starts_at)

    def kiosk_of(self, practitioner: int, day: int) -> int:
        """Which kiosk goes with a practitioner on one of the days: each works with three."""
        return (practitioner + 7 * (day % KIOSKS_EACH)) % self.kiosks

    @cached_property
    def bookings(self) -> list[tuple[int, Place]]:
        """Who holds which slot before anything is measured: every patient as many."""
        dice = random.Random(SEED)
        slots = list(self.places(range(self.practitioners)))
        dice.shuffle(slots)
        # Where practitioners outnumber the kiosks, two may not have the same one at once.
        alone = {(place.kiosk, place.starts_at): place for place in slots}
        chosen = islice(alone.values(), self.booked)
        return [(number % self.patients, place) for number, place in enumerate(chosen)]

    def places(self, practitioners: range) -> Iterator[Place]:
        """Every slot of these practitioners."""
        for day, date_ in enumerate(self.days):
            starts = self.starts(date_)
            for practitioner in practitioners:
                for starts_at in starts:
                    yield self.place(practitioner, day, starts_at)


def _uuid(dice: random.Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)
