"""What is measured at the table, how readings are repeated, and every reason for leaving one out."""

from telemed.intake.steps.form import DEVICE, GIVEN, Branch, Choice, Measuring, OnlyIf, Step
from telemed.intake.steps.readings import (
    LEAVE_OUT,
    again,
    counting,
    device_reading,
    once_more,
    typed_again,
)
from telemed.intake.vitals import ABOVE_RANGE, BELOW_RANGE, CODED, PRESSURE

_READ = (GIVEN, DEVICE)
REST_SECONDS = 300
PAUSE_SECONDS = 60

MEASURE = Step(
    key="measure",
    kind="choice",
    title="Shall we measure now?",
    hint="The devices are on the table. The clerk helps you put them on.",
    choices=(Choice("yes", "Yes, measure", picture="pressure"), Choice("no", "No, go on", picture="on")),
    branches=(Branch("measure", "no", "when"),),
    goto="rest",
)

REST = Step(
    key="rest",
    kind="rest",
    title="Sit still for five minutes.",
    points=(
        "Back against the chair, feet on the floor",
        "Arm on the table, cuff on the bare arm",
        "Do not talk",
    ),
    choices=(
        Choice("short", "Measure now", quiet=True),
        Choice("refused", "No blood pressure", quiet=True),
    ),
    branches=(Branch("rest", "refused", "oxygen_reading"),),
    goto="pressure",
    carry_on="I have rested",
    measuring=Measuring(lacks=PRESSURE),
    picture="sitting",
    seconds=REST_SECONDS,
    idle="presence",
)


def _pause(number: int, before: str) -> Step:
    return Step(
        key=f"pause_{number}",
        kind="rest",
        title="Stay seated. We measure again in a minute.",
        hint="Leave the cuff on your arm.",
        choices=(
            Choice("short", "Measure now", quiet=True),
            Choice("enough", "That is enough", quiet=True),
        ),
        goto=f"pressure_{number}",
        carry_on="Measure again",
        only_if=OnlyIf(answer=(before, _READ)),
        picture="sitting",
        seconds=PAUSE_SECONDS,
        idle="presence",
    )


def _pressure(number: int, goto: str) -> tuple[Step, Step]:
    suffix = "" if number == 1 else f"_{number}"
    review = ("Blood pressure", "Second blood pressure", "Third blood pressure")[number - 1]
    asked = device_reading(
        "pressure",
        PRESSURE,
        suffix,
        title="What does the blood pressure device show?",
        hint="Start the device. Then type both numbers.",
        examples=("120", "80"),
        goto=f"pressure{suffix}_check",
        review=review,
    )
    rested = (("rest", "short", "not_rested"), *_SHORT_PAUSES.get(number, ()))
    asked = asked._replace(
        measuring=asked.measuring._replace(flags=rested),
        only_if=OnlyIf(answer=(f"pause_{number}", (GIVEN, "short"))) if number > 1 else OnlyIf(),
    )
    return asked, typed_again(asked, goto)


_SHORT_PAUSES = {number: ((f"pause_{number}", "short", "short_pause"),) for number in (2, 3)}
_FIRST, _SECOND, _THIRD = (
    _pressure(number, goto) for number, goto in ((1, "pause_2"), (2, "pause_3"), (3, "pressure_again"))
)
PRESSURE_STEP = _FIRST[0]
_OXYGEN = device_reading(
    "oxygen",
    ("oxygen",),
    "_reading",
    title="What does the finger clip show?",
    hint="The number with % beside it.",
    examples=("97",),
    goto="oxygen_check",
)
_PULSE = device_reading(
    "pulse",
    ("pulse",),
    "_reading",
    title="What is the pulse?",
    hint="The same device shows it.",
    examples=("72",),
    goto="pulse_check",
)._replace(only_if=OnlyIf(not_sent="pulse"))
_TEMPERATURE = device_reading(
    "temperature",
    ("temperature",),
    "_reading",
    title="What does the thermometer show?",
    hint="For example 36.6.",
    examples=("36.6",),
    goto="temperature_check",
)
_PLACE = Step(
    key="temperature_place",
    kind="choice",
    title="Where was the thermometer?",
    choices=(
        Choice("armpit", "Under the arm", picture="armpit"),
        Choice("ear", "In the ear", picture="ear"),
        Choice("mouth", "In the mouth", picture="mouth"),
        Choice("forehead", "On the forehead", picture="forehead"),
    ),
    goto="breathing_count",
    measuring=Measuring(detail_of="temperature"),
    only_if=OnlyIf(answer=("temperature_reading", (GIVEN,))),
)
_BREATHING = counting(
    "breathing",
    "_count",
    title="Touch the button at each breath.",
    hint="Look at the chest for one minute. The clerk may do it for you.",
    goto="breathing_again",
)

MORE = Step(
    key="more",
    kind="choice",
    title="Measure more?",
    hint="Weight, height and blood sugar, if the devices are here.",
    choices=(Choice("no", "No, go on", picture="on"), Choice("yes", "Yes, measure more", picture="scale")),
    branches=(Branch("more", "no", "when"),),
    goto="weight_reading",
)

_WEIGHT = device_reading(
    "weight",
    ("weight",),
    "_reading",
    title="How much do you weigh?",
    hint="If there is a scale here.",
    examples=("70",),
    goto="weight_check",
)
_HEIGHT = device_reading(
    "",
    ("height",),
    "_reading",
    title="How tall are you?",
    hint="In centimetres, without shoes.",
    examples=("165",),
    goto="height_check",
)
_GLUCOSE = device_reading(
    "glucose",
    ("glucose",),
    "_reading",
    title="What does the blood sugar device show?",
    hint="If it shows letters, touch them below.",
    examples=("5.6",),
    goto="glucose_check",
)
_OFF_SCALE = (Choice("lo", "LO", quiet=True), Choice("hi", "HI", quiet=True))
_GLUCOSE = _GLUCOSE._replace(
    choices=(*_OFF_SCALE, *LEAVE_OUT),
    measuring=_GLUCOSE.measuring._replace(off_scale=(("lo", BELOW_RANGE), ("hi", ABOVE_RANGE))),
)
_EATEN = Step(
    key="glucose_when",
    kind="choice",
    title="Have you eaten in the last eight hours?",
    choices=(Choice("random", "Yes", picture="eaten"), Choice("fasting", "No", picture="fasting")),
    goto="consciousness",
    measuring=Measuring(detail_of="glucose"),
    only_if=OnlyIf(answer=("glucose_reading", (*_READ, "lo", "hi"))),
)
CONSCIOUSNESS = Step(
    key="consciousness",
    kind="choice",
    title="For the clerk: how does the patient answer?",
    choices=(
        *(Choice(value, words) for value, words in CODED["consciousness"].answers.items()),
        Choice("not_measured", "Nobody has looked"),
    ),
    goto="when",
    review=CODED["consciousness"].name,
    measuring=Measuring(observes="consciousness"),
)

STEPS = (
    MEASURE,
    REST,
    *_FIRST,
    _pause(2, "pressure"),
    *_SECOND,
    _pause(3, "pressure_2"),
    *_THIRD,
    *again(PRESSURE_STEP, PRESSURE, "oxygen_reading", fewer_than=3),
    *once_more(_OXYGEN, "pulse_reading"),
    *once_more(_PULSE, "temperature_reading"),
    *once_more(_TEMPERATURE, "temperature_place"),
    _PLACE,
    _BREATHING,
    *again(_BREATHING, ("breathing",), "more"),
    MORE,
    _WEIGHT,
    typed_again(_WEIGHT, "height_reading"),
    _HEIGHT,
    typed_again(_HEIGHT, "glucose_reading"),
    *once_more(_GLUCOSE, "glucose_when"),
    _EATEN,
    CONSCIOUSNESS,
)

_KEYS = [step.key for step in STEPS]
_STARTS = [_KEYS.index(first.key) for first in (REST, _OXYGEN, _WEIGHT)]
TOGETHER = {
    _KEYS[start]: tuple(_KEYS[start + 1 : end])
    for start, end in zip(_STARTS, [*_STARTS[1:], len(_KEYS)], strict=True)
}
"""Pages that come along with the first of their kind: no request tells whose reading is taken again."""
