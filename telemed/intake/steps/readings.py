"""How a reading is asked for: from a device or typed twice, in the kept unit or another, and once more."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from telemed.intake import units
from telemed.intake.steps.form import GIVEN, Choice, Field, Measuring, OnlyIf, Rules, Step, Unit
from telemed.intake.vitals import PRESSURE, VITALS, Vital

LEAVE_OUT = (
    Choice("failed", "Could not measure", quiet=True),
    Choice("refused", "I do not want this", quiet=True),
    Choice("not_measured", "There is no device", quiet=True),
)
_OTHERS = {"mm[Hg]": ("kPa", "kPa", 1), "Cel": ("°F", "[degF]", 1), "kg": ("lb", "[lb_av]", 1)}
_OTHERS["mmol/L"] = ("mg/dl", "mg/dL", 0)
_DRAWN = {
    "systolic": "cuff",
    "oxygen": "clip",
    "temperature": "thermometer",
    "weight": "scale",
    "height": "height",
    "glucose": "glucose",
}
# Kinds whose devices also feel the pulse.
_WITH_PULSE = ("pressure", "oxygen")


def device_reading(
    device: str,
    codes: Sequence[str],
    suffix: str,
    *,
    title: str,
    hint: str,
    examples: Sequence[str],
    goto: str,
    review: str = "",
) -> Step:
    """A question for what a device shows, which the device may answer itself."""
    key = f"{device or codes[0]}{suffix}"
    names = [code if suffix == "_reading" else f"{code}{suffix}" for code in codes]
    return Step(
        key=key,
        kind="reading",
        title=title,
        hint=hint,
        fields=tuple(
            _field(VITALS[code], name, example)
            for code, name, example in zip(codes, names, examples, strict=True)
        ),
        choices=LEAVE_OUT,
        rules=_rules(names),
        goto=goto,
        review=review or VITALS[codes[0]].name,
        measuring=Measuring(device=device, sent=_sent(device, key)),
        picture=_DRAWN.get(codes[0], ""),
        idle="presence",
    )


def counting(code: str, suffix: str, *, title: str, hint: str, goto: str) -> Step:
    """A question whose answer is counted for a minute, by touches or with a watch."""
    return Step(
        key=f"{code}{suffix}",
        kind="count",
        title=title,
        hint=hint,
        picture=code,
        fields=(_field(VITALS[code], code, ""),),
        # Counting needs no device.
        choices=LEAVE_OUT[:2],
        goto=goto,
        review=VITALS[code].name,
        seconds=60,
        idle="presence",
    )


def typed_again(asked: Step, goto: str) -> Step:
    """Whoever typed a reading types it a second time; a device's needs no second look."""
    fields = tuple(
        Field(
            f"{field.name}_repeated",
            "number",
            field.label,
            decimals=max(field.decimals, field.other.decimals if field.other else 0),
            longest=field.longest,
        )
        for field in asked.fields
    )
    return Step(
        key=f"{asked.key.removesuffix('_reading')}_check",
        kind="fields",
        title="Please type it once more.",
        hint="The same again, so that no mistake slips in.",
        fields=fields,
        rules=Rules(same=tuple((f"{field.name}_repeated", field.name) for field in asked.fields)),
        goto=goto,
        only_if=OnlyIf(answer=(asked.key, (GIVEN,))),
        idle="presence",
    )


def again(asked: Step, codes: tuple[str, ...], goto: str, fewer_than: int = 0) -> tuple[Step, ...]:
    """The second measurement of what is beyond a limit; the page says no number and judges none."""
    key = f"{asked.measuring.device or codes[0]}_again"
    names = [f"{field.measures}_second" for field in asked.fields]
    counted = asked.kind == "count"
    repeated = asked._replace(
        key=key,
        title="Please sit still. We measure once more.",
        hint=asked.hint if counted else "",
        fields=tuple(field._replace(name=name) for field, name in zip(asked.fields, names, strict=True)),
        rules=_rules(names),
        goto=goto if counted else f"{key}_check",
        measuring=asked.measuring._replace(sent=_sent(asked.measuring.device, key)),
        only_if=OnlyIf(beyond=codes, fewer_than=fewer_than),
    )
    return (repeated,) if counted else (repeated, typed_again(repeated, goto))


def once_more(asked: Step, goto: str) -> tuple[Step, ...]:
    """A reading, typed twice, and its second measurement where the first is beyond a limit."""
    codes = tuple(field.measures for field in asked.fields)
    key = asked.measuring.device or codes[0]
    return (asked, typed_again(asked, f"{key}_again"), *again(asked, codes, goto))


def _rules(names: Sequence[str]) -> Rules:
    return Rules(above=(names[0], names[1])) if len(names) == len(PRESSURE) else Rules()


def _sent(device: str, key: str) -> tuple[Field, ...]:
    if device not in _WITH_PULSE:
        return ()
    return (_field(VITALS["pulse"], f"{key}_pulse", "")._replace(required=False),)


def _field(vital: Vital, name: str, example: str) -> Field:
    return Field(
        name,
        "number",
        vital.name,
        unit=vital.unit,
        low=vital.low,
        high=vital.high,
        decimals=vital.decimals,
        longest=6,
        example=example,
        measures=vital.code,
        other=_other(vital),
    )


def _other(vital: Vital) -> Unit | None:
    if vital.ucum not in _OTHERS:
        return None
    name, ucum, decimals = _OTHERS[vital.ucum]
    factor, shift = units.factors(ucum, vital.ucum)
    place = Decimal(1).scaleb(-decimals)
    # The nearest numbers in that unit from which the kept one is still possible.
    low = ((vital.low - shift) / factor).quantize(place, ROUND_CEILING)
    high = ((vital.high - shift) / factor).quantize(place, ROUND_FLOOR)
    return Unit(name, ucum, factor, shift, low, high, decimals)
