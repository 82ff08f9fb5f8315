"""What the devices on the table show, typed by hand; every reading may be left out with a reason."""

from telemed.intake.steps.form import Branch, Choice, Field, Rules, Step
from telemed.intake.vitals import VITALS, Vital

LEAVE_OUT = (
    Choice("failed", "Could not measure", quiet=True),
    Choice("refused", "I do not want this", quiet=True),
)

MEASURE = Step(
    key="measure",
    kind="choice",
    title="Shall we measure now?",
    hint="The devices are on the table. The clerk helps you put them on.",
    choices=(Choice("yes", "Yes, measure", picture="pressure"), Choice("no", "No, go on", picture="on")),
    branches=(Branch("measure", "no", "when"),),
    goto="pressure",
)


def _field(vital: Vital, example: str) -> Field:
    return Field(
        vital.code,
        "number",
        vital.name,
        unit=vital.unit,
        low=vital.low,
        high=vital.high,
        decimals=vital.decimals,
        longest=6,
        example=example,
    )


def _one(code: str, title: str, hint: str, example: str, goto: str) -> Step:
    vital = VITALS[code]
    return Step(
        key=f"{code}_reading",
        kind="fields",
        title=title,
        hint=hint,
        fields=(_field(vital, example),),
        choices=LEAVE_OUT,
        goto=goto,
        review=vital.name,
    )


PRESSURE = Step(
    key="pressure",
    kind="fields",
    title="What does the blood pressure device show?",
    hint="Sit still for a minute first. Type both numbers.",
    fields=(_field(VITALS["systolic"], "120"), _field(VITALS["diastolic"], "80")),
    choices=LEAVE_OUT,
    rules=Rules(above=("systolic", "diastolic")),
    goto="pulse_reading",
    review="Blood pressure",
)

STEPS = (
    MEASURE,
    PRESSURE,
    _one("pulse", "What is the pulse?", "The same device shows it.", "72", "oxygen_reading"),
    _one(
        "oxygen",
        "What does the finger clip show?",
        "The number with % beside it.",
        "97",
        "temperature_reading",
    ),
    _one("temperature", "What does the thermometer show?", "For example 36.6.", "36.6", "weight_reading"),
    _one("weight", "How much do you weigh?", "If there is a scale here.", "70", "when"),
)
