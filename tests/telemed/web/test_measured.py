"""Readings as lines: what counts, every reading with its source and doubts, a reason and never nought."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from telemed.intake.devices import MeasuringDevice
from telemed.intake.vitals import Measurement
from telemed.visits.measured import Measured
from telemed.web.measured import Line, Table, table
from tests import build

DEVICE, CLERK = UUID(int=7), UUID(int=8)
CUFF = MeasuringDevice(
    id=DEVICE,
    kiosk_id=UUID(int=9),
    kind="pressure",
    name="Omron M7",
    serial="A-1",
    driver="standard",
    added_at=build.NOW,
    calibrate_by=date(2027, 3, 1),
)
ZONE = ZoneInfo(build.SOFIA)
NEVER_SET = datetime.fromisoformat("1970-01-01T00:03")


def reading(code: str, value: str | None, **more: Any) -> Measurement:
    reason = None if value is not None else more.pop("reason", "refused")
    return Measurement(code, None if value is None else Decimal(value), reason, "patient", build.NOW, **more)


def pressure(upper: str, lower: str, number: int = 1, **more: Any) -> list[Measurement]:
    return [
        reading("systolic", upper, number=number, **more),
        reading("diastolic", lower, number=number, **more),
    ]


def shown(*parts: list[Measurement], **more: Any) -> Table:
    found = Measured(tuple(tuple(part) for part in parts), {DEVICE: CUFF}, {CLERK: "Rada Ivanova"}, ())
    return table(found, "en", ZONE, **more)


def line(*parts: list[Measurement], **more: Any) -> Line:
    return shown(*parts, **more).lines[0]


def test_of_three_pressures_the_mean_of_the_last_two_counts_and_all_three_are_shown() -> None:
    found = line([*pressure("160", "100"), *pressure("150", "90", 2), *pressure("140", "86", 3)])
    assert (found.value, found.mean_of) == ("145/88", 2)
    assert [each.value for each in found.readings] == ["160/100", "150/90", "140/86"]


def test_a_device_is_named_with_its_calibration_and_its_doubts() -> None:
    doubts = ("irregular-pulse", "not_rested")
    (found,) = line(pressure("150", "90", source="device", device_id=DEVICE, flags=doubts)).readings
    assert (found.source.name, found.source.calibrated_to) == ("Omron M7 A-1", date(2027, 3, 1))
    assert found.flags == ("the device found the pulse irregular", "measured without the rest before it")


def test_a_device_that_nobody_knows_is_said_to_be_that() -> None:
    (found,) = line([reading("oxygen", "97", source="device", device_id=UUID(int=1))]).readings
    assert found.source.text == "a device that is not in the list of this table"


def test_who_typed_counted_or_looked_is_said() -> None:
    sources = [
        reading("pulse", "72"),
        reading("pain", "4"),
        reading("pulse", "72", assisted_by=CLERK),
        reading("breathing", "16", source="counted"),
        reading("breathing", "16", source="counted", assisted_by=CLERK),
    ]
    said = [line([each]).readings[0].source for each in sources]
    assert [(each.text, each.name) for each in said] == [
        ("typed twice by the patient", ""),
        ("said by the patient", ""),
        ("typed by {name}", "Rada Ivanova"),
        ("counted for a minute", ""),
        ("counted for a minute by {name}", "Rada Ivanova"),
    ]


def test_a_device_and_a_persons_word_are_told_apart_and_who_helped_is_named() -> None:
    by_device = reading("oxygen", "97", source="device", device_id=DEVICE, assisted_by=CLERK)
    by_hand = reading("oxygen", "97", assisted_by=CLERK)
    said = [line([each]).readings[0].source for each in (by_device, by_hand)]
    assert [(each.way, each.name, each.helper) for each in said] == [
        ("device", "Omron M7 A-1", "Rada Ivanova"),
        ("person", "Rada Ivanova", ""),
    ]


def test_whether_a_blood_sugar_is_a_fasting_one_stands_beside_the_number() -> None:
    first = reading("glucose", "6.4", detail="fasting")
    assert line([first]).detail == "fasting"
    assert line([first], [reading("glucose", "9.1", detail="random")]).detail == "not fasting"
    assert line([reading("glucose", None, detail="random")]).detail is None


def test_both_clocks_are_shown_where_they_differ() -> None:
    here = build.NOW.astimezone(ZONE).replace(tzinfo=None)
    right = reading(
        "oxygen", "97", source="device", device_id=DEVICE, device_time=here + timedelta(minutes=1)
    )
    wrong = right._replace(device_time=NEVER_SET)
    assert line([right]).readings[0].device_clock is None
    assert line([wrong]).readings[0].device_clock == NEVER_SET


def test_a_reason_stands_instead_of_a_number_and_what_nobody_tried_is_named() -> None:
    found = shown([reading("oxygen", None, reason="failed")])
    (only,) = found.lines
    assert (only.value, only.reason) == (None, "could not be measured")
    assert found.untried[0] == "Blood pressure"
    assert "Oxygen in the blood" not in found.untried


def test_a_meter_off_its_scale_says_so_and_no_number() -> None:
    low = reading("glucose", None, reason="failed", source="device", device_id=DEVICE, flags=("below-range",))
    found = line([low])
    assert (found.value, found.reason) == (None, "lower than the device can measure")


def test_another_unit_is_shown_as_it_was_entered() -> None:
    for code, value, typed, unit, said in (
        ("weight", "70", "154.3", "[lb_av]", "154.3 lb"),
        ("temperature", "36.9", "98.4", "[degF]", "98.4 °F"),
        ("systolic", "138", "18.4", "kPa", "18.4 kPa"),
    ):
        (found,) = line([reading(code, value, entered=typed, entered_unit=unit)]).readings
        assert found.entered == said
    assert line([reading("weight", "70", entered="70", entered_unit="kg")]).readings[0].entered == ""


def test_what_a_doctor_asked_for_counts_and_stands_after_the_others() -> None:
    found = line(pressure("168", "96"), pressure("150", "88"))
    assert found.value == "150/88"
    assert [(each.value, each.asked) for each in found.readings] == [("168/96", False), ("150/88", True)]


def test_asked_again_and_refused_the_number_before_stays() -> None:
    found = line([reading("oxygen", "93")], [reading("oxygen", None)])
    assert found.value == "93"
    assert found.readings[1].reason == "the patient did not want it measured"


def test_asked_again_and_off_the_scale_no_older_number_counts() -> None:
    high = reading("glucose", None, reason="failed", flags=("above-range",))
    found = line([reading("glucose", "7.0")], [high])
    assert (found.value, found.reason) == (None, "higher than the device can measure")


def test_an_answer_in_words_is_no_number() -> None:
    seen = Measurement("consciousness", None, None, "patient", build.NOW, coded="confused", source="observed")
    found = line([seen])
    assert (found.value, found.words, found.reason) == (None, "Newly confused", None)


def test_a_value_beyond_its_limit_is_marked() -> None:
    assert line([reading("oxygen", "88")], beyond=["oxygen"]).beyond
    assert not line([reading("oxygen", "97")], beyond=["pulse"]).beyond
