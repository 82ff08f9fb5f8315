"""What every change of a calendar has in common: the state it was made against, and whom it touches."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from scheduling.errors import StaleVersion


@dataclass(frozen=True)
class Reach:
    """Whose appointments a change can strand: a site's, some practitioners', or, with neither, anybody's."""

    site_id: UUID | None = None
    practitioner_ids: tuple[UUID, ...] = ()


def mark(*state: object) -> str:
    """A short sign of how something stood when a page showed it."""
    return hashlib.sha256(repr(state).encode()).hexdigest()[:24]


def require_unchanged(was: str, *state: object) -> None:
    """Refuse to overwrite what somebody else changed after the page was shown; the state is read locked."""
    if mark(*state) != was:
        raise StaleVersion("calendar")
