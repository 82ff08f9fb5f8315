"""What is measured with: what somebody should see to, and whose reading it has just sent."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from scheduling.ids import uuid7
from telemed.intake.devices import MeasuringDevice, Used, clock_flags, digest, verdict
from telemed.intake.drivers import decode, simulator
from tests.build import NOW

TODAY = date(2026, 11, 17)
HERE = datetime(2026, 11, 17, 9, 40)  # noqa: DTZ001  what the wall clock shows
METER = MeasuringDevice(
    uuid7(), uuid7(), "glucose", "Contour", "SN 1", "standard-glucose", NOW, calibrate_by=date(2027, 11, 1)
)
RECORD, UNDATED = decode(*simulator.glucose(at=HERE)), decode(*simulator.weight())


class TestStanding:
    @pytest.mark.parametrize(
        ("by", "standing"),
        [
            (None, "calibration_unknown"),
            (TODAY - timedelta(days=1), "calibration_overdue"),
            (TODAY, "calibration_soon"),
            (TODAY + timedelta(days=30), "calibration_soon"),
        ],
    )
    def test_a_calibration_is_due_on_its_day_and_overdue_after_it(
        self, by: date | None, standing: str
    ) -> None:
        assert replace(METER, calibrate_by=by).standings(TODAY) == (standing,)

    def test_what_is_calibrated_and_has_strips_needs_nothing(self) -> None:
        assert replace(METER, remaining=11, lot_expires=TODAY).standings(TODAY) == ()

    @pytest.mark.parametrize(("left", "standing"), [(0, "strips_out"), (1, "strips_few"), (10, "strips_few")])
    def test_strips_run_out_in_time_to_be_ordered(self, left: int, standing: str) -> None:
        assert replace(METER, remaining=left).standings(TODAY) == (standing,)

    def test_only_a_meter_has_strips(self) -> None:
        scale = replace(METER, kind="weight", remaining=0, lot_expires=TODAY - timedelta(days=9))
        assert scale.standings(TODAY) == ()

    def test_the_doctor_is_told_what_touches_the_value_and_nothing_else(self) -> None:
        worn = replace(METER, calibrate_by=TODAY - timedelta(days=1), remaining=0)
        worn = replace(worn, lot_expires=TODAY - timedelta(days=1))
        assert worn.flags(TODAY) == ("calibration_overdue", "strips_expired")
        assert replace(METER, calibrate_by=None, remaining=0).flags(TODAY) == ()


class TestVerdict:
    def test_a_first_reading_is_new(self) -> None:
        assert verdict(RECORD, "a", [], uuid4(), NOW) == "new"

    def test_a_dated_record_that_another_visit_has_used_is_that_visits(self) -> None:
        earlier = [Used("a", uuid4(), NOW - timedelta(days=90))]
        assert verdict(RECORD, "a", earlier, uuid4(), NOW) == "used_before"
        assert verdict(RECORD, "b", earlier, uuid4(), NOW) == "new"

    def test_ones_own_record_is_ones_own(self) -> None:
        mine = uuid4()
        assert verdict(RECORD, "a", [Used("a", mine, NOW)], mine, NOW) == "new"

    @pytest.mark.parametrize(("seconds", "judged"), [(9, "seen_before"), (10, "new")])
    def test_nobody_is_measured_seconds_after_somebody_else(self, seconds: int, judged: str) -> None:
        earlier = [Used("b", uuid4(), NOW - timedelta(seconds=seconds))]
        assert verdict(UNDATED, "a", earlier, uuid4(), NOW) == judged

    def test_two_people_may_weigh_the_same(self) -> None:
        earlier = [Used("a", uuid4(), NOW - timedelta(hours=1))]
        assert verdict(UNDATED, "a", earlier, uuid4(), NOW) == "new"


class TestClock:
    @pytest.mark.parametrize("off", [timedelta(0), timedelta(minutes=90), -timedelta(hours=1)])
    def test_a_clock_that_missed_summer_time_is_not_wrong(self, off: timedelta) -> None:
        assert clock_flags(HERE + off, HERE) == ()

    @pytest.mark.parametrize("year", [1970, 2025, 2090])
    def test_a_clock_of_another_year_is(self, year: int) -> None:
        assert clock_flags(HERE.replace(year=year), HERE) == ("clock_wrong",)

    def test_a_device_without_a_clock_has_no_wrong_one(self) -> None:
        assert clock_flags(None, HERE) == ()


def test_a_digest_depends_on_key_device_characteristic_and_bytes() -> None:
    one, other = uuid7(), uuid7()
    told = {
        digest(b"k", one, "2a9d", b"\x00"),
        digest(b"l", one, "2a9d", b"\x00"),
        digest(b"k", other, "2a9d", b"\x00"),
        digest(b"k", one, "2a35", b"\x00"),
        digest(b"k", one, "2a9d", b"\x01"),
    }
    assert len(told) == 5
    assert digest(b"k", one, "2a9d", b"\x00") in told
