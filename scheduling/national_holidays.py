"""The public holidays of a country, from the library that keeps them for most countries."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache


def national_holidays(country_code: str, language: str | None = None) -> Callable[[date], str | None]:
    """The name of a country's public holiday on a day, or None; always None where the library lacks it."""

    @lru_cache(maxsize=16)
    def year(number: int) -> dict[date, str]:
        # It takes half a second to load; most processes never ask about a holiday.
        from holidays import country_holidays

        try:
            return dict(country_holidays(country_code.upper(), years=number, language=language))
        except NotImplementedError:  # how the library says that it has no such country
            return {}

    return lambda day: year(day.year).get(day)
