"""The questions that belong to a complaint: few, nobody has to know, and every sign is a red flag."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from telemed.countries.bg import BULGARIA
from telemed.intake import filed, submission
from telemed.intake.evaluator import besides, path
from telemed.intake.intake import COMPLAINTS, Filing, Intake, Symptom
from telemed.intake.steps.form import Step
from telemed.intake.steps.journey import STEPS, TOGETHER
from telemed.intake.steps.symptoms import ANSWERS, ENDS_AT, FIRST, SIGNS
from telemed.intake.steps.symptoms import STEPS as ASKED
from telemed.intake.symptoms import Said, symptom_words
from telemed.texts import Texts
from tests.telemed.intake.vectors import VECTORS

PLAIN = VECTORS["submissions"][0]["answers"]
BODY = VECTORS["submissions"][0]["body"]
TODAY = date(2026, 11, 24)
NOBODY = UUID(int=0)
FILING = Filing(NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, datetime(2026, 11, 24, 8, tzinfo=UTC))
each_sign = pytest.mark.parametrize(("question", "answer"), SIGNS.items())


def asked(complaint: str, **answers: str) -> list[str]:
    """Which questions follow a complaint when everybody else is answered by not knowing."""
    unknown = {step.key: step.choices[-1].value for step in ASKED}
    walked = path({**PLAIN, **unknown, **answers, "complaint": complaint}, BULGARIA, TODAY, {}).keys
    return list(walked[walked.index("complaint") + 1 : walked.index(ENDS_AT)])


@pytest.mark.parametrize("complaint", COMPLAINTS)
def test_a_complaint_brings_two_to_five_questions(complaint: str) -> None:
    questions = asked(complaint)
    assert questions[0] == FIRST[complaint]
    assert 2 <= len(questions) <= 5
    assert "since" in questions


@pytest.mark.parametrize("place", [choice.value for choice in STEPS["where"].choices])
def test_pain_has_its_sign_by_place_and_a_number(place: str) -> None:
    questions = asked("pain", where=place)
    assert "how_bad" in questions
    assert len(questions) <= 5
    assert bool(set(questions) & set(SIGNS)) == (place in {"head", "chest", "belly", "arm", "leg"})


@pytest.mark.parametrize("step", ASKED, ids=[step.key for step in ASKED])
def test_nobody_has_to_know(step: Step) -> None:
    last = step.choices[-1]
    assert (last.text, last.quiet) == ("I don’t know", True)
    assert last.value != step.sign


def test_a_page_of_all_these_questions_comes_with_the_complaint_so_that_no_request_tells_which() -> None:
    assert {step.key for step in ASKED} <= set(TOGETHER["complaint"])


@each_sign
def test_a_sign_counts_like_a_yes_to_danger_and_the_emergency_page_comes_next(
    question: str, answer: str
) -> None:
    answers = {**PLAIN, "emergency": "given", question: answer}
    answers |= besides(STEPS[question], answers)
    assert path(answers, BULGARIA, TODAY, {}).stop == "emergency"


@each_sign
def test_a_sign_cannot_be_filed_without_the_red_flag(question: str, answer: str) -> None:
    told = [{"question": question, "answer": answer}]
    with pytest.raises(ValidationError, match="red flag"):
        submission.read({**BODY, "red_flag": False, "symptoms": told})
    assert submission.read({**BODY, "red_flag": True, "symptoms": told}).red_flag


@pytest.mark.parametrize(
    "told",
    [
        [{"question": "weak", "answer": "maybe"}],
        [{"question": "pizza", "answer": "yes"}],
        [{"question": "how_bad", "answer": "7"}],
        [{"question": "weak", "answer": "no"}, {"question": "weak", "answer": "unknown"}],
        [{"question": "weak"}],
    ],
    ids=["no such answer", "no such question", "a measurement", "twice", "no answer"],
)
def test_what_cannot_have_been_answered_is_refused(told: list[dict[str, str]]) -> None:
    with pytest.raises(ValidationError):
        submission.read({**BODY, "symptoms": told})


def test_an_intake_from_before_these_questions_stays_as_it_was() -> None:
    before = {name: said for name, said in BODY.items() if name != "symptoms"}
    assert b"symptoms" not in submission.read(before).body()
    assert filed.read(submission.read(before).body(), FILING).symptoms == ()


def test_what_was_answered_is_filed_and_read_again() -> None:
    read = submission.read(BODY)
    again = filed.read(read.body(), FILING)
    assert again.symptoms == read.intake(FILING).symptoms
    assert again.symptoms[0] == Symptom("weak", "no")


def intake_with(*symptoms: tuple[str, str]) -> Intake:
    read = submission.read({**BODY, "symptoms": []}).intake(FILING)
    return read._replace(symptoms=tuple(Symptom(*each) for each in symptoms))


def test_the_doctor_reads_signs_of_danger_first_and_in_words() -> None:
    told = intake_with(("since", "week"), ("weak", "yes"), ("turning", "unknown"))
    texts = Texts()
    assert symptom_words(told, lambda message: texts.translate("en", message)) == (
        Said("Is your face, arm or speech suddenly weak?", "Yes", True),
        Said("When did it begin?", "In the last week", False),
        Said("Does everything turn around you?", "I don’t know", False),
    )


def test_what_is_asked_no_longer_is_shown_as_it_was_stored() -> None:
    told = intake_with(("shivering", "often"), ("since", "yesterday"))
    assert symptom_words(told, str) == (
        Said("shivering", "often", False),
        Said("When did it begin?", "yesterday", False),
    )


def test_every_question_is_stored_or_measured() -> None:
    assert {step.key for step in ASKED} - set(ANSWERS) == {"how_bad"}
