"""The ladder's next step for one message, with all that the ladder asks others."""

from collections.abc import Collection, Mapping
from functools import partial
from uuid import UUID

from telemed.messages import climbing
from telemed.messages.climbing import Around
from telemed.unit import Unit
from telemed.visits.posting import QUIET
from telemed.visits.reaching import opens_at, reach_of


def climb(unit: Unit, message_id: UUID, carriers: Mapping[str, Collection[str]]) -> int:
    """Take the next step; 1 if something was written down."""
    around = Around(unit.book, partial(reach_of, unit), partial(opens_at, unit.book), carriers, QUIET)
    return climbing.climb(unit.connection, unit.sightings, message_id, around, unit.now)
