"""The questions as data: whole, answerable, short, and said in every language."""

import pytest

from telemed.intake import units
from telemed.intake.evaluator import Problem
from telemed.intake.limits import PROPOSAL
from telemed.intake.steps.form import Step
from telemed.intake.steps.journey import FIRST, LAST, STEPS, as_rules
from telemed.intake.steps.problems import PROBLEMS, possible
from telemed.intake.vitals import CODED, VITALS, value_problem
from telemed.texts import Texts, languages
from tests.telemed.intake.vectors import VECTORS

AFTER_THE_QUESTIONS = {"booked", "waiting"}
SAME_IN_BULGARIAN = {"mmHg", "%", "°C", "LO", "HI"}
LANGUAGES = languages()
each_step = pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))


@each_step
def test_every_way_leads_somewhere(step: Step) -> None:
    for goal in (step.goto, *(branch.goto for branch in step.branches)):
        assert goal in STEPS or goal in AFTER_THE_QUESTIONS


@each_step
def test_a_branch_hangs_on_an_answer_that_can_be_given(step: Step) -> None:
    for branch in step.branches:
        if branch.name == "language":
            assert branch.value in LANGUAGES
            continue
        asked = STEPS[branch.name]
        assert branch.value in {choice.value for choice in asked.choices} | (
            {"given"} if asked.fields else set()
        )


@each_step
def test_a_question_is_short_and_its_choices_are_few(step: Step) -> None:
    assert len(step.title.split()) <= 12
    most = 11 if step.kind == "scale" else 8
    assert len([choice for choice in step.choices if not choice.quiet]) <= most
    assert len(step.fields) <= 3


def test_every_question_but_the_beginnings_is_reached() -> None:
    goals = {
        goal for step in STEPS.values() for goal in (step.goto, *(branch.goto for branch in step.branches))
    }
    assert set(STEPS) - goals == {FIRST}
    assert LAST in goals


def test_no_name_of_an_answer_is_used_twice() -> None:
    names = [name for step in STEPS.values() for name in (step.key, *(field.name for field in step.fields))]
    assert len(names) == len(set(names))


def test_every_measurement_has_its_question_and_its_limits() -> None:
    asked = [field for step in STEPS.values() for field in step.fields if field.measures]
    observed = {step.measuring.observes for step in STEPS.values()}
    assert {field.measures for field in asked} | observed - {""} == {*VITALS, *CODED}
    for field in asked:
        vital = VITALS[field.measures]
        assert (field.low, field.high, field.unit) == (vital.low, vital.high, vital.unit)


def test_a_number_at_the_end_of_another_unit_is_still_possible_in_the_kept_one() -> None:
    others = [field for step in STEPS.values() for field in step.fields if field.other]
    assert {field.other.name for field in others if field.other} == {"kPa", "°F", "lb", "mg/dl"}
    for field in others:
        vital, other = VITALS[field.measures], field.other
        assert other is not None
        for end in (other.low, other.high):
            kept = units.convert(end, other.ucum, vital.ucum, vital.decimals)
            assert value_problem(vital, kept) is None


def test_what_is_beyond_a_limit_has_a_page_to_measure_it_once_more() -> None:
    again = {code for step in STEPS.values() for code in step.only_if.beyond}
    assert again == {
        code for code, limit in PROPOSAL.items() if limit.low is not None or limit.high is not None
    }
    titles = {step.title for step in STEPS.values() if step.only_if.beyond}
    assert titles == {"Please sit still. We measure once more."}


def test_the_danger_question_comes_before_identity_and_notice() -> None:
    order = list(STEPS)
    assert order.index("danger") < order.index("number") < order.index("notice")


def texts_of(step: Step) -> set[tuple[str, str]]:
    own = {step.title, step.hint, *step.points, step.carry_on if step.fields or step.kind != "choice" else ""}
    choices = {text for choice in step.choices for text in (choice.text, choice.hint)}
    fields = {text for field in step.fields for text in (field.label, field.unit)}
    return {(step.context, text) for text in own | choices | fields if text} | (
        {("", step.review)} if step.review else set()
    )


@each_step
def test_every_text_is_there_in_bulgarian(step: Step) -> None:
    translate = Texts().translate
    for context, text in texts_of(step):
        said = translate("bg", text, context or None)
        assert said != text or text in SAME_IN_BULGARIAN or text.isdecimal(), f"{context}: {text}"


@pytest.mark.parametrize("message", PROBLEMS.values())
def test_every_problem_is_said_in_bulgarian(message: str) -> None:
    assert Texts().translate("bg", message) != message


@pytest.mark.parametrize(
    "example", VECTORS["problems"], ids=[example["why"] for example in VECTORS["problems"]]
)
def test_a_page_holds_the_words_for_whatever_can_be_wrong(example: dict[str, list[list[str]]]) -> None:
    step = STEPS[str(example["step"])]
    for field, code in example["problems"]:
        assert Problem(field, code) in possible(step)
        assert code in PROBLEMS


def test_the_rules_for_the_browser_hold_no_texts_and_nothing_that_is_usual() -> None:
    sent = {step["key"]: step for step in as_rules(PROPOSAL)["steps"]}
    assert sent["danger"] == {
        "key": "danger",
        "goto": "number",
        "choices": ["no", "yes"],
        "branches": [["danger", "yes", "emergency"]],
        "sign": "yes",
    }
    assert sent["notice"] == {"key": "notice", "kind": "notice", "goto": "sms"}
    assert sent["oxygen_reading"]["fields"] == [
        {"name": "oxygen", "low": 50, "high": 100, "measures": "oxygen"}
    ]
    assert list(sent) == list(STEPS), "each says where it goes only if it is not to the next"
