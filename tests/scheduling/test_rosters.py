from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from scheduling.hours import DAY, Span
from scheduling.rosters import DutyDay, Leave, PractitionerCalendar, Shift
from tests.build import SOFIA, TUESDAY
from tests.scheduling.calendars import CENTRE, DOCTOR, OTHER_CENTRE, clock, on_duty, practitioner, window

MONDAY, WEDNESDAY = TUESDAY - DAY, TUESDAY + DAY


def worked(calendar: PractitionerCalendar, day: date = TUESDAY, days: int = 1) -> list[str]:
    return [
        f"{clock(duty.span.starts_at)}-{clock(duty.span.ends_at)}"
        for duty in calendar.duties(window(day, days))
    ]


def instead(day: date, starts: time | None = None, ends: time | None = None) -> DutyDay:
    return DutyDay(DOCTOR, CENTRE, day, starts, ends)


def away(first: date, last: date) -> Leave:
    return Leave(UUID(int=9), DOCTOR, first, last, "holiday")


class TestWeeklyShifts:
    def test_are_worked_on_their_weekday(self) -> None:
        only_tuesdays = practitioner([Shift(DOCTOR, CENTRE, 1, time(8), time(12))])
        assert worked(only_tuesdays) == ["08:00-12:00"]
        assert worked(only_tuesdays, MONDAY) == []

    def test_hold_from_their_first_day_to_their_last(self) -> None:
        shifts = on_duty(valid_from=TUESDAY, valid_until=WEDNESDAY)
        assert [bool(worked(practitioner(shifts), MONDAY + number * DAY)) for number in range(4)] == [
            False,
            True,
            True,
            False,
        ]

    def test_two_a_day_come_in_order(self) -> None:
        shifts = [*on_duty(time(13), time(17)), *on_duty(time(8), time(12))]
        assert worked(practitioner(shifts)) == ["08:00-12:00", "13:00-17:00"]

    def test_of_two_facilities_each_keep_their_own_clock(self) -> None:
        shifts = [
            *on_duty(time(8), time(10)),
            *on_duty(time(12), time(13), facility_id=OTHER_CENTRE),
        ]
        zones = {CENTRE: SOFIA, OTHER_CENTRE: "Europe/Dublin"}  # two hours behind Sofia
        assert worked(practitioner(shifts, zones=zones)) == ["08:00-10:00", "14:00-15:00"]

    def test_a_question_about_an_hour_finds_the_duty_it_lies_in(self) -> None:
        noon = window().starts_at + timedelta(hours=12)
        assert [duty.facility_id for duty in practitioner().duties(Span(noon, noon + DAY / 24))] == [CENTRE]


class TestDutyDays:
    def test_replace_the_roster_of_that_day_only(self) -> None:
        calendar = practitioner(duty_days=(instead(TUESDAY, time(14), time(18)),))
        assert worked(calendar, MONDAY, 2) == ["08:00-16:00", "14:00-18:00"]

    def test_several_make_one_day(self) -> None:
        calendar = practitioner(
            duty_days=(instead(TUESDAY, time(17), time(18)), instead(TUESDAY, time(7), time(9)))
        )
        assert worked(calendar) == ["07:00-09:00", "17:00-18:00"]

    def test_one_without_times_is_a_day_off(self) -> None:
        assert worked(practitioner(duty_days=(instead(TUESDAY),))) == []

    def test_at_one_facility_leave_the_other_alone(self) -> None:
        shifts = [*on_duty(), *on_duty(time(17), time(18), facility_id=OTHER_CENTRE)]
        zones = {CENTRE: SOFIA, OTHER_CENTRE: SOFIA}
        assert worked(practitioner(shifts, zones=zones, duty_days=(instead(TUESDAY),))) == ["17:00-18:00"]

    def test_can_be_worked_where_there_is_no_roster(self) -> None:
        assert worked(practitioner([], duty_days=(instead(TUESDAY, time(9), time(12)),))) == ["09:00-12:00"]


class TestLeave:
    def test_takes_its_first_and_its_last_day(self) -> None:
        calendar = practitioner(leave=(away(TUESDAY, WEDNESDAY),))
        assert worked(calendar, MONDAY, 4) == ["08:00-16:00", "08:00-16:00"]

    def test_stands_before_a_duty_day(self) -> None:
        calendar = practitioner(
            duty_days=(instead(TUESDAY, time(9), time(12)),), leave=(away(TUESDAY, TUESDAY),)
        )
        assert worked(calendar) == []


def test_who_speaks_one_of_the_languages_will_do() -> None:
    assert practitioner().speaks(("tr", "en"))
    assert practitioner().speaks(())
    assert not practitioner().speaks(("tr",))


def test_days_are_remembered_only_up_to_a_point() -> None:
    calendar = practitioner()
    for number in range(400):
        assert worked(calendar, TUESDAY + number * DAY) == ["08:00-16:00"]
    assert len(calendar._known) <= 128


@pytest.mark.parametrize(
    ("what", "arguments"),
    [
        (Shift, (DOCTOR, CENTRE, 7, time(8), time(9))),
        (Shift, (DOCTOR, CENTRE, 1, time(9), time(9))),
        (Shift, (DOCTOR, CENTRE, 1, time(8), time(9), WEDNESDAY, TUESDAY)),
        (DutyDay, (DOCTOR, CENTRE, TUESDAY, time(8), None)),
        (DutyDay, (DOCTOR, CENTRE, TUESDAY, time(9), time(8))),
        (Leave, (UUID(int=1), DOCTOR, WEDNESDAY, TUESDAY, "")),
    ],
)
def test_what_cannot_be_is_refused(what: Any, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"weekday|end|times"):
        what(*arguments)
