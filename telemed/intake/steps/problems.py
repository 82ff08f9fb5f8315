"""What can be wrong with an answer, in words that say what to do next."""

from collections.abc import Mapping

from telemed.intake.steps.form import Step

PROBLEMS = {
    "missing": "Please fill this in.",
    "choose": "Please touch one of the answers.",
    "not_a_number": "Please use digits only.",
    "too_few_digits": "Please write the year with all four digits, for example 1944.",
    "too_low": "This number is too small. It must be at least {low}.",
    "too_high": "This number is too big. It must be at most {high}.",
    "too_low_unit": "This number is too small. It must be at least {low}. If it is in {unit}, touch {unit}.",
    "too_high_unit": "This number is too big. It must be at most {high}. If it is in {unit}, touch {unit}.",
    "too_low_other": "This number is too small. In {unit} it must be at least {low}.",
    "too_high_other": "This number is too big. In {unit} it must be at most {high}.",
    "too_many_decimals": "Please type fewer digits after the point.",
    "not_above": "The upper number must be bigger than the lower. Please look at the device again.",
    "not_the_same": "This is not the same as before. Look at the device again, or go back.",
    "wrong_length": "This number has ten digits. Please count them again.",
    "check_digit": "One of the digits is wrong. Please compare with your card.",
    "impossible_date": "There is no such day. Please check it.",
    "future_date": "This day has not come yet. Please check it.",
    "too_long_ago": "This day is too long ago. Please check the year.",
    "too_short": "Please write it in full.",
    "too_long": "This is too long. Please write less.",
    "not_a_mobile": "This is not a mobile number. Please check it.",
    "not_a_telephone": "This is not a telephone number. Please check it.",
    "wish_needs_number": "For the waiting list we need a number. Please choose SMS or a call.",
    "code_length": "The code has eight letters and digits. Please look at the slip again.",
    "code_unknown": "We do not know this code. Please look at the slip again, or ask the clerk.",
    "code_cancelled": "The visit with this code was cancelled. Book a new time or ask the clerk.",
    "code_away": "You were away for too long. Please take a new place, or book a time.",
    "code_day_over": "The day ended before it was your turn. Please take a new place, or book a time.",
    "code_elsewhere": "Your place is kept at another kiosk. Please ask the clerk.",
    "too_often": "That was tried too often. Please ask the clerk.",
    "slot_taken": "Somebody has just taken that time. Please choose another one.",
    "not_to_be_had": "That time can no longer be had. Please choose another one.",
}

# What the rules of a field can find; a page that is the same for everybody carries the words for all of it.
_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "digits": ("missing", "not_a_number"),
    "number": ("missing", "not_a_number", "too_low", "too_high", "too_many_decimals"),
    "text": ("missing", "too_short", "too_long"),
    "phone": ("missing", "not_a_mobile"),
    "telephone": ("missing", "not_a_telephone"),
    "code": (
        "missing",
        "code_length",
        "code_unknown",
        "code_cancelled",
        "code_day_over",
        "code_away",
        "code_elsewhere",
        "too_often",
    ),
}
_ENDS = ("too_low", "too_high")
_DATE = ("impossible_date", "future_date", "too_long_ago")


def possible(step: Step) -> tuple[tuple[str, str], ...]:
    """Return every (field, code) that can be wrong at a step."""
    pairs = [(field.name, code) for field in step.fields for code in _OF_KIND[field.kind]]
    pairs += [
        (each.name, "too_few_digits") for each in step.fields if each.kind == "number" and each.shortest > 1
    ]
    first = step.fields[0].name if step.fields else step.key
    if step.kind == "slots":
        pairs += [(step.key, "choose"), (step.key, "slot_taken"), (step.key, "not_to_be_had")]
    else:
        pairs.append((step.key, "missing" if step.fields else "choose"))
    if step.key == "sms":
        pairs.append((step.key, "wish_needs_number"))
    if step.rules.identifier:
        pairs += [(first, code) for code in ("wrong_length", "check_digit", *_DATE)]
    if step.rules.birth_date:
        pairs += [(first, code) for code in _DATE]
    for field in step.fields:
        if field.other is not None:
            pairs += [(field.name, f"{code}_{unit}") for code in _ENDS for unit in ("unit", "other")]
            pairs = [pair for pair in pairs if pair not in ((field.name, code) for code in _ENDS)]
    pairs += [(repeated, "not_the_same") for repeated, _ in step.rules.same]
    if step.rules.above:
        pairs.append((first, "not_above"))
    return tuple(pairs)
