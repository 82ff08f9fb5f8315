"""What hardly ever changes and every exchange asks for: kept in memory, read again after a minute at most."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.errors import NotFound
from scheduling.store import Book
from scheduling.visit_types import VisitType
from telemed.fhir.ids import code_of

_KEPT = timedelta(minutes=1)
_MOST = 20_000


@dataclass(frozen=True)
class Place:
    """Where a visit shall be: a site, and the kiosk there if one was named."""

    site_id: UUID
    kiosk_id: UUID | None


class Directory:
    """Visit types, places, and whose practitioner somebody is; whoever books checks the rest again."""

    def __init__(self) -> None:
        self._types: dict[str, VisitType] = {}
        self._read_at: datetime | None = None
        self._places: dict[UUID, Place] = {}
        self._facilities: dict[UUID, UUID] = {}
        self._zones: dict[UUID, ZoneInfo] = {}

    def visit_type(self, book: Book, code: str, real_now: datetime) -> VisitType:
        """The visit type that ids call by this code."""
        old = self._read_at is None or real_now - self._read_at > _KEPT
        if old or code not in self._types:
            self._types = {code_of(each.id): each for each in book.visit_types()}
            self._read_at = real_now
        if code not in self._types:
            raise NotFound("visit type")
        return self._types[code]

    def place(self, book: Book, location_id: UUID) -> Place:
        """The site or kiosk with this id; a kiosk keeps its site."""
        known = self._places.get(location_id)
        if known is None:
            known = self._places[location_id] = _place(book, location_id)
            if len(self._places) > _MOST:
                self._places.clear()
        return known

    def zone(self, book: Book, site_id: UUID) -> ZoneInfo:
        """The zone of a site; it never changes."""
        known = self._zones.get(site_id)
        if known is None:
            known = self._zones[site_id] = book.zone_of(site_id)
        return known

    def facility_of(self, book: Book, practitioner_id: UUID) -> UUID:
        """The facility that a practitioner sees patients for; it never changes."""
        known = self._facilities.get(practitioner_id)
        if known is None:
            known = self._facilities[practitioner_id] = book.practitioner(practitioner_id).facility_id
        return known


def _place(book: Book, location_id: UUID) -> Place:
    with suppress(NotFound):
        kiosk = book.kiosk(location_id)
        return Place(kiosk.site_id, kiosk.id)
    return Place(book.site(location_id).id, None)
