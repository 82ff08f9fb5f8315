"""Every message in every language is short and says nothing but when and where."""

from datetime import UTC, datetime

import pytest

from telemed.messages.segments import is_gsm7, segments
from telemed.messages.texts import KINDS, Letter, Words
from telemed.texts import LANGUAGES, TEMPLATES, Texts
from tests.telemed.messages.world import WORDS, ZONE

# 09:40 in Sofia on the widest-written day.
STARTS = datetime(2026, 12, 28, 7, 40, tzinfo=UTC)
PLACES = ("поща Коритен", "поща Полковник Серафимово", "post office Koriten", "Здравна служба " * 6)


UNTIL = datetime(2026, 12, 27, 10, 30, tzinfo=UTC)
# An offer names two moments; "come now" names none.
LONG = ("offer", "offer_help")
CHOICES = ("which", "move_offer", "move_again")
# Told without naming a time.
NEWS = ("summary", "record_read", "day_over")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_text_is_one_segment_or_for_an_offer_two(kind: str, language: str, place: str) -> None:
    text = WORDS.write(Letter(kind, language, STARTS, ZONE, place, "A 17", UNTIL, (STARTS,) * 3))
    assert segments(text) <= (2 if kind in (*LONG, *CHOICES) else 1)
    assert kind in NEWS or ("A 17" if kind == "come_now" else "09:40") in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LONG)
def test_an_offer_says_until_when_and_how_to_answer(kind: str, language: str) -> None:
    text = WORDS.write(Letter(kind, language, STARTS, ZONE, "поща Коритен", until=UNTIL))
    assert all(part in text for part in ("28.12 09:40", "27.12 12:30", "1", "2"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (*CHOICES, "record_read")])
def test_an_ordinary_place_is_written_whole(kind: str) -> None:
    assert "поща Коритен" in WORDS.write(Letter(kind, "bg", STARTS, ZONE, "поща Коритен"))


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in ("two_hours", "come_now", *CHOICES, *NEWS)]
)
def test_the_day_is_named_unless_it_is_today(kind: str) -> None:
    assert "28.12" in WORDS.write(Letter(kind, "bg", STARTS, ZONE, "поща Коритен"))


def test_a_question_says_how_to_answer_in_the_readers_language() -> None:
    question = WORDS.write(Letter("day_before", "bg", STARTS, ZONE, "поща Коритен"))
    assert "1=да" in question
    assert "2=отказ" in question
    assert "1=yes" in WORDS.write(Letter("day_before", "en", STARTS, ZONE, "post office Koriten"))


def test_the_time_is_the_sites_whatever_the_season() -> None:
    summer = datetime(2026, 7, 1, 7, 40, tzinfo=UTC)
    assert "10:40" in WORDS.write(Letter("two_hours", "bg", summer, ZONE, "поща Коритен"))


def test_an_english_text_names_the_place_in_latin_letters() -> None:
    text = WORDS.write(Letter("booked", "en", STARTS, ZONE, "Поща Коритен"))
    assert text == "Telemed: booked 28.12 09:40, Poshta Koriten"
    assert is_gsm7(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_too_late_to_cancel_is_told_whom_to_call(language: str) -> None:
    letter = Letter("too_late", language, STARTS, ZONE, "поща Коритен")
    text = Words(TEMPLATES / "sms", Texts(), "+359 888 123 456").write(letter)
    assert "+359 888 123 456" in text
    assert segments(text) == 1
