"""Words in the reader's language: which languages there are, their catalogues, and dates said in words."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.messages.pofile import read_po

SOURCE = "en"
"""The language of the code itself: its texts are the message ids."""

STAFF_LANGUAGES = ("bg", "en")
"""The languages in which also the pages of staff are written; the first is the one that nobody chose."""

LOCALES = Path(__file__).parent / "locales"
# In a checkout the templates lie at its top; in a wheel, inside the package.
TEMPLATES = next(
    folder
    for folder in (Path(__file__).parents[1] / "templates", Path(__file__).parent / "templates")
    if folder.is_dir()
)


class Language(NamedTuple):
    """One language as its ``language.toml`` describes it.

    ``keys`` are those of the kiosk's screen; ``marks`` name signs that are typed after a letter; ``day`` is
    how a day is said, in CLDR's pattern letters.
    """

    code: str
    name: str
    folder: str
    keys: tuple[str, ...]
    marks: tuple[tuple[str, str], ...] = ()
    day: str = "EEEE, d MMMM"


@cache
def languages(locales: Path = LOCALES) -> Mapping[str, Language]:
    """Return every language that has a folder here, by its code (BCP 47)."""
    found = (_language(path) for path in sorted(locales.glob("*/language.toml")))
    return {each.code: each for each in found}


def locale_of(language: str) -> str:
    """Return what CLDR calls the language; English is written as Europe does."""
    return "en_GB" if language == "en" else language.replace("-", "_")


def staff_languages() -> tuple[tuple[str, str], ...]:
    """Return code and name of each language of the staff's pages."""
    return tuple((code, languages()[code].name) for code in STAFF_LANGUAGES)


class Texts:
    """The catalogues of every language; English is what the code itself says."""

    def __init__(self, locales: Path = LOCALES) -> None:
        self.languages = languages(locales)
        self._catalogues = {each.code: _load(locales / each.folder) for each in self.languages.values()}

    def translate(self, language: str, message: str, context: str | None = None, **values: object) -> str:
        """Return the message in the language, with ``{name}`` places filled in; else in English."""
        text = self._catalogues.get(language, {}).get((context, message), message)
        return text.format(**values) if values else text

    def found(self, language: str, message: str, context: str | None = None) -> str | None:
        """Return what the language itself says, or None where nobody has translated it."""
        if language == SOURCE:
            return message
        return self._catalogues.get(language, {}).get((context, message))

    def day(self, language: str, moment: datetime, zone: ZoneInfo) -> str:
        """Say the day in words, e.g. "вторник, 1 декември"."""
        known = self.languages.get(language)
        pattern = known.day if known else "EEEE, d MMMM"
        return format_date(moment.astimezone(zone).date(), pattern, locale=locale_of(language))

    def time(self, language: str, moment: datetime, zone: ZoneInfo) -> str:
        """Say the time of day as the region writes it on a 24-hour clock, e.g. 09:40."""
        return format_time(moment.astimezone(zone).time(), "HH:mm", locale=locale_of(language))

    def when(self, language: str, moment: datetime, zone: ZoneInfo) -> str:
        """Say day and time in one phrase."""
        return self.translate(
            language,
            "{day} at {time}",
            day=self.day(language, moment, zone),
            time=self.time(language, moment, zone),
        )

    def date(self, language: str, day: date) -> str:
        """Say a date with its year, e.g. "3 март 1948 г.", in English as Europe does."""
        return format_date(day, "long", locale=locale_of(language))


def _language(path: Path) -> Language:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Language(
        code=told["code"],
        name=told["name"],
        folder=path.parent.name,
        keys=tuple(told["keys"].split()),
        marks=tuple(told.get("marks", {}).items()),
        day=told.get("day", "EEEE, d MMMM"),
    )


@cache
def _load(folder: Path) -> Mapping[tuple[str | None, str], str]:
    """Read every catalogue of one language, once, at start; what is marked as fuzzy is not said."""
    said: dict[tuple[str | None, str], str] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            entries = [entry for entry in read_po(file) if entry.id and entry.string and not entry.fuzzy]
        said |= {(entry.context or None, str(entry.id)): str(entry.string) for entry in entries}
    return said
