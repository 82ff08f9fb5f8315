"""Every word on which health, consent or rescue hangs belongs to a group that somebody must check."""

from pathlib import Path

import pytest

from telemed.intake.intake import COMPLAINTS
from telemed.intake.steps.form import Step
from telemed.intake.steps.groups import PAGES, group_of, groups, is_words, texts_of
from telemed.intake.steps.journey import STEPS
from telemed.intake.vitals import VITALS
from telemed.reviews import GROUPS
from tests.whole import tree
from tests.whole.test_texts import in_data, in_template

FOUND = groups()
# Words of a button, and of the demonstration.
FOR_EVERYBODY = {
    (None, "Continue"),
    (None, "Measure now"),
    (None, "Shortened for the demo: {seconds} seconds."),
}
EVERYDAY = {"number", "foreign", "name", "born", "when", "type", "slot", "review", "arrive"}
each_step = pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))


@each_step
def test_everything_a_question_says_is_in_its_group(step: Step) -> None:
    group = group_of(step)
    said = {text for text in in_data(step) if is_words(text[1])}
    assert said <= set(texts_of(step))
    assert group is None or said <= FOUND[group]


def test_only_questions_about_names_and_times_need_no_check() -> None:
    assert {key for key, step in STEPS.items() if group_of(step) is None} <= EVERYDAY


def test_a_question_that_is_new_counts_as_clinical() -> None:
    assert group_of(Step(key="new", kind="choice", title="Does it itch?", goto="words")) == "clinical"


def test_danger_is_an_emergency_agreement_is_the_notice_and_measuring_is_clinical() -> None:
    assert ("emergency", "Hard to breathe") in FOUND["emergency"]
    assert (None, "Please wait here. The doctor is being called.") in FOUND["emergency"]
    assert (None, "May your family doctor see this visit?") in FOUND["notice"]
    assert {(None, words) for words in COMPLAINTS.values()} <= FOUND["clinical"]
    assert {(None, vital.name) for vital in VITALS.values()} <= FOUND["clinical"]


def test_every_text_of_the_kiosk_about_an_emergency_or_the_notice_is_in_its_group() -> None:
    pages = [path for path in tree.under(("templates",), ".html") if path.parent.name == "kiosk"]
    asked = {text for path in pages for text in in_template(path)}
    for group in GROUPS:
        assert {text for text in asked if text[0] == group} <= FOUND[group]


@pytest.mark.parametrize("page", ["reading", "rest", "count", "device", "again"])
def test_what_is_said_while_somebody_measures_is_clinical(page: str) -> None:
    asked = {text for text in in_template(Path(f"templates/kiosk/{page}.html")) if is_words(text[1])}
    assert asked - FOR_EVERYBODY <= FOUND["clinical"]


def test_the_texts_of_pages_are_still_shown() -> None:
    shown = {text for path in tree.under(("templates",), ".html") for text in in_template(path)}
    listed = {text for texts in PAGES.values() for text in texts}
    elsewhere = [path for path in tree.under(("telemed",), ".py") if path.name != "groups.py"]
    said = {string for path in elsewhere for string in tree.strings(path)}
    assert {text for text in listed if text not in shown and text[1] not in said} == set()
