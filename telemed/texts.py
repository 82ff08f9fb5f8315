"""Words in the reader's language: gettext catalogues by language and dates said in words."""

import gettext
import io
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("bg", "en")
NAMES = {"bg": "Български", "en": "English"}
LOCALES = Path(__file__).parent / "locales"
# In a checkout the templates lie at its top; in a wheel, inside the package.
TEMPLATES = next(
    folder
    for folder in (Path(__file__).parents[1] / "templates", Path(__file__).parent / "templates")
    if folder.is_dir()
)


class Texts:
    """The catalogues of every language; English is what the code itself says."""

    def __init__(self, locales: Path = LOCALES) -> None:
        # Some languages have only a few texts, for telephones; in those everything else is English.
        folders = {path.name for path in locales.glob("*/") if path.is_dir()}
        self._catalogues = {language: _load(locales / language) for language in {*LANGUAGES, *folders}}

    def translate(self, language: str, message: str, context: str | None = None, **values: object) -> str:
        """Return the message in the language, with ``{name}`` places filled in."""
        catalogue = self._catalogues.get(language) or self._catalogues["en"]
        text = catalogue.pgettext(context, message) if context else catalogue.gettext(message)
        return text.format(**values) if values else text

    def day(self, language: str, moment: datetime, zone: ZoneInfo) -> str:
        """Say the day in words, e.g. "вторник, 1 декември"."""
        return format_date(moment.astimezone(zone).date(), "EEEE, d MMMM", locale=language)

    def time(self, language: str, moment: datetime, zone: ZoneInfo) -> str:
        """Say the time of day as the region writes it on a 24-hour clock, e.g. 09:40."""
        return format_time(moment.astimezone(zone).time(), "HH:mm", locale=language)

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
        return format_date(day, "long", locale="en_GB" if language == "en" else language)


@cache
def _load(folder: Path) -> gettext.NullTranslations:
    """Merge every domain's catalogue of one language; read once at start, so nothing compiled lies about."""
    merged: gettext.NullTranslations = gettext.NullTranslations()
    for path in sorted(folder.glob("*.po")):
        compiled = io.BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file))
        compiled.seek(0)
        translations = gettext.GNUTranslations(compiled)
        translations.add_fallback(merged)
        merged = translations
    return merged
