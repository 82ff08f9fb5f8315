"""Reads and writes settlements, facilities, sites with their weekly hours, kiosks and practitioners."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, insert, select

from scheduling import tables
from scheduling.people import Practitioner
from scheduling.places import Facility, Kiosk, Opening, Settlement, Site
from scheduling.stores.calendar_versions import CalendarVersions
from scheduling.stores.ledger import found
from scheduling.visit_types import CONSULTATION

_ASKED_BY_NAME = 200
_SITE = [column for column in tables.site.c if column.name != "calendar_version"]


class PlaceStore(CalendarVersions):
    """The part of the book that holds no personal data of patients."""

    def add_settlements(self, settlements: Iterable[Settlement]) -> None:
        """Add many settlements at once."""
        rows = [asdict(settlement) for settlement in settlements]
        if rows:
            self._connection.execute(insert(tables.settlement), rows)

    def add_settlement(self, settlement: Settlement) -> None:
        """Add one settlement."""
        self.add_settlements([settlement])

    def settlement(self, code: str) -> Settlement:
        """The settlement with this code."""
        rows = self._settlements(tables.settlement.c.code == code)
        return found(next(iter(rows), None), "settlement")

    def settlements(self) -> list[Settlement]:
        """Every settlement, by code."""
        return self._settlements()

    def add_facility(self, facility: Facility) -> None:
        """Add a facility."""
        self._connection.execute(insert(tables.facility).values(asdict(facility)))

    def facility(self, facility_id: UUID) -> Facility:
        """The facility with this id."""
        rows = self._facilities(tables.facility.c.id == facility_id)
        return found(next(iter(rows), None), "facility")

    def facilities(self) -> list[Facility]:
        """Every facility, by name."""
        return self._facilities()

    def add_site(self, site: Site) -> None:
        """Add a site with its opening hours."""
        row = asdict(site)
        del row["hours"]
        self._connection.execute(insert(tables.site).values(row))
        self._insert_hours(site.id, site.hours)

    def site(self, site_id: UUID) -> Site:
        """The site with this id."""
        return found(next(iter(self._sites(tables.site.c.id == site_id)), None), "site")

    def sites(self) -> list[Site]:
        """Every site, by name."""
        return self._sites()

    def sites_of(self, site_ids: Iterable[UUID]) -> dict[UUID, Site]:
        """The sites with these ids, in two questions."""
        asked = tables.site.c.id.in_(sorted(set(site_ids)))
        return {site.id: site for site in self._sites(asked)}

    def add_kiosk(self, kiosk: Kiosk) -> None:
        """Add a kiosk to its site."""
        self._connection.execute(insert(tables.resource).values(id=kiosk.id, kind="kiosk"))
        self._connection.execute(insert(tables.kiosk).values(asdict(kiosk)))
        self._site_changes([kiosk.site_id])

    def kiosk(self, kiosk_id: UUID) -> Kiosk:
        """The kiosk with this id."""
        return found(next(iter(self._kiosks(tables.kiosk.c.id == kiosk_id)), None), "kiosk")

    def kiosks(self, site_id: UUID | None = None) -> list[Kiosk]:
        """The kiosks of one site or of all, by label."""
        return self._kiosks(*([] if site_id is None else [tables.kiosk.c.site_id == site_id]))

    def add_practitioner(
        self, practitioner: Practitioner, visit_type_ids: Sequence[str] = (CONSULTATION,)
    ) -> None:
        """Add a practitioner to their facility, and what they offer."""
        self._connection.execute(insert(tables.resource).values(id=practitioner.id, kind="practitioner"))
        self._connection.execute(insert(tables.practitioner).values(asdict(practitioner)))
        offers = [{"practitioner_id": practitioner.id, "visit_type_id": each} for each in visit_type_ids]
        if offers:
            self._connection.execute(insert(tables.offer), offers)

    def practitioner(self, practitioner_id: UUID) -> Practitioner:
        """The practitioner with this id."""
        rows = self._practitioners(tables.practitioner.c.id == practitioner_id)
        return found(next(iter(rows), None), "practitioner")

    def practitioners(self, facility_id: UUID | None = None) -> list[Practitioner]:
        """The practitioners of one facility or of all, by name."""
        column = tables.practitioner.c.facility_id
        return self._practitioners(*([] if facility_id is None else [column == facility_id]))

    def practitioners_of(self, practitioner_ids: Iterable[UUID]) -> dict[UUID, Practitioner]:
        """The practitioners with these ids, in one question."""
        asked = tables.practitioner.c.id.in_(sorted(set(practitioner_ids)))
        return {practitioner.id: practitioner for practitioner in self._practitioners(asked)}

    def time_zones(self) -> dict[UUID, str]:
        """The time zone of each facility."""
        return {facility.id: facility.time_zone for facility in self.facilities()}

    def _insert(self, table: Table, records: Sequence[Any]) -> None:
        if records:
            self._connection.execute(insert(table), [asdict(record) for record in records])

    def _insert_hours(self, site_id: UUID, hours: Sequence[Opening]) -> None:
        if hours:
            openings = [{"site_id": site_id, **asdict(opening)} for opening in hours]
            self._connection.execute(insert(tables.opening), openings)

    def _settlements(self, *where: ColumnElement[bool]) -> list[Settlement]:
        query = select(tables.settlement).where(*where).order_by(tables.settlement.c.code)
        return [Settlement(*row) for row in self._connection.execute(query)]

    def _facilities(self, *where: ColumnElement[bool]) -> list[Facility]:
        columns = tables.facility.c
        query = select(tables.facility).where(*where).order_by(columns.name, columns.id)
        return [Facility(*row) for row in self._connection.execute(query)]

    def _sites(self, *where: ColumnElement[bool]) -> list[Site]:
        columns = tables.site.c
        rows = self._connection.execute(select(*_SITE).where(*where).order_by(columns.name, columns.id)).all()
        hours = self._hours([row.id for row in rows])
        return [Site(**row._asdict(), hours=tuple(hours[row.id])) for row in rows]

    def _hours(self, site_ids: Sequence[UUID]) -> dict[UUID, list[Opening]]:
        columns = tables.opening.c
        query = select(columns.site_id, columns.weekday, columns.opens, columns.closes)
        if len(site_ids) <= _ASKED_BY_NAME:
            query = query.where(columns.site_id.in_(site_ids))
        hours: dict[UUID, list[Opening]] = defaultdict(list)
        for site_id, *opening in self._connection.execute(query.order_by(columns.weekday, columns.opens)):
            hours[site_id].append(Opening(*opening))
        return hours

    def _kiosks(self, *where: ColumnElement[bool]) -> list[Kiosk]:
        columns = tables.kiosk.c
        query = select(tables.kiosk).where(*where).order_by(columns.label, columns.id)
        return [Kiosk(*row) for row in self._connection.execute(query)]

    def _practitioners(self, *where: ColumnElement[bool]) -> list[Practitioner]:
        columns = tables.practitioner.c
        query = select(tables.practitioner).where(*where).order_by(columns.name, columns.id)
        return [_practitioner(row) for row in self._connection.execute(query)]


def _practitioner(row: Row[Any]) -> Practitioner:
    return Practitioner(row.id, row.facility_id, row.name, row.specialty, tuple(row.languages))
