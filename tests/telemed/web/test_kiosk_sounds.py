"""Every page of the kiosk can be heard, and what is fetched for it tells nobody what was asked."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from telemed.prompts.building import Built, build
from telemed.prompts.prompt import Clip, Prompt, short_hash
from telemed.prompts.sound import Sound
from telemed.services import Services
from telemed.texts import Texts, languages
from telemed.web import kiosk_spoken
from telemed.web.kiosk_pages import Pages
from telemed.web.kiosk_sounds import NAMES, Sounds
from telemed.web.kiosk_spoken import CHAPTERS, LETTER, STEPS, Spoken

# Read by nobody: signs, examples on a drawn telephone, limits, units, what is filled in later.
SILENT_TAGS = ("svg", "template", "noscript", "script", "style")
VOID = ("input", "meta", "link", "img", "br", "hr")
SILENT = re.compile(r"keys|unit|units|unseen|demo|handset|sign")
# A limit that a field does not have is never named.
NOT_WORDS = re.compile(r"[\W\d]*|.*\bNone\b.*")


class Texts_(HTMLParser):
    """The texts of a page that somebody may read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        # An empty data-say: for the clerk's eyes, in the clerk's language.
        silent = tag in SILENT_TAGS or told.get("aria-hidden") == "true" or told.get("data-say") == ""
        silent = silent or any(SILENT.fullmatch(name) for name in (told.get("class") or "").split())
        if tag not in VOID:
            self._open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = kiosk_spoken.plain(data)
        if text and not any(silent for _, silent in self._open):
            self.found.append(text)


def texts_of(page: str) -> list[str]:
    parser = Texts_()
    parser.feed(page)
    return [text for text in parser.found if not NOT_WORDS.fullmatch(text)]


def spoken(language: str) -> dict[str, kiosk_spoken.Said]:
    chapters = Spoken(Texts(), language).chapters()
    return {shown: said for chapter in chapters.values() for shown, said in chapter.items()}


def test_every_question_can_be_heard_in_every_language(app: Flask, services: Services) -> None:
    silent: dict[str, set[str]] = {}
    with app.test_request_context("/kiosk"):
        app.preprocess_request()
        for language in languages():
            g.lang = language
            known, pages = spoken(language), Pages(services, language)
            for step in (step for steps in STEPS.values() for step in steps):
                missing = {text for text in texts_of(pages.step(step.key)) if text not in known}
                if missing:
                    silent[f"{language} {step.key}"] = missing
    assert silent == {}


def test_a_text_that_nobody_says_is_found() -> None:
    page = '<h1>Какво ви мъчи?</h1><p class="unseen">нищо</p><svg><text>9:40</text></svg><dd>36.6</dd>'
    assert texts_of(page) == ["Какво ви мъчи?"]


@pytest.mark.parametrize("language", sorted(languages()))
def test_digits_and_signs_are_in_words(language: str) -> None:
    for prompt in {prompt for said in spoken(language).values() for prompt in said}:
        assert not re.search(r"[\d%°/→←]", prompt.text), prompt


def test_a_text_that_nobody_translated_is_said_in_english() -> None:
    texts = Texts()
    untranslated = [
        prompt
        for language in texts.languages
        for said in Spoken(texts, language).chapters()["meeting"].values()
        for prompt in said
        if prompt.language == "en"
    ]
    assert all(prompt.text.isascii() for prompt in untranslated)


def test_uzbek_in_cyrillic_sounds_like_uzbek_in_latin() -> None:
    cyrillic, latin = spoken("uz-Cyrl"), spoken("uz")
    assert cyrillic["Ҳа"] == latin["Ha"]
    assert cyrillic[LETTER + "Ш"] == (Prompt("uz", "SH"),)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("Започва с 08 или 09.", "Започва с нула осем или нула девет."),
        ("Например 36,6.", "Например тридесет и шест и шест."),
        (
            "Кажете: „Трябва ми помощ. Обадете се на 112.“",
            "Кажете: Трябва ми помощ. Обадете се на едно едно две.",
        ),
    ],
)
def test_numbers_in_a_question_are_said_as_people_say_them(shown: str, said: str) -> None:
    found = {text: prompts for text, prompts in spoken("bg").items() if text == shown}
    assert [" ".join(prompt.text for prompt in prompts) for prompts in found.values()] == [said]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    def voice(clip: Clip) -> Sound:
        return Sound(f"opus {clip.prompt.text}".encode(), 1.0)

    folder = tmp_path_factory.mktemp("built")
    build(folder, kiosk_spoken.every_clip(), voice)
    return Built(folder)


def records(content: bytes) -> dict[str, tuple[bytes, bytes]]:
    found = {}
    while content:
        name, kind, size = content[:12].decode(), content[12:13], int.from_bytes(content[13:17], "big")
        found[name] = (kind, content[17 : 17 + size])
        content = content[17 + size :]
    return found


def test_a_chapter_holds_the_sounds_of_all_its_questions_whatever_is_answered(built: Built) -> None:
    sounds = Sounds(Texts(), built)
    version = sounds.address("bg").rsplit("/", 1)[1]
    content = sounds.chapter("bg", version, "complaint")
    assert content is not None
    found = records(content)
    for shown, said in Spoken(Texts(), "bg").chapters()["complaint"].items():
        kind, sound = found[short_hash(shown.encode())]
        assert kind == (b"s" if len(said) == 1 else b"l")
        if len(said) == 1:
            assert sound == f"opus {said[0].text}".encode()


def test_every_chapter_is_there_and_the_first_words_come_first(built: Built) -> None:
    sounds = Sounds(Texts(), built)
    version = sounds.address("bg").rsplit("/", 1)[1]
    chapters = {name: records(sounds.chapter("bg", version, name) or b"") for name in CHAPTERS}
    assert all(chapters.values())
    first = ("Сложете слушалките, ако другите не бива да чуват.", "От какво имате нужда днес?")
    assert tuple(chapters["beginning"])[:2] == tuple(short_hash(shown.encode()) for shown in first)
    kinds = [kind for kind, _ in chapters["signs"].values()]
    assert kinds.count(b"t") == 1


def test_a_language_is_named_in_its_own_voice() -> None:
    said = kiosk_spoken.names(Texts())
    assert said["Tiếng Việt"] == (Prompt("vi", "Tiếng Việt"),)
    assert {prompt.language for prompts in said.values() for prompt in prompts} >= {"bg", "en", "tr", "uk"}


def test_another_recording_is_another_edition_and_a_missing_sound_is_left_out(
    built: Built, tmp_path: Path
) -> None:
    before = Sounds(Texts(), built).address("bg")
    few = [clip for clip in kiosk_spoken.every_clip() if clip.prompt.text != "Да"]
    build(tmp_path, few, lambda clip: Sound(b"x", 1.0))
    sounds = Sounds(Texts(), Built(tmp_path))
    assert sounds.address("bg") != before
    content = sounds.chapter("bg", sounds.address("bg").rsplit("/", 1)[1], "beginning")
    assert content is not None
    assert short_hash("Да".encode()) not in records(content)


def test_sounds_are_public_and_kept_for_ever_and_nothing_else_is_there(
    client: FlaskClient, services: Services
) -> None:
    address = Sounds(services.texts, Built()).address("bg")
    answer = client.get(f"{address}/beginning")
    assert answer.status_code == 200
    assert {"public", "immutable"} <= set(re.split(r", ?", answer.headers["Cache-Control"]))
    assert "Set-Cookie" not in answer.headers
    for other in (
        f"{address}/elsewhere",
        "/kiosk/sounds/xx/000000000000/ways",
        "/kiosk/sounds/bg/000000000000/ways",
    ):
        assert client.get(other).status_code == 404


def test_the_names_of_languages_have_an_address_of_their_own(built: Built) -> None:
    sounds = Sounds(Texts(), built)
    version = sounds.address(NAMES).rsplit("/", 1)[1]
    content = sounds.chapter(NAMES, version, NAMES)
    assert content is not None
    assert short_hash("Български".encode()) in records(content)
    assert sounds.chapter("bg", version, NAMES) is None
