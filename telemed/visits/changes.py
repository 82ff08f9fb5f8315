"""Signs of how a calendar stood when a page showed it, so that nobody overwrites another's change unseen."""

import hashlib

from scheduling.errors import StaleVersion


def mark(*state: object) -> str:
    """A short sign of how something stood when a page showed it."""
    return hashlib.sha256(repr(state).encode()).hexdigest()[:24]


def require_unchanged(was: str, *state: object) -> None:
    """Refuse to overwrite what somebody else changed after the page was shown; the state is read locked."""
    if mark(*state) != was:
        raise StaleVersion("calendar")
