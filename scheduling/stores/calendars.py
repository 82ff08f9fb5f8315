"""Finds slots: calendars from memory where their version still stands, what is taken from the database."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    String,
    Table,
    bindparam,
    cast,
    extract,
    literal_column,
    or_,
    select,
    union_all,
)

from scheduling import calendar, tables
from scheduling.calendar import Slot, Taken
from scheduling.errors import NotFound
from scheduling.hours import Span, Stretch, whole_days
from scheduling.openings import SiteCalendar
from scheduling.placing import offered
from scheduling.rosters import PractitionerCalendar
from scheduling.stores.hours import HoursStore
from scheduling.stores.ledger import found
from scheduling.stores.rosters import RosterStore
from scheduling.visit_types import LONGEST, VisitType

LONGEST_SEARCH = 62
"""How many days one search for free slots may cover."""


class CalendarStore(RosterStore, HoursStore):
    """The part of the book that knows which times there are, and which of them are free."""

    def free_slots(
        self,
        site_id: UUID,
        facility_id: UUID | None,
        visit_type_id: str,
        day_from: date,
        days: int,
        now: datetime,
        *,
        practitioner_id: UUID | None = None,
        languages: Iterable[str] = (),
    ) -> list[Slot]:
        """The free slots at a site on its local days: of everybody, or of whom the arguments leave.

        Two statements when the calendars are in memory, however many practitioners there are.
        """
        site, practitioners, visit_type = self._offering(
            site_id, visit_type_id, days, practitioner_id, languages
        )
        window = whole_days(day_from, days, ZoneInfo(site.site.time_zone))
        busy = self._taken([*_ids(practitioners), *_kiosks(site, visit_type)], window, now)
        return calendar.free_slots(practitioners, site, visit_type, window, busy, now, facility_id)

    def practitioner_slots(
        self,
        practitioner_id: UUID,
        visit_type_id: str,
        window: Span,
        now: datetime,
        site_id: UUID | None = None,
    ) -> list[tuple[Slot, bool]]:
        """Every slot of one practitioner that starts in a window, each with whether it is free.

        Without a site they are at the clinic. Raises NotFound or NotOffered; two statements when warm.
        """
        return calendar.slots_of(*self._one_at(practitioner_id, visit_type_id, window, now, site_id))

    def practitioner_days(
        self,
        practitioner_id: UUID,
        visit_type_id: str,
        window: Span,
        now: datetime,
        zone: ZoneInfo,
        site_id: UUID | None = None,
    ) -> dict[date, tuple[int, int]]:
        """The same, only counted: how many are free on each local day, and how many there are."""
        asked = self._one_at(practitioner_id, visit_type_id, window, now, site_id)
        return calendar.days_of(*asked, zone)

    def zone_of(self, site_id: UUID) -> ZoneInfo:
        """The zone of a site's clock, which never changes: whatever calendar is in memory knows it."""
        known = self._calendars.any_site(site_id)
        return ZoneInfo((known or self.site_calendar(site_id)).site.time_zone)

    def on_duty(self, now: datetime, facility_id: UUID | None = None) -> list[tuple[UUID, UUID]]:
        """Who works now and for which facility, as pairs of practitioner and facility."""
        columns = tables.resource.c
        rows = self._connection.execute(
            select(columns.id, columns.calendar_version).where(columns.kind == "practitioner")
        )
        moment = Span(now, now + timedelta.resolution)
        pairs = {
            (practitioner.practitioner_id, duty.facility_id)
            for practitioner in self._practitioner_calendars({row.id: row.calendar_version for row in rows})
            for duty in practitioner.duties(moment)
            if facility_id in (None, duty.facility_id)
        }
        return sorted(pairs)

    def site_calendar(self, site_id: UUID) -> SiteCalendar:
        """When a site and its kiosks can be used."""
        return self._site_calendar(site_id, self._version(tables.site, site_id, "site"))

    def practitioner_calendar(self, practitioner_id: UUID) -> PractitionerCalendar:
        """When a practitioner works."""
        version = self._version(tables.resource, practitioner_id, "practitioner")
        loaded = self._practitioner_calendars({practitioner_id: version})
        return found(next(iter(loaded), None), "practitioner")

    def remember_calendars(self, most: int) -> None:
        """Load the calendars of up to so many practitioners and sites, so that nobody waits for them."""
        columns = tables.resource.c
        resources = select(columns.id, columns.calendar_version).where(columns.kind == "practitioner")
        sites = select(_SITE.id, _SITE.calendar_version).order_by(_SITE.id).limit(most)
        practitioners = self._connection.execute(resources.order_by(columns.id).limit(most))
        self._practitioner_calendars({row.id: row.calendar_version for row in practitioners})
        for row in self._connection.execute(sites).all():
            self._site_calendar(row.id, row.calendar_version)

    def only_kiosk(self, site_id: UUID) -> UUID | None:
        """The kiosk of a site that has one, as far as memory knows: for whoever asks the database next."""
        known = self._calendars.any_site(site_id)
        return known.kiosks[0].kiosk_id if known is not None and len(known.kiosks) == 1 else None

    def _lock_calendars(
        self, practitioner_id: UUID, kiosk_id: UUID | None, site_id: UUID
    ) -> tuple[PractitionerCalendar, SiteCalendar]:
        """Lock what a booking takes, in id order, and return the calendars that stand while it is locked."""
        ids = [practitioner_id] if kiosk_id is None else [practitioner_id, kiosk_id]
        still = None if kiosk_id else self._version(tables.site, site_id, "site", still=True)
        rows = self._connection.execute(_LOCK, {"resources": ids})
        versions = {
            row.id: row.calendar_version for row in rows if (row.id == kiosk_id) == (row.kind == "kiosk")
        }
        if len(versions) != len(ids):
            raise NotFound("practitioner or kiosk")
        if kiosk_id is not None:
            site = self._calendars.site_of(site_id, kiosk_id, versions.pop(kiosk_id))
            site = site or self.site_calendar(site_id)
        else:
            site = self._site_calendar(site_id, still or 0)
        return self._practitioner_calendars(versions)[0], site

    def _version(self, table: Table, row_id: UUID, what: str, *, still: bool = False) -> int:
        """The version of a calendar; kept `still`, nobody changes it before this transaction ends."""
        query = select(table.c.calendar_version).where(table.c.id == row_id)
        version: int | None = self._connection.scalar(query.with_for_update(read=True) if still else query)
        return found(version, what)

    def _offering(
        self,
        site_id: UUID,
        visit_type_id: str,
        days: int,
        practitioner_id: UUID | None,
        languages: Iterable[str],
    ) -> tuple[SiteCalendar, list[PractitionerCalendar], VisitType]:
        """The site, who of those that are wanted offers such a visit, and what it is."""
        if not 0 < days <= LONGEST_SEARCH:
            raise ValueError(f"a search covers 1 to {LONGEST_SEARCH} days, not {days}")
        values = {"site_id": site_id, "visit_type_id": visit_type_id}
        if practitioner_id is None:
            site, practitioners = self._calendars_at(_OFFERING_AT_SITE, values)
        else:
            values["practitioner_id"] = practitioner_id
            site, practitioners = self._calendars_at(_OFFERED_BY_ONE_AT_SITE, values)
        spoken = tuple(languages)
        visit_type = (
            practitioners[0].visit_types[visit_type_id] if practitioners else self.visit_type(visit_type_id)
        )
        return site, [each for each in practitioners if each.speaks(spoken)], visit_type

    def _one_at(
        self, practitioner_id: UUID, visit_type_id: str, window: Span, now: datetime, site_id: UUID | None
    ) -> tuple[PractitionerCalendar, SiteCalendar, VisitType, Span, Taken, datetime]:
        if window.ends_at - window.starts_at > timedelta(days=LONGEST_SEARCH):
            raise ValueError(f"a search covers at most {LONGEST_SEARCH} days")
        if site_id is None:
            asked, values = _ONE_AT_CLINIC, {"practitioner_id": practitioner_id}
        else:
            asked, values = _ONE_AT_SITE, {"practitioner_id": practitioner_id, "site_id": site_id}
        site, practitioners = self._calendars_at(asked, values)
        if not practitioners:
            raise NotFound("practitioner")
        visit_type = offered(practitioners[0], visit_type_id)
        taken = self._taken_seconds([practitioner_id, *_kiosks(site, visit_type)], window, now)
        return practitioners[0], site, visit_type, window, taken, now

    def _calendars_at(
        self, asked: CompoundSelect[Any], values: dict[str, Any]
    ) -> tuple[SiteCalendar, list[PractitionerCalendar]]:
        versions: dict[str, dict[UUID, int]] = {"practitioner": {}, "site": {}}
        for kind, key, version in self._connection.execute(asked, values):
            versions[kind][key] = version
        if not versions["site"]:
            raise NotFound("site")
        calendars = self._practitioner_calendars(versions["practitioner"])
        return self._site_calendar(*next(iter(versions["site"].items()))), calendars

    def _practitioner_calendars(self, versions: dict[UUID, int]) -> list[PractitionerCalendar]:
        kept = {each: self._calendars.practitioner(each, version) for each, version in versions.items()}
        missing = {each: versions[each] for each, known in kept.items() if known is None}
        for loaded in self._load_practitioners(missing) if missing else ():
            self._calendars.keep_practitioner(loaded)
            kept[loaded.practitioner_id] = loaded
        return [known for known in kept.values() if known is not None]

    def _site_calendar(self, site_id: UUID, version: int) -> SiteCalendar:
        known = self._calendars.site(site_id, version)
        if known is None:
            known = self._load_site(site_id, version)
            self._calendars.keep_site(known)
        return known

    def _taken(self, resource_ids: Iterable[UUID], window: Span, now: datetime) -> dict[UUID, list[Span]]:
        """What of these is taken in the window and stays so; a hold that has expired takes nothing."""
        taken: dict[UUID, list[Span]] = defaultdict(list)
        asked = _in_the_way(resource_ids, window, now)
        for resource_id, starts_at, ends_at in self._connection.execute(_TAKEN, asked).all():
            taken[resource_id].append(Span(starts_at, ends_at))
        return taken

    def _taken_seconds(self, resource_ids: Iterable[UUID], window: Span, now: datetime) -> Taken:
        """The same in seconds, which is several times as fast to read where there is much."""
        taken: dict[str, list[Stretch]] = defaultdict(list)
        asked = _in_the_way(resource_ids, window, now)
        for resource, starts, ends in self._connection.execute(_TAKEN_SECONDS, asked).all():
            taken[resource].append((starts, ends))
        return {UUID(resource): stretches for resource, stretches in taken.items()}


def _in_the_way(resource_ids: Iterable[UUID], window: Span, now: datetime) -> dict[str, Any]:
    return {
        "resources": sorted(set(resource_ids)),
        "from": window.starts_at,
        "until": window.ends_at + LONGEST,
        "begun_after": window.starts_at - LONGEST,
        "now": now,
    }


def _ids(practitioners: Iterable[PractitionerCalendar]) -> list[UUID]:
    return [practitioner.practitioner_id for practitioner in practitioners]


def _kiosks(site: SiteCalendar, visit_type: VisitType) -> list[UUID]:
    return [kiosk.kiosk_id for kiosk in site.kiosks] if visit_type.needs_kiosk else []


# Written once, so that they are compiled once: every listing asks these.
_RESOURCE, _SITE, _OFFER, _AT = tables.resource.c, tables.site.c, tables.offer.c, tables.allocation.c
_CLINIC = select(_SITE.id).where(_SITE.kind == "clinic").order_by(_SITE.id).limit(1).scalar_subquery()
_LOCK = (
    select(_RESOURCE.id, _RESOURCE.kind, _RESOURCE.calendar_version)
    .where(_RESOURCE.id.in_(bindparam("resources", expanding=True)))
    .order_by(_RESOURCE.id)
    .with_for_update()
)
_VERSIONS = select(literal_column("'practitioner'"), _RESOURCE.id, _RESOURCE.calendar_version)
_PLACES = select(literal_column("'site'"), _SITE.id, _SITE.calendar_version)
_ONE = _VERSIONS.where(_RESOURCE.id == bindparam("practitioner_id"))
_OFFERING = _VERSIONS.join(tables.offer, _OFFER.practitioner_id == _RESOURCE.id).where(
    _OFFER.visit_type_id == bindparam("visit_type_id")
)
_THERE = _PLACES.where(_SITE.id == bindparam("site_id"))
_ONE_AT_SITE = union_all(_ONE, _THERE)
_ONE_AT_CLINIC = union_all(_ONE, _PLACES.where(_SITE.id == _CLINIC))
_OFFERING_AT_SITE = union_all(_OFFERING, _THERE)
_OFFERED_BY_ONE_AT_SITE = union_all(_OFFERING.where(_RESOURCE.id == bindparam("practitioner_id")), _THERE)
_TAKEN = select(_AT.resource, _AT.starts_at, _AT.ends_at).where(
    tables.ACTIVE,
    _AT.resource.in_(bindparam("resources", expanding=True)),
    _AT.starts_at >= bindparam("begun_after"),
    _AT.starts_at < bindparam("until"),
    _AT.ends_at > bindparam("from"),
    or_(_AT.expires_at.is_(None), _AT.expires_at > bindparam("now")),
)
_TAKEN_SECONDS = _TAKEN.with_only_columns(
    cast(_AT.resource, String),
    cast(extract("epoch", _AT.starts_at), BigInteger),
    cast(extract("epoch", _AT.ends_at), BigInteger),
)
