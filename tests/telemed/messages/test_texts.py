"""Every message in every language and script is short, whole and says nothing but when and where."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from telemed.messages.ladder import HEIGHTS, for_proxy
from telemed.messages.scripts import CYRILLIC
from telemed.messages.segments import is_gsm7, segments
from telemed.messages.texts import (
    DRAFTS,
    KINDS,
    LANGUAGES,
    LONGEST,
    PROXY_KINDS,
    SCRIPTS,
    Letter,
    TextFault,
    Words,
    kind_for,
    written_in,
)
from telemed.texts import LOCALES, TEMPLATES, Texts
from tests.telemed.messages.world import WORDS, ZONE

DRAFTED = Words(TEMPLATES / "sms", Texts(), drafts=True)
# 09:40 in Sofia on the widest-written day.
STARTS = datetime(2026, 12, 28, 7, 40, tzinfo=UTC)
UNTIL = datetime(2026, 12, 27, 10, 30, tzinfo=UTC)
ORDINARY = "Поща Коритен"
PLACES = (ORDINARY, "Поща Полковник Серафимово", "post office Koriten", "Здравна служба " * 6)
CHOICES = ("which", "move_offer", "move_again")
# Told without naming a time.
NEWS = ("summary", "record_read", "day_over")
DOCUMENT = Path("docs/sms-texts.md")


def letter(kind: str, language: str = "bg", place: str = ORDINARY, script: str = "native") -> Letter:
    return Letter(kind, language, STARTS, ZONE, place, "A 199", UNTIL, (STARTS,) * 3, script)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_text_keeps_its_length_whatever_the_place_is_called(
    kind: str, language: str, script: str
) -> None:
    for place in PLACES:
        text = DRAFTED.write(letter(kind, language, place, script))
        assert segments(text) <= LONGEST.get(kind, 1) <= 2
        assert kind in NEWS or ("A 199" if kind == "come_now" else "09:40") in text


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (*CHOICES, "record_read")])
def test_an_ordinary_place_is_written_whole(kind: str, language: str, script: str) -> None:
    text = DRAFTED.write(letter(kind, language, script=script))
    native = language in CYRILLIC and script == "native"
    assert (ORDINARY if native else "Poshta Koriten") in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_latin_letters_cost_the_least(kind: str, language: str) -> None:
    text = DRAFTED.write(letter(kind, language, script="latin"))
    assert is_gsm7(text)
    assert segments(text) == 1


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PROXY_KINDS)
def test_a_proxy_is_told_time_and_place_and_asked_nothing(kind: str, language: str, script: str) -> None:
    text = DRAFTED.write(letter(kind, language, script=script))
    native = language in CYRILLIC and script == "native"
    assert (ORDINARY if native else "Poshta Koriten") in text
    assert segments(text) == 1
    assert ("28.12 09:40" in text) == (kind != "proxy_come_now")
    for question in ("1=", "2=", "A 199"):
        assert question not in text


def test_every_kind_that_climbs_to_a_proxy_is_said_in_a_proxys_words() -> None:
    said = {kind: kind_for(kind, "proxy") for kind in HEIGHTS if for_proxy(kind)}
    assert said == {
        "three_days": "proxy_visit",
        "day_before": "proxy_visit",
        "two_hours": "proxy_visit",
        "moved": "proxy_moved",
        "cancelled": "proxy_cancelled",
        "come_now": "proxy_come_now",
    }
    assert kind_for("moved", "patient") == "moved"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["offer", "offer_help"])
def test_an_offer_says_until_when_and_how_to_answer(kind: str, language: str) -> None:
    text = DRAFTED.write(letter(kind, language))
    assert all(part in text for part in ("28.12 09:40", "27.12 12:30", "1", "2"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CHOICES)
def test_choices_are_numbered_and_none_of_them_is_one(kind: str, language: str) -> None:
    text = DRAFTED.write(letter(kind, language))
    assert "1=28.12 09:40, 2=28.12 09:40, 3=28.12 09:40" in text
    assert "0=" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in ("two_hours", "come_now", "doctor_page", *CHOICES, *NEWS)]
)
def test_the_day_is_named_unless_it_is_today(kind: str, language: str) -> None:
    assert "28.12" in DRAFTED.write(letter(kind, language))


def test_a_question_says_how_to_answer_in_the_readers_language() -> None:
    question = WORDS.write(letter("day_before"))
    assert question == "Телемед: 28.12 09:40, Поща Коритен. Отговор: 1=да, 2=отказ"
    assert "1=yes" in WORDS.write(letter("day_before", "en"))


def test_who_reads_no_cyrillic_is_written_to_in_latin_letters() -> None:
    text = WORDS.write(letter("day_before", script="latin"))
    assert text == "Telemed: 28.12 09:40, Poshta Koriten. Otgovor: 1=da, 2=otkaz"


def test_the_time_is_the_sites_whatever_the_season() -> None:
    summer = datetime(2026, 7, 1, 7, 40, tzinfo=UTC)
    assert "10:40" in WORDS.write(Letter("two_hours", "bg", summer, ZONE, ORDINARY))


@pytest.mark.parametrize("language", sorted(DRAFTS))
def test_a_language_that_nobody_has_reviewed_is_written_in_a_demonstration_only(language: str) -> None:
    english = WORDS.write(letter("day_before", "en"))
    assert WORDS.write(letter("day_before", language)) == english
    assert DRAFTED.write(letter("day_before", language)) != english


def test_until_then_its_readers_are_written_to_as_the_country_writes() -> None:
    words = Words(TEMPLATES / "sms", Texts(), instead="bg")
    assert words.write(letter("day_before", "tr")) == WORDS.write(letter("day_before", "bg"))
    assert words.write(letter("day_before", "en")) == WORDS.write(letter("day_before", "en"))


@pytest.mark.parametrize(("reads", "language"), [("bg", "bg"), ("uz-Cyrl", "uz"), ("vi", "vi"), ("ro", "en")])
def test_every_language_of_a_kiosk_has_one_in_which_its_readers_are_written_to(
    reads: str, language: str
) -> None:
    assert written_in(reads) == language
    assert {written_in(code) for code in Texts().languages} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_who_is_too_late_to_cancel_is_told_whom_to_call(language: str, script: str) -> None:
    words = Words(TEMPLATES / "sms", Texts(), "+359 888 123 456", drafts=True)
    text = words.write(letter("too_late", language, script=script))
    assert "+359 888 123 456" in text
    assert segments(text) == 1


@pytest.mark.parametrize(
    "template",
    [
        "Telemed: {{ doctor }} {{ day }}",
        "{{ t('Telemed: booked {day} {time}, {place}', day=day, time=time) }}",
        "{{ t('Telemed: {day', day=day) }}",
        "{{ t('Telemed',",
        "{{ 'Телемед ' * 20 }}",
    ],
)
def test_a_template_that_cannot_be_written_is_refused_at_the_start(tmp_path: Path, template: str) -> None:
    for each in (TEMPLATES / "sms").glob("*.txt"):
        (tmp_path / each.name).write_text(each.read_text(), "utf-8")
    (tmp_path / "booked.txt").write_text(template, "utf-8")
    with pytest.raises(TextFault, match="booked in bg"):
        Words(tmp_path, Texts())


def test_a_missing_template_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(TextFault, match="booked in bg: TemplateNotFound"):
        Words(tmp_path, Texts())


def test_a_kind_and_its_template_are_one() -> None:
    assert {each.stem for each in (TEMPLATES / "sms").glob("*.txt")} == {*KINDS, *PROXY_KINDS}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_text_is_in_every_language(language: str) -> None:
    with (LOCALES / language / "sms.po").open("rb") as file:
        said = {str(each.id): str(each.string) for each in read_po(file) if each.id}
    with (LOCALES / "bg" / "sms.po").open("rb") as file:
        wanted = {str(each.id) for each in read_po(file) if each.id}
    assert set(said) == wanted
    assert all(said.values())


def test_a_text_can_only_say_when_where_and_how_to_answer() -> None:
    with (LOCALES / "bg" / "sms.po").open("rb") as file:
        texts = [str(each.id) for each in read_po(file) if each.id]
    places = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    assert places == {"day", "time", "place", "token", "until", "phone", "choices"}


def table() -> str:
    """How many segments each text takes at an ordinary place, in its own letters and in Latin ones."""
    lines = ["| kind | " + " | ".join(LANGUAGES) + " |", "|---" * (len(LANGUAGES) + 1) + "|"]
    for kind in (*KINDS, *PROXY_KINDS):
        cells = []
        for language in LANGUAGES:
            texts = [DRAFTED.write(replace(letter(kind, language), script=script)) for script in SCRIPTS]
            own, latin = texts
            cells.append(f"{segments(own)} ({len(own)}) · {segments(latin)} ({len(latin)})")
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def test_the_table_in_the_documents_is_true() -> None:
    assert table() in DOCUMENT.read_text("utf-8"), table()
