from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.calendar import (
    Shift,
    Slot,
    Span,
    free_slots,
    instant,
    local_span,
    nearest,
    opening_spans,
    shift_covering,
)
from scheduling.places import Kiosk, Opening
from tests import build
from tests.build import MINUTES_20, NOW, SOFIA, TUESDAY, local

CENTRE, OTHER_CENTRE = UUID(int=1), UUID(int=2)
DOCTOR, COLLEAGUE = UUID(int=3), UUID(int=4)
SITE = build.site()
KIOSK, SECOND_KIOSK = build.kiosk(SITE.id), build.kiosk(SITE.id, label="Гише 2")
MONDAY = TUESDAY - timedelta(days=1)
CLOCKS_FORWARD, CLOCKS_BACK = date(2026, 3, 29), date(2026, 10, 25)  # Sofia: 03:00 → 04:00, 04:00 → 03:00
ZONES = [
    SOFIA,
    "Europe/Dublin",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Tashkent",
]


def on_duty(starts: time = time(8), ends: time = time(16), who: UUID = DOCTOR) -> list[Shift]:
    return [Shift(who, CENTRE, weekday, starts, ends) for weekday in range(7)]


def search(
    shifts: Sequence[Shift],
    kiosks: Sequence[Kiosk] = (KIOSK,),
    busy: dict[UUID, list[Span]] | None = None,
    day: date = TUESDAY,
    now: datetime = NOW - timedelta(days=30),
) -> list[Slot]:
    return free_slots(SITE, kiosks, shifts, {CENTRE: SOFIA}, busy or {}, day, 1, MINUTES_20, now)


def starts(slots: Sequence[Slot]) -> list[str]:
    return [slot.starts_at.astimezone(ZoneInfo(SOFIA)).strftime("%H:%M") for slot in slots]


class TestFreeSlots:
    def test_lie_where_opening_hours_and_roster_meet(self) -> None:
        assert starts(search(on_duty(time(8), time(10)))) == ["09:00", "09:20", "09:40"]

    def test_a_rest_shorter_than_a_slot_is_not_offered(self) -> None:
        assert starts(search(on_duty(time(9), time(9, 59)))) == ["09:00", "09:20"]

    def test_what_has_begun_is_not_offered(self) -> None:
        found = search(on_duty(time(9), time(10)), now=local(9, 20))
        assert starts(found) == ["09:20", "09:40"]

    def test_a_busy_practitioner_is_not_offered(self) -> None:
        busy = {DOCTOR: [Span(local(9, 10), local(9, 40))]}
        assert starts(search(on_duty(time(9), time(10)), busy=busy)) == ["09:40"]

    def test_a_slot_may_begin_the_moment_another_ends(self) -> None:
        busy = {DOCTOR: [Span(local(9), local(9, 20)), Span(local(9, 40), local(10))]}
        assert starts(search(on_duty(time(9), time(10)), busy=busy)) == ["09:20"]

    def test_a_busy_kiosk_gives_way_to_a_free_one(self) -> None:
        busy = {KIOSK.id: [Span(local(9), local(9, 20))]}
        found = search(on_duty(time(9), time(9, 40)), kiosks=[KIOSK, SECOND_KIOSK], busy=busy)
        assert [slot.kiosk_id for slot in found] == [SECOND_KIOSK.id, KIOSK.id]

    def test_without_a_kiosk_nothing_is_offered(self) -> None:
        assert search(on_duty(), kiosks=[]) == []

    def test_each_practitioner_is_offered_by_time(self) -> None:
        both = [*on_duty(time(9), time(9, 40)), *on_duty(time(9), time(9, 20), who=COLLEAGUE)]
        assert [slot.practitioner_id for slot in search(both)] == [DOCTOR, COLLEAGUE, DOCTOR]

    def test_on_a_closed_day_there_are_none(self) -> None:
        assert search(on_duty(), day=TUESDAY + timedelta(days=4)) == []

    def test_a_roster_in_another_zone_means_its_own_wall_clock(self) -> None:
        shifts = [Shift(DOCTOR, CENTRE, 1, time(8), time(9))]  # in Dublin, two hours behind Sofia
        zones = {CENTRE: "Europe/Dublin"}
        found = free_slots(SITE, [KIOSK], shifts, zones, {}, TUESDAY, 1, MINUTES_20, local(0))
        assert starts(found) == ["10:00", "10:20", "10:40"]


class TestClockChanges:
    def test_nine_o_clock_stays_nine_o_clock(self) -> None:
        zone = ZoneInfo(SOFIA)
        before, after = (local_span(CLOCKS_FORWARD + day, time(9), time(10), zone) for day in (-DAY, DAY))
        assert before and after
        assert (before.starts_at.hour, after.starts_at.hour) == (7, 6)

    def test_an_hour_that_does_not_exist_is_not_open(self) -> None:
        assert local_span(CLOCKS_FORWARD, time(3), time(4), ZoneInfo(SOFIA)) is None

    def test_an_hour_that_comes_twice_is_never_promised(self) -> None:
        assert local_span(CLOCKS_BACK, time(3, 10), time(3, 50), ZoneInfo(SOFIA)) is None

    def test_an_opening_across_the_change_is_an_hour_shorter_or_longer(self) -> None:
        lengths = []
        for day in (CLOCKS_FORWARD, TUESDAY, CLOCKS_BACK):
            span = local_span(day, time(1), time(6), ZoneInfo(SOFIA))
            assert span
            lengths.append(span.ends_at - span.starts_at)
        assert lengths == [timedelta(hours=4), timedelta(hours=5), timedelta(hours=6)]

    def test_an_ambiguous_instant_is_the_later_one(self) -> None:
        assert instant(CLOCKS_BACK, time(3, 30), ZoneInfo(SOFIA)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


class TestShiftCovering:
    def covering(self, span: Span) -> Shift | None:
        shifts = [*on_duty(time(8), time(12)), *on_duty(time(12), time(16))]
        return shift_covering(span, SITE, shifts, {CENTRE: SOFIA})

    def test_finds_the_shift(self) -> None:
        shift = self.covering(Span(local(13), local(13, 20)))
        assert shift
        assert (shift.weekday, shift.starts) == (1, time(12))

    @pytest.mark.parametrize(
        ("begin", "end"),
        [
            (local(8, 50), local(9, 10)),
            (local(11, 50), local(12, 10)),
            (local(15, 50), local(16, 10)),
            (local(3), local(3, 20)),
        ],
        ids=["before opening", "across two shifts", "beyond the shift", "at night"],
    )
    def test_finds_none_outside(self, begin: datetime, end: datetime) -> None:
        assert self.covering(Span(begin, end)) is None


class TestNearest:
    def test_the_closest_times_come_in_order(self) -> None:
        slots = [build.slot(starts_at=local(hour)) for hour in (9, 10, 11, 12, 13)]
        assert [slot.starts_at for slot in nearest(slots, local(11), 3)] == [local(10), local(11), local(12)]

    def test_each_time_is_offered_once(self) -> None:
        first, second = build.slot(), build.slot()
        assert nearest([first, second], local(11), 3) == (first,)


def test_a_span_contains_what_ends_with_it_and_touches_what_follows() -> None:
    day, morning, afternoon = (Span(local(begin), local(end)) for begin, end in ((9, 17), (9, 12), (12, 17)))
    assert day.contains(morning) and day.contains(afternoon)
    assert not morning.contains(day)
    assert not morning.overlaps(afternoon)


DAY = timedelta(days=1)
quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
weekly = st.lists(
    st.tuples(st.integers(0, 6), quarters, quarters).filter(lambda hours: hours[1] < hours[2]),
    min_size=1,
    max_size=6,
)
days_of_2026 = st.one_of(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.sampled_from([CLOCKS_FORWARD, CLOCKS_BACK, date(2026, 4, 4), date(2026, 9, 5), date(2026, 10, 3)]),
)
busy_spans = st.lists(
    st.tuples(st.integers(-1000, 5000), st.integers(1, 300)), max_size=6
)  # minutes after midnight, length


def wall_clock_inside(at: datetime, zone: str, hours: Sequence[tuple[int, time, time]]) -> bool:
    shown = at.astimezone(ZoneInfo(zone))
    return any(weekday == shown.weekday() and begin <= shown.time() < end for weekday, begin, end in hours)


@given(
    site_zone=st.sampled_from(ZONES),
    facility_zone=st.sampled_from(ZONES),
    openings=weekly,
    duties=weekly,
    day=days_of_2026,
    taken=busy_spans,
    kiosk_taken=busy_spans,
    length=st.sampled_from([10, 20, 45]),
)
def test_a_free_slot_is_inside_hours_and_roster_on_the_wall_clock_and_overlaps_nothing_taken(
    site_zone: str,
    facility_zone: str,
    openings: list[tuple[int, time, time]],
    duties: list[tuple[int, time, time]],
    day: date,
    taken: list[tuple[int, int]],
    kiosk_taken: list[tuple[int, int]],
    length: int,
) -> None:
    midnight = datetime.combine(day, time(0), UTC)
    place = build.site(time_zone=site_zone, hours=tuple(Opening(*hours) for hours in openings))
    counter = build.kiosk(place.id)
    busy = {
        owner: [
            Span(midnight + timedelta(minutes=begin), midnight + timedelta(minutes=begin + lasts))
            for begin, lasts in spans
        ]
        for owner, spans in ((DOCTOR, taken), (counter.id, kiosk_taken))
    }
    shifts = [Shift(DOCTOR, CENTRE, *hours) for hours in duties]
    zones = {CENTRE: facility_zone}
    found = free_slots(
        place, [counter], shifts, zones, busy, day, 3, timedelta(minutes=length), midnight - 7 * DAY
    )
    for slot in found:
        span = Span(slot.starts_at, slot.ends_at)
        assert slot.ends_at - slot.starts_at == timedelta(minutes=length)
        for minute in range(0, length, 5):  # hours, rosters and clock changes fall on quarters
            moment = slot.starts_at + timedelta(minutes=minute)
            assert wall_clock_inside(moment, site_zone, openings)
            assert wall_clock_inside(moment, facility_zone, duties)
        assert not any(span.overlaps(other) for other in (*busy[DOCTOR], *busy[counter.id]))
        assert shift_covering(span, place, shifts, zones) is not None
        assert day <= slot.starts_at.astimezone(ZoneInfo(site_zone)).date() < day + 3 * DAY


@given(zone=st.sampled_from(ZONES), openings=weekly, day=days_of_2026)
def test_opening_spans_come_in_order_and_on_the_days_asked_for(
    zone: str, openings: list[tuple[int, time, time]], day: date
) -> None:
    place = build.site(time_zone=zone, hours=tuple(Opening(*hours) for hours in openings))
    spans = opening_spans(place, day, 7)
    assert spans == sorted(spans, key=lambda span: span.starts_at)
    assert all(span.starts_at < span.ends_at for span in spans)
    assert all(day <= span.starts_at.astimezone(ZoneInfo(zone)).date() < day + 7 * DAY for span in spans)
