"""Who may see what of a patient: a role, a relation, and which part of the record it is."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from uuid import UUID

Part = Literal["contact", "clinical"]
Ground = Literal["active", "wrote", "consent", "break_glass"]

# What each role may see of a patient it has a relation to; a role that is not here sees nothing.
PARTS: dict[str, frozenset[Part]] = {
    "doctor": frozenset({"contact", "clinical"}),
    "nurse": frozenset({"contact", "clinical"}),
    "coordinator": frozenset({"contact"}),
}


class Ties(NamedTuple):
    """What binds one facility to one patient right now."""

    appointment: bool = False
    queue_entry: bool = False
    unsigned_encounter: bool = False
    consented: bool = False
    broken_glass: bool = False

    @property
    def active(self) -> bool:
        """Whether the facility is caring for the patient now."""
        return self.appointment or self.queue_entry or self.unsigned_encounter


@dataclass(frozen=True)
class Asker:
    """The reader as far as the rule is concerned."""

    facility_id: UUID | None
    roles: frozenset[str] = field(default_factory=frozenset)


def ground(asker: Asker, ties: Ties, part: Part, written_at: UUID | None) -> Ground | None:
    """Why this reader may see this part, written at that facility; None means they may not."""
    if asker.facility_id is None or not any(part in PARTS.get(role, ()) for role in asker.roles):
        return None
    if ties.active:
        return "active"
    if written_at == asker.facility_id:
        return "wrote"
    if ties.consented:
        return "consent"
    return "break_glass" if ties.broken_glass else None
