"""People read in their own language; what is not translated is English, never a key."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from telemed.texts import Texts

SOFIA = ZoneInfo("Europe/Sofia")


def catalogue(folder: Path, name: str, entries: str) -> None:
    (folder / "bg").mkdir(exist_ok=True)
    (folder / "bg" / "language.toml").write_text('code = "bg"\nname = "Български"\nkeys = "А Б"\n')
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / "bg" / f"{name}.po").write_text(head + entries)


def test_every_domain_of_a_language_is_found(tmp_path: Path) -> None:
    catalogue(tmp_path, "kiosk", 'msgid "Back"\nmsgstr "Назад"\n')
    catalogue(tmp_path, "clinic", 'msgid "Sign"\nmsgstr "Подпиши"\n')
    texts = Texts(tmp_path)
    assert texts.translate("bg", "Back") == "Назад"
    assert texts.translate("bg", "Sign") == "Подпиши"


def test_what_is_not_translated_is_english(tmp_path: Path) -> None:
    assert Texts(tmp_path).translate("bg", "Hello {name}", name="Ана") == "Hello Ана"


def test_a_context_keeps_two_meanings_apart(tmp_path: Path) -> None:
    catalogue(tmp_path, "kiosk", 'msgctxt "emergency"\nmsgid "Call"\nmsgstr "Обадете се"\n')
    texts = Texts(tmp_path)
    assert texts.translate("bg", "Call", "emergency") == "Обадете се"
    assert texts.translate("bg", "Call") == "Call"


def test_a_moment_is_said_in_the_sites_zone() -> None:
    moment = datetime(2026, 12, 1, 7, 40, tzinfo=UTC)
    assert Texts().when("bg", moment, SOFIA) == "вторник, 1 декември в 09:40 ч."
    assert Texts().when("en", moment, SOFIA) == "Tuesday, 1 December at 09:40"
