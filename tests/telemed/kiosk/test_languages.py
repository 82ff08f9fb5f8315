"""In which languages a kiosk speaks: those that were checked; in a demonstration every one, as a draft."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from telemed import reviews
from telemed.intake.steps.groups import groups
from telemed.reviews import GROUPS, Review, Reviews
from telemed.run.web import create_app
from telemed.services import Services
from telemed.settings import Settings
from telemed.texts import LOCALES, Texts
from telemed.web.proofs import DEVICE_COOKIE
from tests import reviewed
from tests.telemed.conftest import BuiltAssets, Visitor, browsable, visitor
from tests.telemed.kiosk.conftest import Counter

Stand = Callable[[Services], Visitor]
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
NAMES = {
    "bg": "Щерьо Цъклев",
    "en": "Zoë O’Neill-Brontë",
    "tr": "Çağrı İşgüden",
    "uk": "Ґалаґан Дем’ян-Їжакевич",
    "ru": "Объедков Пётр",
    "uz": "Oʻgʻiloy Maʼrufjonova",
    "uz-Cyrl": "Ўғилой Ҳақбердиева",
    "vi": "Nguyễn Thị Phượng",
}


@pytest.fixture
def stand(counter: Counter) -> Stand:
    """The same enrolled browser before a service that differs in something."""
    token = counter.browser.cookie(DEVICE_COOKIE)
    assert token

    def at(services: Services) -> Visitor:
        browser = visitor(browsable(create_app(services, BuiltAssets())))
        browser.set_cookie(DEVICE_COOKIE, token, domain="127.0.0.1")
        return browser

    return at


def offered_on(page: str) -> list[str]:
    return re.findall(r'hreflang="([^"]+)"', page)


@pytest.fixture
def polyglot(services: Services, stand: Stand, counter: Counter) -> Counter:
    """A counter whose kiosk speaks every language, each of them checked."""
    settings = replace(services.settings, languages=",".join(services.texts.languages))
    return replace(counter, browser=stand(replace(services, settings=settings)))


def in_demo(services: Services) -> Services:
    return replace(services, settings=replace(services.settings, demo=True), reviews={})


def without(services: Services, language: str) -> Reviews:
    return {code: groups for code, groups in services.reviews.items() if code != language}


def test_where_nobody_has_checked_a_text_the_first_page_says_that_it_is_not_ready(
    services: Services, stand: Stand
) -> None:
    browser = stand(replace(services, reviews={}))
    page = browser.get("/kiosk").text
    assert offered_on(page) == []
    assert "Тази машина още не е готова." in page
    assert "112" in re.sub(r"<header.*?</header>", "", page, flags=re.DOTALL)
    assert browser.get("/kiosk/bg/welcome").status_code == 404
    assert browser.get("/kiosk/pages/bg/welcome").status_code == 404
    assert browser.get("/health/ready").json == {
        "status": "ok",
        "kiosks": "no language's texts were checked, so the kiosks only say that they are not ready",
    }


def test_help_is_called_in_any_language_checked_or_not(services: Services, stand: Stand) -> None:
    browser = stand(replace(services, reviews={}))
    assert browser.get("/kiosk/vi/emergency").status_code == 200
    pressed = browser.post("/kiosk/bg/call-for-help")
    assert "/kiosk/bg/emergency" in pressed.location


def test_only_what_was_checked_is_offered(services: Services, stand: Stand) -> None:
    browser = stand(replace(services, reviews=without(services, "tr")))
    assert offered_on(browser.get("/kiosk").text) == ["bg", "en"]
    assert browser.get("/kiosk/tr/welcome").status_code == 404
    assert browser.get("/kiosk/en/welcome").status_code == 200


def test_a_text_that_was_changed_takes_its_language_back(services: Services, stand: Stand) -> None:
    old = Review("Dr Reader", date(2026, 11, 17), "0" * 64)
    changed = {**services.reviews, "bg": {**services.reviews["bg"], "clinical": old}}
    browser = stand(replace(services, reviews=changed))
    assert offered_on(browser.get("/kiosk").text) == ["en", "tr"]


def test_the_operator_chooses_among_what_was_checked(services: Services, stand: Stand) -> None:
    settings = replace(services.settings, languages="uk, bg,vi")
    browser = stand(replace(services, settings=settings, reviews=without(services, "vi")))
    assert offered_on(browser.get("/kiosk").text) == ["uk", "bg"]


def test_a_demonstration_speaks_all_of_them_and_says_that_they_are_drafts(
    services: Services, stand: Stand
) -> None:
    browser = stand(in_demo(services))
    page = browser.get("/kiosk").text
    assert offered_on(page)[:3] == ["bg", "en", "tr"]
    assert set(offered_on(page)) == set(services.texts.languages)
    assert ">Ўзбекча<small>таржима қораламаси<" in page
    assert ">English<small>draft text<" in page
    for code in services.texts.languages:
        welcome = browser.get(f"/kiosk/{code}/welcome").text
        assert f'<html lang="{code}">' in welcome
        assert 'class="draft"' in welcome


def test_what_was_checked_bears_no_such_word(services: Services, stand: Stand) -> None:
    browser = stand(replace(in_demo(services), reviews=reviewed.everything()))
    assert "<small>" not in browser.get("/kiosk").text
    assert 'class="draft"' not in browser.get("/kiosk/tr/welcome").text


def test_the_first_page_greets_once_and_names_the_emergency_in_every_language(
    services: Services, stand: Stand
) -> None:
    page = stand(in_demo(services)).get("/kiosk").text
    assert page.count("<h1>") == 1
    for word in ("Спешно", "Emergency", "Acil", "Терміново", "Экстренно", "Shoshilinch", "Khẩn cấp"):
        assert f">{word}<" in page


def test_days_and_times_are_said_in_the_patients_language(services: Services) -> None:
    said = {code: services.texts.date(code, date(1948, 3, 3)) for code in services.texts.languages}
    assert said["uz-Cyrl"] == "3 март, 1948"
    assert said["vi"] == "3 tháng 3, 1948"
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize("language", sorted(NAMES))
def test_a_name_in_the_languages_own_letters_is_taken(polyglot: Counter, language: str) -> None:
    for key, pressed in (("welcome", "visit"), ("danger", "no"), ("number", "none")):
        polyglot.answer(key, pressed, lang=language)
    told = polyglot.answer("name", lang=language, full_name=NAMES[language])
    assert told.location == f"/kiosk/{language}/born"


def test_a_tone_typed_by_itself_becomes_one_letter_with_its_vowel(polyglot: Counter) -> None:
    for key, pressed in (("welcome", "visit"), ("danger", "no"), ("number", "none")):
        polyglot.answer(key, pressed, lang="vi")
    polyglot.answer("name", lang="vi", full_name="Nguyê\u0303n")
    assert 'value="Nguy\u1ec5n"' in polyglot.see("name", "vi").text


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("bg", 'data-key="Ъ"'),
        ("tr", 'data-key="İ"'),
        ("uk", 'data-key="Ґ"'),
        ("uz", 'data-key="Gʻ"'),
        ("uz-Cyrl", 'data-key="Ҳ"'),
        ("vi", 'data-mark="\u0303">ngã<'),
    ],
    ids=["bg", "tr", "uk", "uz", "uz-Cyrl", "vi"],
)
def test_the_keys_on_the_screen_are_the_languages_own(polyglot: Counter, language: str, typed: str) -> None:
    assert typed in polyglot.browser.get(f"/kiosk/pages/{language}/name").text


def test_who_reads_latin_letters_is_not_asked_which_letters_the_telephone_shows(counter: Counter) -> None:
    rules = counter.browser.get("/kiosk/pages/rules").json
    assert rules is not None
    [phone] = [step for step in rules["steps"] if step["key"] == "phone"]
    branches = {value for name, value, _ in phone["branches"] if name == "language"}
    assert branches == {"en", "tr", "uz", "vi"}


def test_a_language_is_added_by_files_alone(
    services: Services, stand: Stand, tmp_path: Path, settings: Settings
) -> None:
    for folder in ("bg", "en"):
        shutil.copytree(LOCALES / folder, tmp_path / folder)
    (tmp_path / "ro").mkdir()
    (tmp_path / "ro" / "language.toml").write_text('code = "ro"\nname = "Română"\nkeys = "A Ă Â B C"\n')
    (tmp_path / "ro" / "kiosk.po").write_text(
        HEAD + 'msgid "What do you need today?"\nmsgstr "De ce aveți nevoie astăzi?"\n'
    )
    with_romanian = replace(in_demo(services), texts=Texts(tmp_path))
    browser = stand(with_romanian)
    assert offered_on(browser.get("/kiosk").text) == ["bg", "en", "ro"]
    page = browser.get("/kiosk/ro/welcome").text
    assert '<html lang="ro">' in page
    assert "De ce aveți nevoie astăzi?" in page
    assert 'data-key="Ă"' in browser.get("/kiosk/pages/ro/name").text
    real = replace(with_romanian, settings=replace(settings, languages="ro"))
    assert real.kiosk_languages == ()
    checked = reviews.said(real.texts, "ro", groups())
    signed = {
        group: Review("Dr Ionescu", date(2026, 11, 22), reviews.digest(checked[group])) for group in GROUPS
    }
    assert replace(real, reviews={"ro": signed}).kiosk_languages == ("ro",)
