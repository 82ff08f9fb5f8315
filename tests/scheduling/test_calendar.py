from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scheduling.calendar import first_free, nearest, slots_of
from scheduling.hours import DAY, Span, instant
from scheduling.places import Opening
from scheduling.placing import in_the_way, placing
from scheduling.rosters import Shift
from scheduling.visit_types import VisitType
from tests import build
from tests.build import NOW, SOFIA, TUESDAY, local
from tests.scheduling.calendars import (
    CENTRE,
    COLLEAGUE,
    CONSULTATION,
    DOCTOR,
    KIOSK,
    OTHER_CENTRE,
    SECOND_KIOSK,
    day_sheet,
    in_seconds,
    on_duty,
    practitioner,
    search,
    site,
    span,
    starts,
    taken,
    window,
)

CLOCKS_FORWARD, CLOCKS_BACK = date(2026, 3, 29), date(2026, 10, 25)
ZONES = [
    SOFIA,
    "Europe/Dublin",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Tashkent",
]
MORNING = practitioner(on_duty(time(9), time(10)))
BY_PHONE = build.visit_type(id="phone", needs_kiosk=False, needs_clerk=False, channels=("audio",))


class TestFreeSlots:
    def test_lie_where_opening_hours_and_roster_meet(self) -> None:
        assert starts(search(practitioner(on_duty(time(8), time(10))))) == ["09:00", "09:20", "09:40"]

    def test_begin_on_the_grid_of_the_duty_and_not_of_the_opening(self) -> None:
        assert starts(search(practitioner(on_duty(time(8, 50), time(10))))) == ["09:10", "09:30"]

    def test_a_rest_shorter_than_a_slot_is_not_offered(self) -> None:
        assert starts(search(practitioner(on_duty(time(9), time(9, 59))))) == ["09:00", "09:20"]

    def test_what_has_begun_is_not_offered(self) -> None:
        assert starts(search(MORNING, now=local(9, 20))) == ["09:20", "09:40"]

    def test_what_begins_sooner_than_it_must_be_booked_is_not_offered(self) -> None:
        kind = build.visit_type(lead_minutes=25)
        assert starts(search(MORNING, kind=kind, now=local(9))) == ["09:40"]

    def test_a_busy_practitioner_is_not_offered(self) -> None:
        busy = {DOCTOR: taken((local(9, 10), local(9, 40)))}
        assert starts(search(MORNING, busy=busy)) == ["09:40"]

    def test_a_slot_may_begin_the_moment_another_ends(self) -> None:
        busy = {DOCTOR: taken((local(9), local(9, 20)), (local(9, 40), local(10)))}
        assert starts(search(MORNING, busy=busy)) == ["09:20"]

    def test_a_busy_kiosk_gives_way_to_a_free_one(self) -> None:
        busy = {KIOSK: taken((local(9), local(9, 20)))}
        found = search(
            practitioner(on_duty(time(9), time(9, 40))), at=site(kiosks=(KIOSK, SECOND_KIOSK)), busy=busy
        )
        assert [slot.kiosk_id for slot in found] == [SECOND_KIOSK, KIOSK]

    def test_without_a_kiosk_nothing_is_offered(self) -> None:
        assert search(MORNING, at=site(kiosks=())) == []

    def test_a_visit_that_needs_no_kiosk_takes_none(self) -> None:
        found = search(MORNING, at=site(kiosks=()), kind=BY_PHONE)
        assert [slot.kiosk_id for slot in found] == [None, None, None]

    def test_each_practitioner_is_offered_by_time(self) -> None:
        colleague = practitioner(on_duty(time(9), time(9, 20)), practitioner_id=COLLEAGUE)
        found = search(colleague, practitioner(on_duty(time(9), time(9, 40))))
        assert [slot.practitioner_id for slot in found] == [DOCTOR, COLLEAGUE, DOCTOR]

    def test_duties_that_overlap_offer_a_time_once(self) -> None:
        both = practitioner([*on_duty(time(9), time(10)), *on_duty(time(9, 20), time(10, 20))])
        assert starts(search(both)) == ["09:00", "09:20", "09:40", "10:00"]

    def test_of_one_facility_are_those_of_its_duties(self) -> None:
        both = practitioner(
            [*on_duty(time(9), time(10)), *on_duty(time(11), time(12), facility_id=OTHER_CENTRE)],
            zones={CENTRE: SOFIA, OTHER_CENTRE: SOFIA},
        )
        assert starts(search(both, facility_id=OTHER_CENTRE)) == ["11:00", "11:20", "11:40"]

    def test_on_a_closed_day_there_are_none(self) -> None:
        assert search(practitioner(), day=TUESDAY + 4 * DAY) == []

    def test_a_roster_in_another_zone_means_its_own_wall_clock(self) -> None:
        there = practitioner(on_duty(time(8), time(9)), zones={CENTRE: "Europe/Dublin"})  # two hours behind
        assert starts(search(there)) == ["10:00", "10:20", "10:40"]


class TestBuffer:
    KIND = build.visit_type(buffer_minutes=10)

    def test_stands_between_two_slots(self) -> None:
        who = practitioner(on_duty(time(9), time(10)))
        assert starts(search(who, kind=self.KIND)) == ["09:00", "09:30"]

    def test_may_reach_beyond_the_duty(self) -> None:
        who = practitioner(on_duty(time(9), time(9, 20)))
        assert starts(search(who, kind=self.KIND)) == ["09:00"]

    def test_must_be_free_of_the_practitioner_but_not_of_the_kiosk(self) -> None:
        after = taken((local(9, 20), local(9, 30)))
        assert starts(search(MORNING, kind=self.KIND, busy={DOCTOR: after})) == ["09:30"]
        assert starts(search(MORNING, kind=self.KIND, busy={KIOSK: after})) == ["09:00", "09:30"]


class TestDaySheet:
    def test_shows_what_is_taken_beside_what_is_free(self) -> None:
        assert day_sheet(MORNING, {DOCTOR: taken((local(9, 20), local(9, 40)))}) == [
            ("09:00", True),
            ("09:20", False),
            ("09:40", True),
        ]

    def test_shows_what_has_begun(self) -> None:
        assert day_sheet(MORNING, {}, now=local(9, 10))[0] == ("09:00", False)

    def test_a_taken_kiosk_is_named(self) -> None:
        busy = {KIOSK: taken((local(9), local(10)))}
        found = slots_of(MORNING, site(), CONSULTATION, window(), in_seconds(busy), NOW)
        assert {(slot.kiosk_id, free) for slot, free in found} == {(KIOSK, False)}

    def test_a_window_cuts_by_the_start(self) -> None:
        found = slots_of(MORNING, site(), CONSULTATION, span("09:10", "09:40"), {}, local(0))
        assert starts([slot for slot, _ in found]) == ["09:20"]


class TestFirstFree:
    def test_is_the_first_of_all(self) -> None:
        colleague = practitioner(on_duty(time(9, 10), time(12)), practitioner_id=COLLEAGUE)
        busy = {DOCTOR: taken((local(9), local(9, 20)))}
        slot = first_free([MORNING, colleague], site(), CONSULTATION, window(), busy, local(0))
        assert slot
        assert (slot.practitioner_id, slot.starts_at) == (COLLEAGUE, local(9, 10))

    def test_is_none_when_everything_is_taken(self) -> None:
        busy = {DOCTOR: taken((local(0), local(23)))}
        assert first_free([MORNING], site(), CONSULTATION, window(), busy, local(0)) is None

    def test_is_none_where_nobody_can_be_seen(self) -> None:
        assert first_free([MORNING], site(kiosks=()), CONSULTATION, window(), {}, local(0)) is None


class TestNearest:
    def test_the_closest_times_come_in_order(self) -> None:
        slots = [build.slot(starts_at=local(hour)) for hour in (9, 10, 11, 12, 13)]
        assert [slot.starts_at for slot in nearest(slots, local(11), 3)] == [local(10), local(11), local(12)]

    def test_each_time_is_offered_once(self) -> None:
        first, second = build.slot(), build.slot()
        assert nearest([first, second], local(11), 3) == (first,)


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
kinds = st.builds(
    build.visit_type,
    minutes=st.sampled_from([10, 20, 45]),
    buffer_minutes=st.sampled_from([0, 5, 15]),
    lead_minutes=st.sampled_from([0, 600]),
)


def wall_clock_inside(at: datetime, zone: str, hours: list[tuple[int, time, time]]) -> bool:
    shown = at.astimezone(ZoneInfo(zone))
    return any(weekday == shown.weekday() and begin <= shown.time() < end for weekday, begin, end in hours)


def spans_after(day: date, pairs: list[tuple[int, int]]) -> list[Span]:
    midnight = instant(day, time(), ZoneInfo("UTC"))
    minute = timedelta(minutes=1)
    return [Span(midnight + begin * minute, midnight + (begin + lasts) * minute) for begin, lasts in pairs]


@given(
    zones=st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES)),
    openings=weekly,
    duties=weekly,
    day=days_of_2026,
    busy=st.tuples(busy_spans, busy_spans),
    kind=kinds,
)
def test_a_free_slot_is_inside_hours_and_roster_on_the_wall_clock_and_overlaps_nothing_taken(
    zones: tuple[str, str],
    openings: list[tuple[int, time, time]],
    duties: list[tuple[int, time, time]],
    day: date,
    busy: tuple[list[tuple[int, int]], list[tuple[int, int]]],
    kind: VisitType,
) -> None:
    here, there = zones
    place = build.site(time_zone=here, hours=tuple(Opening(*hours) for hours in openings))
    who = practitioner(
        [Shift(DOCTOR, CENTRE, *hours) for hours in duties],
        zones={CENTRE: there},
        visit_types={kind.id: kind},
    )
    taken_by = {DOCTOR: spans_after(day, busy[0]), KIOSK: spans_after(day, busy[1])}
    now = instant(day, time(6), ZoneInfo("UTC"))
    found = search(who, at=site(place), kind=kind, busy=taken_by, day=day, days=3, now=now)
    for slot in found:
        visit, kept = Span(slot.starts_at, slot.ends_at), Span(slot.starts_at, slot.ends_at + kind.buffer)
        assert slot.starts_at >= now + kind.lead
        assert slot.ends_at - slot.starts_at == kind.length
        for minute in range(0, kind.minutes, 5):  # hours, rosters and clock changes fall on quarters
            moment = slot.starts_at + timedelta(minutes=minute)
            assert wall_clock_inside(moment, here, openings)
            assert wall_clock_inside(moment, there, duties)
        assert not any(kept.overlaps(other) for other in taken_by[DOCTOR])
        assert not any(visit.overlaps(other) for other in taken_by[KIOSK])
        assert placing(slot, kind, who, site(place)) == CENTRE
        assert day <= slot.starts_at.astimezone(ZoneInfo(here)).date() < day + 3 * DAY


@given(zone=st.sampled_from(ZONES), openings=weekly, duties=weekly, day=days_of_2026, busy=busy_spans)
def test_three_ways_to_ask_give_one_answer(
    zone: str,
    openings: list[tuple[int, time, time]],
    duties: list[tuple[int, time, time]],
    day: date,
    busy: list[tuple[int, int]],
) -> None:
    place = site(build.site(time_zone=zone, hours=tuple(Opening(*hours) for hours in openings)))
    who = practitioner([Shift(DOCTOR, CENTRE, *hours) for hours in duties], zones={CENTRE: zone})
    taken_by = {DOCTOR: spans_after(day, busy)}
    whole = window(day, 7, zone)
    free = search(who, at=place, busy=taken_by, day=day, days=7, now=whole.starts_at)
    sheet = slots_of(who, place, CONSULTATION, whole, in_seconds(taken_by), whole.starts_at)
    assert [slot for slot, is_free in sheet if is_free] == free
    first = first_free([who], place, CONSULTATION, whole, taken_by, whole.starts_at)
    assert first == (free[0] if free else None)
    assert all(in_the_way(slot, CONSULTATION, who, place) is None for slot, _ in sheet)


def test_a_slot_of_nobody_is_never_found() -> None:
    assert search() == []
    assert search(practitioner([], practitioner_id=UUID(int=9))) == []
