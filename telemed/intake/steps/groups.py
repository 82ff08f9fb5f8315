"""Which texts of the kiosk somebody must have checked before a patient reads them, by what hangs on them."""

from collections.abc import Iterator, Mapping

from telemed.intake.steps import agreements, contacts, identity, meeting
from telemed.intake.steps.form import Step
from telemed.intake.steps.journey import STEPS
from telemed.intake.steps.problems import PROBLEMS, possible
from telemed.intake.vitals import VITALS
from telemed.reviews import GROUPS, Group

Text = tuple[str | None, str]
"""A message and the context that tells it from others of the same words."""

# Questions that neither ask about health nor for an agreement; what is in no list here counts as clinical.
_EVERYDAY = frozenset(step.key for chapter in (identity, meeting) for step in chapter.STEPS)
_AGREED = frozenset(step.key for chapter in (agreements, contacts) for step in chapter.STEPS)

PAGES: Mapping[Group, tuple[Text, ...]] = {
    "emergency": (
        ("emergency", "Emergency"),
        ("emergency", "A doctor is being called as well."),
        ("emergency", "No doctor is on duty now. Ring {number}."),
        ("emergency", "We cannot reach a doctor. Ring {number}."),
        ("emergency", "This person needs help now. Please ring {number}."),
        (None, "Ask the clerk"),
        (None, "Please ask the person at the counter."),
        (None, "Please wait here. The doctor is being called."),
        (
            None,
            "No doctor is on duty at the moment. Please ask the clerk, or ring {number}. "
            "A doctor sees your answers as soon as one is here.",
        ),
    ),
    "notice": (
        (None, "They help with the machine. They do not have to see your answers."),
        (None, "If not, we clear everything so that nobody can read it."),
        (None, "Your answers are not sent. You can begin again at any time."),
        (None, "What you have sent stays with the doctor. Only this screen is cleared."),
        (None, "With this code and your birth date you can see who has read your record."),
    ),
    "clinical": (
        (None, "From {low} to {high}"),
        (None, "Unit"),
        (None, "Touch at each breath"),
        (None, "The minute is over. Please go on."),
        (None, "The time is over. Please go on."),
        (None, "Switch the device on."),
        (None, "The device is ready. Please start measuring."),
        (None, "The device is sending."),
        (None, "The device has sent this. Please go on."),
        (None, "The device stopped. Measure again, or type the number."),
        (None, "The device could not measure. Measure again, or type."),
        (None, "That was an older reading. Please measure again."),
        (None, "That was the test liquid. Please measure with blood."),
        (None, "The doctor asks: please count your breaths."),
        (None, "The doctor asks: please measure your blood pressure again."),
        (None, "The doctor asks: please measure your blood sugar."),
        (None, "The doctor asks: please measure your height."),
        (None, "The doctor asks: please measure your oxygen again."),
        (None, "The doctor asks: please measure your pulse again."),
        (None, "The doctor asks: please measure your temperature again."),
        (None, "The doctor asks: please measure your weight."),
        (None, "You may take the doctor’s words home on paper."),
    ),
}
"""The texts of pages that ask nothing."""


def groups() -> Mapping[Group, frozenset[Text]]:
    """Return the texts of every group, from the questions as they are now."""
    found: dict[Group, set[Text]] = {group: set(PAGES[group]) for group in GROUPS}
    for step in STEPS.values():
        group = group_of(step)
        if group is not None:
            found[group].update(texts_of(step))
    named = (words for vital in VITALS.values() for words in (vital.name, vital.unit))
    found["clinical"].update((None, words) for words in named if is_words(words))
    return {group: frozenset(texts) for group, texts in found.items()}


def group_of(step: Step) -> Group | None:
    """Say what hangs on a question's words, or None where a mistake in them harms nobody."""
    if step.context == "emergency":
        return "emergency"
    if step.context == "notice" or step.key in _AGREED:
        return "notice"
    return None if step.key in _EVERYDAY else "clinical"


def is_words(text: str) -> bool:
    """Tell words from signs like 10, % or HI, which no language says in another way."""
    return any(letter.islower() for letter in text)


def texts_of(step: Step) -> Iterator[Text]:
    """Return everything that a question says, and what it says when an answer cannot be right."""
    own = [step.title, step.hint, *step.points]
    own += [words for choice in step.choices for words in (choice.text, choice.hint)]
    own += [words for field in (*step.fields, *step.measuring.sent) for words in (field.label, field.unit)]
    if step.fields or step.kind == "notice" or step.carry_on != Step._field_defaults["carry_on"]:
        own.append(step.carry_on)
    yield from ((step.context or None, words) for words in own if is_words(words))
    if step.review:
        yield None, step.review
    yield from ((None, PROBLEMS[code]) for _, code in possible(step))
