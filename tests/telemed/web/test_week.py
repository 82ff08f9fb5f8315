"""The week's grid: which hours a day shows, and why."""

from datetime import date, time, timedelta

from scheduling.ids import uuid7
from scheduling.people import Practitioner
from scheduling.rosters import DutyDay, Leave, Shift
from telemed.web.week import Cell, Grid, monday_of, periods_of, week_of
from tests import build

MONDAY = date(2026, 11, 16)
WHO = build.practitioner(uuid7())
MORNING = (time(8), time(12))
EVENING = (time(17), time(21, 30))


def shift(weekday: int, starts: time, ends: time, **validity: date) -> Shift:
    return Shift(WHO.id, WHO.facility_id, weekday, starts, ends, **validity)


def grid(shifts: list[Shift], changed: tuple[DutyDay, ...] = (), leaves: tuple[Leave, ...] = ()) -> Grid:
    return week_of(MONDAY, [WHO], shifts, changed, leaves)


def instead(day: date, starts: time | None, ends: time | None, who: Practitioner = WHO) -> DutyDay:
    return DutyDay(who.id, who.facility_id, day, starts, ends)


def cells(of: Grid) -> tuple[Cell, ...]:
    return of.rows[0].cells


def shown(cell: Cell) -> list[tuple[time, time]]:
    return [(stretch.starts, stretch.ends) for stretch in cell.stretches]


def test_a_week_begins_on_monday_whatever_day_is_asked_for() -> None:
    assert {monday_of(MONDAY + timedelta(days=number)) for number in range(7)} == {MONDAY}


def test_weekly_hours_stand_on_their_weekday_in_order() -> None:
    week = cells(grid([shift(0, time(13), time(17)), shift(0, *MORNING), shift(2, *MORNING)]))
    assert shown(week[0]) == [MORNING, (time(13), time(17))]
    assert [cell.why for cell in week] == ["weekly", "off", "weekly", "off", "off", "off", "off"]


def test_a_shift_is_shown_only_while_it_holds_both_ends_included() -> None:
    until = shift(0, *MORNING, valid_until=MONDAY)
    over = shift(1, *MORNING, valid_until=MONDAY)
    begins = shift(2, *MORNING, valid_from=MONDAY + timedelta(days=2))
    later = shift(3, *MORNING, valid_from=MONDAY + timedelta(days=7))
    assert [bool(cell.stretches) for cell in cells(grid([until, over, begins, later]))[:4]] == [
        True,
        False,
        True,
        False,
    ]


def test_a_changed_day_stands_before_the_weekly_hours_and_may_be_free() -> None:
    week = cells(grid([shift(0, *MORNING), shift(1, *MORNING)], (instead(MONDAY, time(10), time(11)),)))
    assert (week[0].why, shown(week[0])) == ("changed", [(time(10), time(11))])
    free = cells(grid([shift(0, *MORNING)], (instead(MONDAY, None, None),)))
    assert (free[0].why, shown(free[0])) == ("changed", [])


def test_leave_stands_before_everything_and_says_why() -> None:
    away = Leave(uuid7(), WHO.id, MONDAY, MONDAY + timedelta(days=1), "отпуск")
    week = cells(grid([shift(0, *MORNING)], (instead(MONDAY, time(10), time(11)),), (away,)))
    assert (week[0].why, week[0].reason, shown(week[0])) == ("leave", "отпуск", [])
    assert [cell.why for cell in week[:3]] == ["leave", "leave", "off"]


def test_a_colleagues_changes_are_not_mine() -> None:
    colleague = build.practitioner(WHO.facility_id)
    away = Leave(uuid7(), colleague.id, MONDAY, MONDAY, "")
    week = cells(grid([shift(0, *MORNING)], (instead(MONDAY, None, None, colleague),), (away,)))
    assert shown(week[0]) == [MORNING]


def test_the_grid_is_as_wide_as_the_longest_day_in_whole_hours() -> None:
    assert (grid([]).first, grid([]).last) == (7 * 60, 19 * 60)
    wide = grid([shift(0, time(6, 15), time(9)), shift(1, *EVENING)])
    assert (wide.first, wide.last) == (6 * 60, 22 * 60)
    assert wide.rows[0].minutes == 165 + 270


def test_weekly_hours_are_told_by_the_stretches_in_which_they_hold() -> None:
    december = date(2026, 12, 1)
    now = shift(0, *MORNING, valid_until=december - timedelta(days=1))
    then = shift(0, *EVENING, valid_from=december)
    first, second = periods_of([now, then], MONDAY)
    assert (first.first, first.last, first.days[0]) == (MONDAY, date(2026, 11, 30), (MORNING,))
    assert (second.first, second.last, second.days[0]) == (december, None, (EVENING,))


def test_who_has_no_weekly_hours_has_no_period_and_old_ones_are_not_told() -> None:
    assert periods_of([], MONDAY) == []
    assert periods_of([shift(0, *MORNING, valid_until=MONDAY - timedelta(days=1))], MONDAY) == []
