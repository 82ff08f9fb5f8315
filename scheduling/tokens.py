"""The short number that is called out instead of a name: "A 17", new each day."""

_LETTERS = "AEKMOT"
_NUMBERS = 99


def token(number: int) -> str:
    """The token of the day's n-th patient at a facility, 1 first.

    Only letters that look and sound alike in Latin and Cyrillic; after 594 the first comes again, when
    whoever had it has long been seen.
    """
    letter = _LETTERS[(number - 1) // _NUMBERS % len(_LETTERS)]
    return f"{letter} {(number - 1) % _NUMBERS + 1}"
