"""Days and weeks as a page says them, in one language: no time of day, no time zone."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal

from telemed.texts import locale_of


@dataclass(frozen=True)
class DayWords:
    """Says days, for templates."""

    language: str

    @property
    def _locale(self) -> str:
        return locale_of(self.language)

    def weekday(self, weekday: int) -> str:
        """The name of a weekday, 0 is Monday, as it stands alone in a table."""
        name = str(get_day_names("wide", "stand-alone", self._locale)[weekday])
        return name[:1].upper() + name[1:]

    def short(self, day: date) -> str:
        """Weekday and day for the head of a column, e.g. "Tue 17 Nov"."""
        return (
            f"{format_date(day, 'EEE', locale=self._locale)} {format_date(day, 'd MMM', locale=self._locale)}"
        )

    def day(self, day: date) -> str:
        """The day with its weekday, e.g. "Tuesday, 17 November"; the year is said when it is asked for."""
        return format_date(day, "EEEE, d MMMM", locale=self._locale)

    def full(self, day: date) -> str:
        """The day with weekday and year."""
        return format_date(day, "EEEE, d MMMM y", locale=self._locale)

    def heading(self, day: date, *, year: bool = True) -> str:
        """The day where a line begins with it."""
        said = self.full(day) if year else self.day(day)
        return said[:1].upper() + said[1:]

    def hours(self, minutes: int) -> str:
        """A number of hours, with a half where there is one."""
        return str(format_decimal(round(minutes / 60, 1), locale=self._locale))

    def week(self, monday: date) -> str:
        """A week by its first and last day, e.g. "16 – 22 November 2026"."""
        sunday = monday + timedelta(days=6)
        first = "d" if monday.month == sunday.month else "d MMMM"
        first = first if monday.year == sunday.year else "d MMMM y"
        return " – ".join(
            (
                format_date(monday, first, locale=self._locale),
                format_date(sunday, "d MMMM y", locale=self._locale),
            )
        )

    def span(self, starts: time, ends: time) -> str:
        """A stretch of a day, e.g. "08:30–12:30"."""
        return f"{starts:%H:%M}–{ends:%H:%M}"
