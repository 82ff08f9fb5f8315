"""Where slip codes are kept as keyed hashes, and where wrong tries are counted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, case, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from telemed.records import slip_codes
from telemed.records.tables import slip, slip_tries

TRIES = 5
WINDOW = timedelta(minutes=30)
LIFE = timedelta(days=180)

Scope = Literal["place", "code"]


@dataclass(frozen=True)
class Slip:
    """What a code stands for."""

    patient_id: UUID
    encounter_id: UUID | None
    appointment_id: UUID | None
    given_for: UUID


class SlipStore:
    """Codes and tries. Tries are counted even when the answer is no, so no method raises for a wrong code."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key

    def issue(
        self,
        given_for: UUID,
        patient_id: UUID,
        birth_date: date | None,
        now: datetime,
        *,
        encounter_id: UUID | None = None,
        appointment_id: UUID | None = None,
    ) -> str:
        """The code for this patient and visit; given for the same thing again, the same code."""
        for attempt in count():
            code = slip_codes.derived_code(self._key, given_for, attempt)
            hashed = slip_codes.code_hash(self._key, code)
            owner = self._connection.scalar(select(slip.c.given_for).where(slip.c.code_hash == hashed))
            if owner == given_for:
                break
            if owner is None:
                self._keep(code, given_for, patient_id, birth_date, now, encounter_id, appointment_id)
                break
        return code

    def stands_for(self, given_for: UUID, appointment_id: UUID) -> None:
        """What was given for a wish stands for the appointment that came of it."""
        self._connection.execute(
            update(slip).where(slip.c.given_for == given_for).values(appointment_id=appointment_id)
        )

    def find(self, typed: str, now: datetime) -> Slip | None:
        """What a typed code stands for, for somebody who is at the place; the caller counts tries."""
        row = self._connection.execute(
            select(slip).where(slip.c.code_hash == self._hash(typed), slip.c.expires_at > now)
        ).one_or_none()
        return Slip(row.patient_id, row.encounter_id, row.appointment_id, row.given_for) if row else None

    def find_with_birth_date(self, typed: str, birth_date: date, now: datetime) -> Slip | None:
        """What a code stands for if the birth date is its own; one query, whichever of the two is wrong."""
        code = slip_codes.normalise(typed)
        row = self._connection.execute(
            select(slip).where(
                slip.c.code_hash == self._hash(typed),
                slip.c.birth_proof == slip_codes.birth_proof(self._key, code, birth_date),
                slip.c.expires_at > now,
            )
        ).one_or_none()
        return Slip(row.patient_id, row.encounter_id, row.appointment_id, row.given_for) if row else None

    def take_try(self, place: str, typed: str, real_now: datetime) -> bool:
        """Count one try from this place and with this code; False when either has none left."""
        counts = [self._count("place", place, real_now), self._count("code", self._hash(typed), real_now)]
        return max(counts) <= TRIES

    def give_back(self, place: str, typed: str) -> None:
        """The try was right: it does not count. Earlier wrong ones still do."""
        for scope, subject in (("place", place), ("code", self._hash(typed))):
            self._connection.execute(
                update(slip_tries)
                .where(slip_tries.c.scope == scope, slip_tries.c.subject == subject, slip_tries.c.tries > 0)
                .values(tries=slip_tries.c.tries - 1)
            )

    def _count(self, scope: Scope, subject: str, now: datetime) -> int:
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        fresh = dialect.insert(slip_tries).values(scope=scope, subject=subject, window_starts_at=now, tries=1)
        expired = slip_tries.c.window_starts_at <= now - WINDOW
        counted = fresh.on_conflict_do_update(
            index_elements=["scope", "subject"],
            set_={
                "tries": case((expired, 1), else_=slip_tries.c.tries + 1),
                "window_starts_at": case((expired, now), else_=slip_tries.c.window_starts_at),
            },
        ).returning(slip_tries.c.tries)
        return int(self._connection.execute(counted).scalar_one())

    def _hash(self, typed: str) -> str:
        return slip_codes.code_hash(self._key, slip_codes.normalise(typed))

    def _keep(
        self,
        code: str,
        given_for: UUID,
        patient_id: UUID,
        birth_date: date | None,
        now: datetime,
        encounter_id: UUID | None,
        appointment_id: UUID | None,
    ) -> None:
        self._connection.execute(
            insert(slip).values(
                code_hash=slip_codes.code_hash(self._key, code),
                birth_proof=slip_codes.birth_proof(self._key, code, birth_date) if birth_date else None,
                patient_id=patient_id,
                encounter_id=encounter_id,
                appointment_id=appointment_id,
                given_for=given_for,
                issued_at=now,
                expires_at=now + LIFE,
            )
        )
