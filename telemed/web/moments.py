"""Times and dates as a page says them: in one language and in the time of one place."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemed.texts import Texts


@dataclass(frozen=True)
class Moments:
    """Says when, for templates."""

    texts: Texts
    language: str
    zone: ZoneInfo

    def time(self, moment: datetime) -> str:
        """The time of day."""
        return self.texts.time(self.language, moment, self.zone)

    def day(self, moment: datetime) -> str:
        """The day in words."""
        return self.texts.day(self.language, moment, self.zone)

    def when(self, moment: datetime) -> str:
        """Day and time."""
        return self.texts.when(self.language, moment, self.zone)

    def at(self, moment: datetime, zone: ZoneInfo) -> str:
        """Day and time as another place's clocks show them."""
        return self.texts.when(self.language, moment, zone)

    def date(self, moment: datetime | date) -> str:
        """The date with its year."""
        day = moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment
        return self.texts.date(self.language, day)


def years_between(born: date, today: date) -> int:
    """Whole years of age."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
