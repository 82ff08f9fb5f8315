from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from scheduling.hours import DAY
from scheduling.openings import PlacedKiosk, SiteCalendar
from scheduling.places import Opening, Outage, OutageKind, SpecialDay, Stop
from scheduling.visit_types import VisitType
from tests import build
from tests.build import TUESDAY, local
from tests.scheduling.calendars import CONSULTATION, KIOSK, SECOND_KIOSK, SITE, clock, site, window

TEN, ELEVEN = local(10), local(11)
MONDAY, SATURDAY = TUESDAY - DAY, TUESDAY + 4 * DAY
BY_VIDEO_ONLY = build.visit_type(id="video", channels=("video",))
ALONE = build.visit_type(id="alone", needs_clerk=False)


def open_on(calendar: SiteCalendar, day: date = TUESDAY) -> list[str]:
    return [f"{clock(span.starts_at)}-{clock(span.ends_at)}" for span in calendar.opening(day)]


def usable(
    calendar: SiteCalendar, kiosk_id: UUID | None = KIOSK, kind: VisitType = CONSULTATION
) -> list[str]:
    spans = calendar.spans(window(), kind, kiosk_id)
    return [f"{clock(span.starts_at)}-{clock(span.ends_at)}" for span in spans]


def special(opens: time | None = None, closes: time | None = None, note: str = "") -> SpecialDay:
    return SpecialDay(SITE.id, TUESDAY, opens, closes, note)


def on(*days: SpecialDay) -> dict[date, Sequence[SpecialDay]]:
    return {TUESDAY: days}


def holiday(day: date) -> str | None:
    return "Day of the village" if day == TUESDAY else None


class TestWeeklyHours:
    def test_hold_on_their_weekday(self) -> None:
        assert open_on(site()) == ["09:00-17:00"]
        assert open_on(site(), SATURDAY) == []

    def test_two_half_days_that_touch_are_one(self) -> None:
        halves = (Opening(1, time(12), time(16)), Opening(1, time(8), time(12)))
        assert open_on(site(replace(SITE, hours=halves))) == ["08:00-16:00"]


class TestSpecialDays:
    def test_replace_the_weekly_hours(self) -> None:
        assert open_on(site(special_days=on(special(time(10), time(12))))) == ["10:00-12:00"]

    def test_close_without_times(self) -> None:
        assert open_on(site(special_days=on(special()))) == []

    def test_open_on_a_holiday(self) -> None:
        calendar = site(special_days=on(special(time(10), time(12))), holiday_name=holiday)
        assert open_on(calendar) == ["10:00-12:00"]

    def test_say_why(self) -> None:
        assert site(special_days=on(special(note="Painting"))).closed_because(TUESDAY) == "Painting"


class TestHolidays:
    def test_close_a_site(self) -> None:
        calendar = site(holiday_name=holiday)
        assert (open_on(calendar), open_on(calendar, MONDAY)) == ([], ["09:00-17:00"])
        assert calendar.closed_because(TUESDAY) == "Day of the village"
        assert calendar.closed_because(MONDAY) is None

    def test_do_not_close_one_that_does_not_keep_them(self) -> None:
        calendar = site(replace(SITE, keeps_holidays=False), holiday_name=holiday)
        assert open_on(calendar) == ["09:00-17:00"]
        assert calendar.closed_because(TUESDAY) is None

    def test_keep_the_postman_at_home(self) -> None:
        assert open_on(stopping_place(stop(), holiday_name=holiday)) == []


def stop(
    arrives: time = time(10),
    leaves: time = time(12),
    every_weeks: int = 1,
    first_day: date = MONDAY,
    kiosk_id: UUID = KIOSK,
) -> Stop:
    return Stop(kiosk_id, SITE.id, 1, arrives, leaves, every_weeks, first_day)


def stopping_place(*stops: Stop, **changes: Any) -> SiteCalendar:
    place = replace(SITE, kind="route_stop")
    kit = PlacedKiosk(KIOSK, 1, travels=True, stops=tuple(each for each in stops if each.kiosk_id == KIOSK))
    return replace(site(place), **{"stops": stops, "kiosks": (kit,), **changes}, _known={})


class TestRouteStops:
    def test_are_open_exactly_while_the_kit_is_there(self) -> None:
        calendar = stopping_place(stop())
        assert (open_on(calendar), usable(calendar)) == (["10:00-12:00"], ["10:00-12:00"])
        assert open_on(calendar, MONDAY) == []

    def test_every_second_week_begin_with_the_week_of_the_first_day(self) -> None:
        calendar = stopping_place(stop(every_weeks=2, first_day=TUESDAY))
        tuesdays = [TUESDAY + number * 7 * DAY for number in range(-2, 4)]
        assert [bool(open_on(calendar, day)) for day in tuesdays] == [False, False, True, False, True, False]

    def test_count_weeks_and_not_days(self) -> None:
        thursday_before = TUESDAY - 5 * DAY
        calendar = stopping_place(stop(every_weeks=2, first_day=thursday_before))
        assert not open_on(calendar)
        assert open_on(calendar, TUESDAY + 7 * DAY)

    def test_can_be_shortened_by_a_special_day_but_not_made_longer(self) -> None:
        calendar = stopping_place(stop(), special_days=on(special(time(11), time(15))))
        assert open_on(calendar) == ["11:00-12:00"]

    def test_a_kit_that_calls_at_an_office_is_there_only_then(self) -> None:
        kit = PlacedKiosk(SECOND_KIOSK, 1, travels=True, stops=(stop(kiosk_id=SECOND_KIOSK),))
        calendar = replace(site(), kiosks=(PlacedKiosk(KIOSK, 1), kit), _known={})
        assert (usable(calendar), usable(calendar, SECOND_KIOSK)) == (["09:00-17:00"], ["10:00-12:00"])


def outage(
    kind: OutageKind = "maintenance",
    kiosk_id: UUID | None = None,
    starts_at: datetime = TEN,
    ends_at: datetime = ELEVEN,
) -> Outage:
    return Outage(UUID(int=8), SITE.id, kiosk_id, starts_at, ends_at, kind, "")


class TestOutages:
    def test_maintenance_of_the_site_stops_everything(self) -> None:
        calendar = site(outages=(outage(),))
        for kiosk_id in (None, KIOSK):
            assert usable(calendar, kiosk_id, ALONE) == ["09:00-10:00", "11:00-17:00"]

    def test_maintenance_of_one_kiosk_leaves_the_other_alone(self) -> None:
        calendar = replace(
            site(outages=(outage(kiosk_id=KIOSK),)),
            kiosks=(PlacedKiosk(KIOSK, 1), PlacedKiosk(SECOND_KIOSK, 1)),
            _known={},
        )
        assert usable(calendar) == ["09:00-10:00", "11:00-17:00"]
        assert usable(calendar, SECOND_KIOSK) == ["09:00-17:00"]

    def test_an_absent_clerk_stops_only_what_needs_one(self) -> None:
        calendar = site(outages=(outage("clerk_away"),))
        assert usable(calendar) == ["09:00-10:00", "11:00-17:00"]
        assert usable(calendar, kind=ALONE) == ["09:00-17:00"]

    def test_a_dead_line_stops_what_cannot_be_had_in_writing(self) -> None:
        calendar = site(outages=(outage("line"),))
        assert usable(calendar) == ["09:00-17:00"]
        assert usable(calendar, kind=BY_VIDEO_ONLY) == ["09:00-10:00", "11:00-17:00"]

    def test_one_that_begins_before_and_ends_after_closes_the_day(self) -> None:
        calendar = site(outages=(outage(starts_at=local(0, 0, MONDAY), ends_at=local(0, 0, SATURDAY)),))
        assert usable(calendar) == []

    def test_must_end_after_it_starts(self) -> None:
        with pytest.raises(ValueError, match="end"):
            outage(ends_at=local(10))


def test_a_kiosk_of_another_site_can_never_be_used_here() -> None:
    assert usable(site(), UUID(int=77)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: special(time(9)),
        lambda: special(time(9), time(9)),
        lambda: stop(leaves=time(10)),
        lambda: stop(every_weeks=0),
        lambda: Stop(KIOSK, SITE.id, 7, time(9), time(10), 1, MONDAY),
    ],
)
def test_what_cannot_be_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"times|after|weekday|weeks"):
        wrong()
