from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling import tables
from scheduling.calendar_cache import CalendarCache
from scheduling.errors import NotFound
from scheduling.hours import DAY
from scheduling.ids import uuid7
from scheduling.places import Holiday, Kiosk, Opening, Outage, Site, SpecialDay, Stop
from scheduling.store import Book
from tests import build
from tests.build import TUESDAY, local
from tests.scheduling.calendars import CONSULTATION, clock, window
from tests.scheduling.conftest import nobody

pytestmark = pytest.mark.both_databases
MONDAY = TUESDAY - DAY
WHOLE_DAY = ["09:00-17:00"]


def open_on(book: Book, site_id: UUID, day: date = TUESDAY) -> list[str]:
    return [
        f"{clock(each.starts_at)}-{clock(each.ends_at)}" for each in book.site_calendar(site_id).opening(day)
    ]


def usable(book: Book, site_id: UUID, kiosk_id: UUID) -> list[str]:
    spans = book.site_calendar(site_id).spans(window(), CONSULTATION, kiosk_id)
    return [f"{clock(each.starts_at)}-{clock(each.ends_at)}" for each in spans]


def outage(site_id: UUID, kiosk_id: UUID | None = None) -> Outage:
    return Outage(uuid7(), site_id, kiosk_id, local(9), local(16), "maintenance", "A new printer")


@pytest.fixture
def village(book: Book, world: build.World) -> Site:
    """A settlement without an office, where a postman's kit calls."""
    place = build.site(kind="route_stop", name="Спирка Долище", hours=())
    book.add_site(place)
    return place


@pytest.fixture
def kit(book: Book, world: build.World, village: Site) -> Kiosk:
    """The kit, which lives at the post office and calls at the village on Tuesdays."""
    kit = build.kiosk(world.site.id, label="Куфар 1")
    book.add_kiosk(kit)
    book.set_stops(kit.id, [stop(kit, village)])
    return kit


def stop(kit: Kiosk, where: Site, weekday: int = 1) -> Stop:
    return Stop(kit.id, where.id, weekday, time(10), time(12), 1, MONDAY)


class TestHours:
    def test_are_replaced(self, book: Book, world: build.World) -> None:
        book.set_hours(world.site.id, [Opening(1, time(8, 30), time(12, 30))])
        assert open_on(book, world.site.id) == ["08:30-12:30"]
        assert book.site(world.site.id).hours == (Opening(1, time(8, 30), time(12, 30)),)

    def test_give_way_to_a_special_day(self, book: Book, world: build.World) -> None:
        inventory = SpecialDay(world.site.id, TUESDAY, time(14), time(16), "Stock-taking")
        book.set_site_day(world.site.id, TUESDAY, [inventory])
        assert book.site_days(world.site.id, TUESDAY) == [inventory]
        assert book.site_days(world.site.id, TUESDAY + DAY) == []
        assert open_on(book, world.site.id) == ["14:00-16:00"]
        book.set_site_day(world.site.id, TUESDAY, [])
        assert open_on(book, world.site.id) == WHOLE_DAY

    def test_a_special_day_of_another_site_is_refused(self, book: Book, world: build.World) -> None:
        with pytest.raises(ValueError, match="another"):
            book.set_site_day(world.site.id, TUESDAY, [SpecialDay(uuid7(), TUESDAY, None, None, "")])


def republic_day(day: date) -> str | None:
    return "Republic Day" if day == TUESDAY else None


class TestHolidays:
    @pytest.fixture
    def abroad(self, book: Book) -> Book:
        """The same transaction in a country where that Tuesday is a holiday."""
        return Book(book._connection, nobody, CalendarCache(republic_day))

    def test_of_the_country_close_a_site(self, abroad: Book, world: build.World) -> None:
        assert open_on(abroad, world.site.id) == []
        assert abroad.site_calendar(world.site.id).closed_because(TUESDAY) == "Republic Day"

    def test_do_not_close_one_that_does_not_keep_them(self, abroad: Book, world: build.World) -> None:
        abroad.set_keeps_holidays(world.site.id, False)
        assert open_on(abroad, world.site.id) == WHOLE_DAY
        assert not abroad.site(world.site.id).keeps_holidays

    def test_the_operator_can_take_one_away(self, abroad: Book, world: build.World) -> None:
        abroad.set_holiday(Holiday(TUESDAY, "Worked elsewhere in the week", closed=False))
        assert open_on(abroad, world.site.id) == WHOLE_DAY

    def test_the_operator_can_add_one_and_take_it_back(self, abroad: Book, world: build.World) -> None:
        fair = Holiday(MONDAY, "Village fair", closed=True)
        abroad.set_holiday(Holiday(MONDAY, "Fair", closed=True))
        abroad.set_holiday(fair)
        assert abroad.holidays() == [fair]
        assert open_on(abroad, world.site.id, MONDAY) == []
        abroad.remove_holiday(MONDAY)
        assert open_on(abroad, world.site.id, MONDAY) == WHOLE_DAY

    def test_give_way_to_the_sites_own_day(self, abroad: Book, world: build.World) -> None:
        abroad.set_site_day(
            world.site.id, TUESDAY, [SpecialDay(world.site.id, TUESDAY, time(9), time(10), "Pensions")]
        )
        assert open_on(abroad, world.site.id) == ["09:00-10:00"]


class TestRoutes:
    def test_a_stop_is_open_while_the_kit_is_there(self, book: Book, village: Site, kit: Kiosk) -> None:
        assert open_on(book, village.id) == ["10:00-12:00"]
        assert usable(book, village.id, kit.id) == ["10:00-12:00"]
        assert open_on(book, village.id, MONDAY) == []

    def test_a_kit_on_its_way_is_not_at_the_office(self, book: Book, world: build.World, kit: Kiosk) -> None:
        assert usable(book, world.site.id, kit.id) == []
        assert usable(book, world.site.id, world.kiosk.id) == WHOLE_DAY

    def test_a_kit_without_stops_stays_where_it_is_enrolled(
        self, book: Book, world: build.World, village: Site, kit: Kiosk
    ) -> None:
        book.set_stops(kit.id, [])
        assert usable(book, world.site.id, kit.id) == WHOLE_DAY
        assert open_on(book, village.id) == []

    def test_timetables_are_found_by_kit_and_by_place(self, book: Book, village: Site, kit: Kiosk) -> None:
        assert book.stops() == book.stops(kiosk_id=kit.id) == book.stops(site_id=village.id)
        assert book.stops(site_id=uuid7()) == []

    def test_a_stop_of_another_kit_is_refused(self, book: Book, village: Site, kit: Kiosk) -> None:
        with pytest.raises(ValueError, match="another"):
            book.set_stops(uuid7(), [stop(kit, village)])

    def test_a_broken_kit_is_broken_wherever_it_calls(
        self, book: Book, world: build.World, village: Site, kit: Kiosk
    ) -> None:
        book.add_outage(outage(world.site.id, kit.id))
        assert usable(book, village.id, kit.id) == []


class TestOutages:
    def test_are_kept_and_taken_back(self, book: Book, world: build.World) -> None:
        broken = outage(world.site.id, world.kiosk.id)
        book.add_outage(broken)
        assert book.outages(world.site.id, local(10)) == book.outages() == [broken]
        assert book.outages(world.site.id, local(16)) == []
        assert usable(book, world.site.id, world.kiosk.id) == ["16:00-17:00"]
        book.remove_outage(broken.id)
        assert usable(book, world.site.id, world.kiosk.id) == WHOLE_DAY

    def test_one_that_is_not_there_cannot_be_taken_back(self, book: Book) -> None:
        with pytest.raises(NotFound, match="outage"):
            book.remove_outage(uuid7())


def versions(book: Book, site_id: UUID, kiosk_id: UUID) -> tuple[int, int]:
    kiosk = select(tables.resource.c.calendar_version).where(tables.resource.c.id == kiosk_id)
    return book.site_calendar(site_id).version, book._connection.execute(kiosk).scalar_one()


def test_every_change_of_a_site_makes_another_version_of_it_and_of_its_kiosks(
    book: Book, world: build.World
) -> None:
    site_id, broken = world.site.id, outage(world.site.id)
    before = versions(book, site_id, world.kiosk.id)
    book.set_hours(site_id, build.hours())
    book.set_keeps_holidays(site_id, True)
    book.set_site_day(site_id, TUESDAY, [])
    book.set_holiday(Holiday(TUESDAY, "Fair", closed=True))
    book.remove_holiday(TUESDAY)
    book.add_outage(broken)
    book.remove_outage(broken.id)
    book.set_stops(world.kiosk.id, [])
    assert versions(book, site_id, world.kiosk.id) == tuple(number + 8 for number in before)


def test_a_change_of_the_timetable_reaches_every_place_it_names(
    book: Book, world: build.World, village: Site, kit: Kiosk
) -> None:
    other = build.site(kind="route_stop", name="Спирка Синдел", hours=())
    book.add_site(other)
    before = [book.site_calendar(each).version for each in (world.site.id, village.id, other.id)]
    book.set_stops(kit.id, [stop(kit, other)])
    after = [book.site_calendar(each).version for each in (world.site.id, village.id, other.id)]
    assert after == [number + 1 for number in before]


def test_a_site_that_is_not_there_cannot_change(book: Book) -> None:
    with pytest.raises(NotFound, match="site"):
        book.set_hours(UUID(int=0), [])
    with pytest.raises(NotFound, match="site"):
        book.site_calendar(UUID(int=0))
