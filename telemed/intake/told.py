"""What was measured, out of the kiosk's flat answers; ``web/client/steps/told.ts`` is the browser's twin."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from telemed.intake import units
from telemed.intake.limits import Limits, beyond
from telemed.intake.steps.form import DEVICE, GIVEN, Field, OnlyIf, Step
from telemed.intake.steps.journey import STEPS
from telemed.intake.vitals import CODED, REASONS, VITALS, Measurement, Reason, Source, parse_decimal

Answers = Mapping[str, str]
# When something was told is the filing's to say; an evaluator has no clock.
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_BY_KIND: Mapping[str, Source] = {"count": "counted"}


def readings(keys: Sequence[str], answers: Answers) -> Iterator[tuple[str, Measurement]]:
    """Return the readings and reasons that these steps gave, each with its step, numbered by kind."""
    counted: Counter[str] = Counter()
    details = {STEPS[key].measuring.detail_of: answers[key] for key in keys}
    for key in keys:
        flags = _flags(STEPS[key], keys, answers)
        for each in _of_step(STEPS[key], answers):
            counted[each.code] += 1
            yield (
                key,
                each._replace(
                    number=counted[each.code],
                    flags=(*(flags if each.value is not None else ()), *each.flags),
                    detail=details.get(each.code, "") if _says_something(each) else "",
                ),
            )


def on_the_way(step: Step, keys: Sequence[str], answers: Answers, again: Limits) -> bool:
    """Whether a step is asked of somebody who has answered these steps so."""
    asked = step.only_if
    if asked.answer is not None:
        name, values = asked.answer
        if name not in keys or answers[name] not in values:
            return False
    if asked.not_sent and _sent(asked.not_sent, keys, answers):
        return False
    return not asked.beyond or _once_more(asked, keys, answers, again)


def _once_more(asked: OnlyIf, keys: Sequence[str], answers: Answers, again: Limits) -> bool:
    taken = [each for _, each in readings(keys, answers) if each.code in asked.beyond]
    numbers = Counter(each.code for each in taken if each.value is not None)
    if asked.fewer_than and max(numbers.values(), default=0) >= asked.fewer_than:
        return False
    return bool(beyond(taken, again))


def _sent(code: str, keys: Sequence[str], answers: Answers) -> bool:
    return any(each.code == code and each.source == "device" for _, each in readings(keys, answers))


def _says_something(each: Measurement) -> bool:
    return each.value is not None or bool(each.flags)


def _flags(step: Step, keys: Sequence[str], answers: Answers) -> tuple[str, ...]:
    told = step.measuring.flags
    return tuple(flag for name, value, flag in told if name in keys and answers[name] == value)


def _of_step(step: Step, answers: Answers) -> Iterator[Measurement]:
    pressed, measuring = answers[step.key], step.measuring
    fields = [field for field in step.fields if field.measures]
    off_scale = dict(measuring.off_scale).get(pressed)
    if measuring.observes:
        yield _observed(measuring.observes, pressed)
    elif pressed == GIVEN:
        yield from (_typed(step, field, answers) for field in fields)
    elif pressed == DEVICE:
        sent = (field for field in measuring.sent if answers.get(field.name, "").strip())
        yield from (_by_device(step, field, answers) for field in (*fields, *sent))
    elif pressed in REASONS or off_scale is not None:
        reason = cast(Reason, pressed if off_scale is None else "failed")
        for code in (*(field.measures for field in fields), *measuring.lacks):
            plain = Measurement(code, None, reason, "patient", _NO_TIME)
            yield _failed(step, plain, answers) if off_scale is None else plain._replace(flags=(off_scale,))


def _observed(code: str, pressed: str) -> Measurement:
    told = Measurement(code, None, None, "patient", _NO_TIME)
    if pressed in REASONS:
        return told._replace(reason=cast(Reason, pressed))
    if code in CODED:
        return told._replace(coded=pressed, source="observed")
    return told._replace(value=parse_decimal(pressed))


def _typed(step: Step, field: Field, answers: Answers) -> Measurement:
    value, other = parse_decimal(answers[field.name]), field.other
    source = _BY_KIND.get(step.kind, "typed")
    told = Measurement(field.measures, value, None, "patient", _NO_TIME, source=source)
    if other is None or value is None or answers.get(f"{step.key}_unit") != other.ucum:
        return told
    vital = VITALS[field.measures]
    kept = units.convert(value, other.ucum, vital.ucum, vital.decimals)
    return told._replace(value=kept, entered=str(value), entered_unit=other.ucum)


def _by_device(step: Step, field: Field, answers: Answers) -> Measurement:
    value = parse_decimal(answers[field.name])
    return _from_device(step, Measurement(field.measures, value, None, "patient", _NO_TIME), answers)


def _failed(step: Step, reason: Measurement, answers: Answers) -> Measurement:
    """A device that tried and has sent why not says so; every other reason is the patient's word."""
    tried = reason.reason == "failed" and answers.get(f"{step.key}_raw", "") != ""
    return _from_device(step, reason, answers) if tried else reason


def _from_device(step: Step, told: Measurement, answers: Answers) -> Measurement:
    device_id = answers.get(f"{step.key}_device", "")
    return told._replace(
        source="device",
        device_id=UUID(device_id) if device_id else None,
        characteristic=answers.get(f"{step.key}_characteristic", ""),
        raw=answers.get(f"{step.key}_raw", ""),
        flags=tuple(answers.get(f"{step.key}_flags", "").split()),
    )
