"""Bytes of a device become readings in kept units, and what is no reading never becomes a number."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.intake.drivers import DRIVERS, KINDS, agrees, as_sent, decode, simulator
from telemed.intake.drivers.decoding import DisagreementError
from telemed.intake.drivers.driver import Kind
from telemed.intake.drivers.simulator import Sent
from telemed.intake.vitals import VITALS, Measurement, Reason, value_problem

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
HALF_PAST_TEN = datetime(2026, 11, 22, 10, 30)  # noqa: DTZ001  a device's clock knows no zone


def values(sent: Sent) -> Mapping[str, str]:
    """What was read, as people see it."""
    return {each.code: str(each.value) for each in decode(*sent).taken if each.value is not None}


def of_device(
    sent: Sent,
    code: str,
    value: str | None,
    reason: Reason | None = None,
    flags: tuple[str, ...] = (),
) -> Measurement:
    """A reading that says it comes from these bytes."""
    number = None if value is None else Decimal(value)
    return Measurement(
        code,
        number,
        reason,
        "patient",
        NOW,
        source="device",
        characteristic=sent.characteristic,
        raw=sent.raw.hex(),
        flags=flags,
    )


class TestGoodReadings:
    @pytest.mark.parametrize(
        ("kind", "read"),
        [
            ("pressure", {"systolic": "128", "diastolic": "82", "pulse": "72"}),
            ("oxygen", {"oxygen": "97", "pulse": "70"}),
            ("temperature", {"temperature": "36.6"}),
            ("glucose", {"glucose": "5.4"}),
            ("weight", {"weight": "71.5"}),
            ("pulse", {"pulse": "68"}),
        ],
    )
    def test_each_kind_is_read(self, kind: Kind, read: Mapping[str, str]) -> None:
        assert values(simulator.GOOD[kind]) == read

    def test_every_kind_has_a_driver_and_no_two_share_a_characteristic(self) -> None:
        assert {driver.kind for driver in DRIVERS.values()} == set(KINDS)
        assert len({driver.characteristic for driver in DRIVERS.values()}) == len(DRIVERS)

    def test_kilopascals_become_millimetres_and_stay_as_they_were_sent(self) -> None:
        read = decode(*simulator.pressure("17.1", "10.9", kilopascals=True)).of("systolic")
        assert read is not None
        assert (read.value, read.entered, read.entered_unit) == (Decimal(128), "17.1", "kPa")

    @pytest.mark.parametrize(
        ("sent", "code", "value"),
        [
            (simulator.temperature("98.6", fahrenheit=True), "temperature", "37.0"),
            (simulator.weight("157.63", pounds=True), "weight", "71.5"),
            (simulator.glucose("97", milligrams=True), "glucose", "5.4"),
        ],
    )
    def test_other_units_become_the_kept_one(self, sent: Sent, code: str, value: str) -> None:
        assert values(sent)[code] == value

    def test_a_finer_scale_is_rounded_once_and_keeps_what_it_sent(self) -> None:
        read = decode(*simulator.weight("71.565")).of("weight")
        assert read is not None
        assert (str(read.value), read.entered) == ("71.6", "71.565")

    def test_doubts_the_clock_and_the_place_come_along(self) -> None:
        doubtful = decode(*simulator.pressure(at=HALF_PAST_TEN, status=0b101))
        assert doubtful.flags == ("body-movement", "irregular-pulse")
        assert doubtful.device_time == HALF_PAST_TEN
        assert decode(*simulator.temperature()).detail == "ear"

    @pytest.mark.parametrize("year", [1970, 2090])
    def test_a_wrong_clock_is_kept_as_the_device_has_it(self, year: int) -> None:
        at = HALF_PAST_TEN.replace(year=year)
        assert decode(*simulator.weight(at=at)).device_time == at

    def test_a_cuff_without_a_pulse_still_has_a_pressure(self) -> None:
        sent = simulator.pressure(pulse=simulator.NAN)
        assert values(sent) == {"systolic": "128", "diastolic": "82"}
        assert decode(*sent).problem is None


class TestBadReadings:
    @pytest.mark.parametrize("name", simulator.BAD)
    def test_none_of_them_is_a_number(self, name: str) -> None:
        decoded = decode(*simulator.BAD[name])
        assert decoded.problem
        assert not any(each.value is not None for each in decoded.taken)

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("a cuff that failed", "not-a-number"),
            ("a pressure beyond the scale", "above-range"),
            ("upper and lower pressure swapped", "not-above"),
            ("an oximeter's demonstration", "demo"),
            ("a control solution", "control-solution"),
            ("a meter that shows HI", "above-range"),
            ("a meter that shows LO", "below-range"),
            ("a scale that did not settle", "unsuccessful"),
            ("a thermometer on the table", "out-of-range"),
            ("bytes too short", "malformed"),
            ("a device nobody knows", "unknown-device"),
        ],
    )
    def test_why_is_said(self, name: str, problem: str) -> None:
        assert decode(*simulator.BAD[name]).problem == problem

    @given(st.sampled_from([driver.characteristic for driver in DRIVERS.values()]), st.binary(max_size=40))
    def test_whatever_is_sent_a_number_is_one_that_a_body_can_have(
        self, characteristic: str, raw: bytes
    ) -> None:
        decoded = decode(characteristic, raw)
        found = [each for each in decoded.taken if each.value is not None]
        assert all(each.value is None or not value_problem(VITALS[each.code], each.value) for each in found)
        assert bool(found) == (decoded.problem is None)


class TestAgreement:
    def test_a_reading_is_completed_from_its_bytes(self) -> None:
        sent = simulator.pressure("17.1", "10.9", kilopascals=True, at=HALF_PAST_TEN, status=1)
        read = as_sent(of_device(sent, "systolic", "128", flags=("not_rested",)))
        assert (read.entered, read.entered_unit) == ("17.1", "kPa")
        assert read.device_time == HALF_PAST_TEN
        assert read.flags == ("not_rested", "body-movement")

    @pytest.mark.parametrize("meal", ["fasting", "random"])
    def test_what_the_patient_said_of_the_meal_stands_beside_the_meters_sample(self, meal: str) -> None:
        told = of_device(simulator.glucose("5.4"), "glucose", "5.4")
        assert as_sent(told).detail == "capillary-whole-blood"
        assert as_sent(told._replace(detail=meal)).detail == meal

    def test_where_a_thermometer_was_held_it_knows_better_than_anybody(self) -> None:
        told = of_device(
            simulator.temperature(), "temperature", values(simulator.temperature())["temperature"]
        )
        assert as_sent(told._replace(detail="armpit")).detail == "ear"

    def test_another_value_than_was_sent_is_refused(self) -> None:
        with pytest.raises(DisagreementError):
            as_sent(of_device(simulator.pressure(128, 82), "systolic", "118"))

    @pytest.mark.parametrize("name", simulator.BAD)
    def test_no_number_is_filed_from_a_bad_reading(self, name: str) -> None:
        sent = simulator.BAD[name]
        number = {"systolic": "120", "oxygen": "97", "temperature": "36.6", "glucose": "5.4", "weight": "70"}
        assert not any(agrees(of_device(sent, code, value)) for code, value in number.items())

    def test_a_failure_is_filed_with_the_devices_own_reason(self) -> None:
        demo = simulator.BAD["an oximeter's demonstration"]
        assert as_sent(of_device(demo, "oxygen", None, "failed")).flags == ("demo",)
        high = simulator.BAD["a meter that shows HI"]
        assert "above-range" in as_sent(of_device(high, "glucose", None, "failed")).flags

    def test_a_good_reading_is_not_said_to_have_failed(self) -> None:
        assert not agrees(of_device(simulator.GOOD["weight"], "weight", None, "failed"))

    @pytest.mark.parametrize("raw", ["zz", "0", "", "00" * 513])
    def test_what_are_no_bytes_agrees_with_nothing(self, raw: str) -> None:
        told = of_device(simulator.GOOD["weight"], "weight", "71.5")._replace(raw=raw)
        assert not agrees(told)

    def test_a_typed_reading_carries_no_bytes(self) -> None:
        typed = Measurement("weight", Decimal(70), None, "patient", NOW)
        assert agrees(typed)
        assert not agrees(typed._replace(raw="00", characteristic="2a9d"))
