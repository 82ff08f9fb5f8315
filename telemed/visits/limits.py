"""A facility's alert limits: what holds, and a clinician of the facility who signs what shall hold."""

from collections.abc import Mapping
from uuid import UUID

from telemed.intake.limit_store import LimitSet
from telemed.intake.limits import Limits, lacking, limit_problem
from telemed.records.errors import NotAllowed
from telemed.unit import Unit


class Unsignable(Exception):
    """These limits cannot be signed; `problems` says for each kind of value why."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{code}: {problem}" for code, problem in problems.items()))
        self.problems = problems


def problems(limits: Limits) -> dict[str, str]:
    """What is wrong with limits that somebody wants to sign, by kind of value."""
    found = dict.fromkeys(lacking(limits), "watched")
    for code, limit in limits.items():
        if (problem := limit_problem(limit)) is not None:
            found[code] = problem
    return found


def sign(unit: Unit, facility_id: UUID, practitioner_id: UUID, limits: Limits, instead_of: int) -> LimitSet:
    """Sign limits for one's own facility, instead of the version one has looked at.

    Raises Unsignable, NotAllowed for another facility's clinician, StaleVersion when others were signed
    meanwhile.
    """
    if unit.book.practitioner(practitioner_id).facility_id != facility_id:
        raise NotAllowed("limits are signed by a clinician of the facility")
    wrong = problems(limits)
    if wrong:
        raise Unsignable(wrong)
    return unit.limits.sign(facility_id, limits, practitioner_id, unit.now, instead_of)
