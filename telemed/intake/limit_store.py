"""Where the limits are kept that a facility's clinicians have signed; each signing makes a new version."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from scheduling.errors import StaleVersion
from telemed.intake.alarm_tables import limit_set
from telemed.intake.limits import PROPOSAL, Limit, Limits, tightest

UNSIGNED = 0
"""The version under which the proposal holds."""


@dataclass(frozen=True)
class LimitSet:
    """Limits and who answers for them; nobody answers for the proposal."""

    version: int
    limits: Limits
    signed_by: UUID | None = None
    signed_at: datetime | None = None

    @property
    def signed(self) -> bool:
        """Whether a clinician has signed them."""
        return self.signed_by is not None


class LimitStore:
    """Limits by facility: the last signed table is in force, and until there is one, the proposal."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def in_force(self, facility_id: UUID) -> LimitSet:
        """What holds at this facility now; there is always something.

        For a kind that came after the last signing the proposal holds, so that it is watched at once.
        """
        signed = next(iter(self.history(facility_id)), None)
        if signed is None:
            return LimitSet(UNSIGNED, PROPOSAL)
        return replace(signed, limits={**PROPOSAL, **signed.limits})

    def tightest(self) -> Limits:
        """The narrowest limits of all facilities; nobody's data, and the same for every kiosk."""
        facilities = self._connection.scalars(select(limit_set.c.facility_id).distinct())
        return tightest([PROPOSAL, *(self.in_force(each).limits for each in facilities)])

    def history(self, facility_id: UUID) -> list[LimitSet]:
        """Every table signed for this facility, the newest first."""
        query = select(limit_set).where(limit_set.c.facility_id == facility_id)
        return [_read(row) for row in self._connection.execute(query.order_by(limit_set.c.version.desc()))]

    def sign(
        self, facility_id: UUID, limits: Limits, practitioner_id: UUID, now: datetime, instead_of: int
    ) -> LimitSet:
        """Put a signed table in force instead of the version the signer saw; StaleVersion if another is."""
        if self.in_force(facility_id).version != instead_of:
            raise StaleVersion("other limits were signed meanwhile")
        signed = LimitSet(instead_of + 1, limits, practitioner_id, now)
        try:
            self._connection.execute(
                insert(limit_set).values(
                    facility_id=facility_id,
                    version=signed.version,
                    signed_by=practitioner_id,
                    signed_at=now,
                    limits={code: _written(each) for code, each in limits.items()},
                )
            )
        except IntegrityError as error:
            raise StaleVersion("other limits were signed meanwhile") from error
        return signed


def _written(limit: Limit) -> list[str | None]:
    return [None if end is None else str(end) for end in (limit.low, limit.high)]


def _read(row: Row[Any]) -> LimitSet:
    limits = {
        code: Limit(code, *(None if end is None else Decimal(end) for end in ends))
        for code, ends in row.limits.items()
    }
    return LimitSet(row.version, limits, row.signed_by, row.signed_at)
