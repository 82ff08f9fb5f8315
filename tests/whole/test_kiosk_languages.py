"""What a patient reads is there in every language: whole, short, in its own letters, with the same places."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from telemed.intake.intake import COMPLAINTS
from telemed.intake.steps.groups import groups, is_words
from telemed.intake.steps.journey import STEPS
from telemed.intake.steps.problems import PROBLEMS
from telemed.texts import LOCALES, SOURCE, Language, languages
from telemed.web import problems as door_problems
from tests.whole import tree
from tests.whole.test_texts import Text, in_code, in_data, in_template, messages, places
from tests.whole.test_texts import said_in as read_all

LANGUAGES = [each for each in languages().values() if each.code != SOURCE]
each_language = pytest.mark.parametrize("folder", [each.folder for each in LANGUAGES])
# What the clerk reads at the kiosk is in the languages of staff.
FOR_STAFF = {"clerk.html", "devices.html"}
DOMAINS = ("kiosk", "symptoms", "waiting_room", "service")
CODE = (
    "wait_words",
    "line_words",
    "kiosk_slots",
    "kiosk_times",
    "kiosk_visit",
    "kiosk_pages",
    "kiosk_beginning",
)
# What can go wrong at a kiosk's doors; the others are for staff and for other systems.
AT_KIOSKS = (
    *("bad-request", "no-proof", "form-expired", "not-found", "wrong-method", "changed-meanwhile"),
    *("wrong-state", "gone", "too-large", "invalid", "too-often", "our-fault", "not-ready"),
)
CYRILLIC = {each.folder for each in LANGUAGES if re.search("[а-я]", each.name)}
# International names, and the marks of Bulgaria's own letters on a telephone.
LATIN_NAMES = {"SMS", "PIN", "QR", "Bluetooth", "Telemed", "C"}
# Letters of such names, of units and of PIN, SMS, Bluetooth in languages that lack them.
FOREIGN = set("WQX")
# Letters that are written, but in no name; Vietnamese has F, J and Z in international words only.
NOT_IN_NAMES = {"bg": {"Ѝ"}, "tr": {"Â"}, "vi": {"F", "J", "Z"}}
LONGEST_QUESTION = 12


@cache
def said_in(folder: str) -> dict[Text, str]:
    """What one language says, read once."""
    return read_all(folder)


@cache
def for_patients() -> frozenset[Text]:
    """Every text that a kiosk shows to a patient."""
    pages = [path for path in tree.under(("templates",), ".html") if path.parent.name in ("kiosk", "call")]
    asked = {text for path in pages if path.name not in FOR_STAFF for text in in_template(path)}
    for name in CODE:
        asked |= set(in_code(Path(f"telemed/web/{name}.py")))
    asked |= {text for table in (STEPS, PROBLEMS, COMPLAINTS) for text in in_data(table)}
    for problem in (door_problems.PROBLEMS[code] for code in AT_KIOSKS):
        asked |= {(None, problem.title), (None, problem.advice)}
    asked |= {text for page in ("errors/kiosk", "clinic/paper") for text in in_template(page_of(page))}
    asked |= {text for group in groups().values() for text in group}
    for domain in DOMAINS:
        entries = messages(Path(f"telemed/locales/bg/{domain}.po"))
        asked |= {(entry.context or None, str(entry.id)) for entry in entries}
    return frozenset(text for text in asked if is_words(text[1]))


def page_of(name: str) -> Path:
    """Where a template lies."""
    return Path(f"templates/{name}.html")


def lines(texts: Iterable[Text]) -> str:
    """The texts, one on each line."""
    return "\n".join(sorted(f"{context or ''}|{text}" for context, text in texts))


@each_language
def test_nothing_that_a_patient_reads_is_missing(folder: str) -> None:
    missing = for_patients() - set(said_in(folder))
    assert not missing, lines(missing)


@each_language
def test_a_draft_fills_in_the_same_places(folder: str) -> None:
    said = said_in(folder)
    assert lines(text for text in said if places(text[1]) != places(said[text])) == ""


@each_language
def test_a_question_has_at_most_twelve_words(folder: str) -> None:
    said = said_in(folder)
    titles = {(step.context or None, step.title) for step in STEPS.values()}
    long = {text: said[text] for text in titles if len(said.get(text, "").split()) > LONGEST_QUESTION}
    assert long == {}


@pytest.mark.parametrize("folder", sorted(CYRILLIC))
def test_cyrillic_texts_have_no_latin_letter_among_them(folder: str) -> None:
    said = {text: string for text, string in said_in(folder).items() if text[0] != "letters"}
    found = {
        word
        for text, string in said.items()
        if text in for_patients()
        for word in re.findall("[A-Za-z]+", re.sub(r"\{[^}]*\}|[\w.]+/my", "", string))
    }
    assert found - LATIN_NAMES <= (
        {"EGN", "mmHg", "kPa", "mmol", "L", "mg", "dL", "F"} if folder == "bg" else set()
    )


@pytest.mark.parametrize("folder", sorted({each.folder for each in LANGUAGES} - CYRILLIC))
def test_latin_texts_have_no_cyrillic_letter_among_them(folder: str) -> None:
    assert [string for string in said_in(folder).values() if re.search("[Ѐ-ӿ]", string)] == []


def test_uzbek_is_written_with_its_own_signs() -> None:
    said = {text: string for text, string in said_in("uz").items() if text in for_patients()}
    assert [string for string in said.values() if re.search("(?<=[A-Za-z])['’‘`](?=[a-z])", string)] == []
    assert any("oʻ" in string for string in said.values())
    cyrillic = said_in("uz_Cyrl")
    assert [string for text, string in cyrillic.items() if text in said and re.search("[ʻʼ'’]", string)] == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.folder)
def test_a_languages_keys_type_every_letter_of_its_own_words(language: Language) -> None:
    own = "[Ѐ-ӿ]" if language.folder in CYRILLIC else r"[^\W\d_]"
    typed = {
        letter
        for text, string in said_in(language.folder).items()
        if text in for_patients()
        for letter in re.findall(own, bare(string, language.marks).upper())
    }
    assert typed - set("".join(language.keys)) - FOREIGN - NOT_IN_NAMES.get(language.code, set()) == set()


def bare(text: str, marks: Iterable[tuple[str, str]]) -> str:
    """The text without the marks that are typed after a letter, and without places to fill in."""
    apart = unicodedata.normalize("NFD", re.sub(r"\{[^}]*\}", "", text))
    for _, mark in marks:
        apart = apart.replace(mark, "")
    return unicodedata.normalize("NFC", apart)


def test_every_language_has_its_files() -> None:
    for language in languages().values():
        folder = LOCALES / language.folder
        assert (folder / "review.toml").exists()
        assert language.keys
        assert list(folder.glob("*.po")) or language.code == SOURCE
