"""Reads and writes when sites can be used: hours, special days, holidays, stops of kits, outages."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update

from scheduling import tables
from scheduling.openings import PlacedKiosk, SiteCalendar
from scheduling.places import Holiday, Opening, Outage, SpecialDay, Stop
from scheduling.stores.ledger import columns_of, found
from scheduling.stores.places import PlaceStore


class HoursStore(PlaceStore):
    """The part of the book that knows when a site is open and what is missing there."""

    def set_hours(self, site_id: UUID, hours: Sequence[Opening]) -> None:
        """Put these in place of a site's weekly hours."""
        self._site_changes([site_id])
        self._connection.execute(delete(tables.opening).where(tables.opening.c.site_id == site_id))
        self._insert_hours(site_id, hours)

    def set_keeps_holidays(self, site_id: UUID, keeps_holidays: bool) -> None:
        """Let a site close on holidays, or not."""
        self._site_changes([site_id])
        self._connection.execute(
            update(tables.site).where(tables.site.c.id == site_id).values(keeps_holidays=keeps_holidays)
        )

    def set_site_day(self, site_id: UUID, day: date, special: Sequence[SpecialDay]) -> None:
        """Let these hold on one day instead of a site's weekly hours and holidays; none: as every week."""
        if any((each.site_id, each.day) != (site_id, day) for each in special):
            raise ValueError("a special day belongs to another site or day")
        self._site_changes([site_id])
        columns = tables.site_day.c
        self._connection.execute(
            delete(tables.site_day).where(columns.site_id == site_id, columns.day == day)
        )
        self._insert(tables.site_day, special)

    def site_days(self, site_id: UUID, from_day: date | None = None) -> list[SpecialDay]:
        """A site's special days from a day on, in order."""
        columns = tables.site_day.c
        later = [] if from_day is None else [columns.day >= from_day]
        return self._site_days(columns.site_id == site_id, *later)

    def set_holiday(self, holiday: Holiday) -> None:
        """Let the operator's word on one day stand before the country's."""
        self._every_site_changes()
        self._connection.execute(delete(tables.holiday).where(tables.holiday.c.day == holiday.day))
        self._connection.execute(insert(tables.holiday).values(asdict(holiday)))

    def remove_holiday(self, day: date) -> None:
        """Take the operator's word on one day back."""
        self._every_site_changes()
        self._connection.execute(delete(tables.holiday).where(tables.holiday.c.day == day))

    def holidays(self) -> list[Holiday]:
        """The operator's own calendar, by day."""
        query = select(tables.holiday).order_by(tables.holiday.c.day)
        return [Holiday(*row) for row in self._connection.execute(query)]

    def set_stops(self, kiosk_id: UUID, stops: Sequence[Stop]) -> None:
        """Put these in place of a kiosk's timetable; a kiosk with no stops stays where it is enrolled."""
        if any(stop.kiosk_id != kiosk_id for stop in stops):
            raise ValueError("a stop belongs to another kiosk")
        before = {stop.site_id for stop in self.stops(kiosk_id=kiosk_id)}
        touched = before | {stop.site_id for stop in stops} | {self.kiosk(kiosk_id).site_id}
        self._site_changes(touched, [kiosk_id])
        self._connection.execute(delete(tables.stop).where(tables.stop.c.kiosk_id == kiosk_id))
        self._insert(tables.stop, stops)

    def stops(self, *, kiosk_id: UUID | None = None, site_id: UUID | None = None) -> list[Stop]:
        """The timetables, of one kiosk or at one site where given, by weekday and hour."""
        columns = tables.stop.c
        wanted = {"kiosk_id": kiosk_id, "site_id": site_id}
        return self._stops(*[columns[name] == value for name, value in wanted.items() if value is not None])

    def add_outage(self, outage: Outage) -> None:
        """Say that a site, or one kiosk, lacks something for a while."""
        self._outage_changes(outage)
        self._connection.execute(insert(tables.outage).values(asdict(outage)))

    def remove_outage(self, outage_id: UUID) -> None:
        """Take an outage back."""
        outage = found(next(iter(self._outages(tables.outage.c.id == outage_id)), None), "outage")
        self._outage_changes(outage)
        self._connection.execute(delete(tables.outage).where(tables.outage.c.id == outage_id))

    def outages(self, site_id: UUID | None = None, after: datetime | None = None) -> list[Outage]:
        """The outages, of one site where given, that last beyond a moment, by start."""
        columns = tables.outage.c
        where = [] if site_id is None else [columns.site_id == site_id]
        return self._outages(*where, *([] if after is None else [columns.ends_at > after]))

    def _outage_changes(self, outage: Outage) -> None:
        if outage.kiosk_id is None:
            self._site_changes([outage.site_id])
            return
        calls_at = {stop.site_id for stop in self.stops(kiosk_id=outage.kiosk_id)}
        self._site_changes({outage.site_id, *calls_at}, [outage.kiosk_id])

    def _load_site(self, site_id: UUID, version: int) -> SiteCalendar:
        """The calendar of a site, whose version was read before; the kiosks' versions are read first."""
        kiosks = self._placed(site_id)
        ids = [kiosk.kiosk_id for kiosk in kiosks]
        outage, special = tables.outage.c, defaultdict(list)
        for each in self.site_days(site_id):
            special[each.day].append(each)
        return SiteCalendar(
            site=self.site(site_id),
            version=version,
            holiday_name=self._holiday_name(),
            kiosks=tuple(kiosks),
            special_days=dict(special),
            stops=tuple(self.stops(site_id=site_id)),
            outages=tuple(
                self._outages(
                    ((outage.site_id == site_id) & outage.kiosk_id.is_(None)) | outage.kiosk_id.in_(ids)
                )
            ),
        )

    def _placed(self, site_id: UUID) -> list[PlacedKiosk]:
        kiosk, resource, stop = tables.kiosk.c, tables.resource.c, tables.stop.c
        calls_here = kiosk.id.in_(select(stop.kiosk_id).where(stop.site_id == site_id))
        rows = self._connection.execute(
            select(kiosk.id, resource.calendar_version)
            .join(tables.resource, resource.id == kiosk.id)
            .where((kiosk.site_id == site_id) | calls_here)
            .order_by(kiosk.label, kiosk.id)
        ).all()
        stops: dict[UUID, list[Stop]] = defaultdict(list)
        for each in self._stops(stop.kiosk_id.in_([row.id for row in rows])):
            stops[each.kiosk_id].append(each)
        placed = (
            PlacedKiosk(
                row.id,
                row.calendar_version,
                travels=row.id in stops,
                stops=tuple(each for each in stops.get(row.id, ()) if each.site_id == site_id),
            )
            for row in rows
        )
        return [each for each in placed if each.stops or not each.travels]

    def _holiday_name(self) -> Callable[[date], str | None]:
        own = {each.day: each for each in self.holidays()}
        national = self._calendars.national_holiday

        def name(day: date) -> str | None:
            if day in own:
                return own[day].name if own[day].closed else None
            return national(day)

        return name

    def _site_days(self, *where: ColumnElement[bool]) -> list[SpecialDay]:
        columns = tables.site_day.c
        query = select(*columns_of(SpecialDay, tables.site_day)).where(*where)
        return [
            SpecialDay(*row) for row in self._connection.execute(query.order_by(columns.day, columns.opens))
        ]

    def _stops(self, *where: ColumnElement[bool]) -> list[Stop]:
        columns = tables.stop.c
        query = select(*columns_of(Stop, tables.stop)).where(*where)
        return [
            Stop(*row)
            for row in self._connection.execute(query.order_by(columns.weekday, columns.arrives, columns.id))
        ]

    def _outages(self, *where: ColumnElement[bool]) -> list[Outage]:
        columns = tables.outage.c
        query = select(*columns_of(Outage, tables.outage)).where(*where)
        return [
            Outage(*row) for row in self._connection.execute(query.order_by(columns.starts_at, columns.id))
        ]
