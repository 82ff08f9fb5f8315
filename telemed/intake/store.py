"""The only reader and writer of filed intakes."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, update

from telemed.intake import filed
from telemed.intake.intake import Filing, Intake, fingerprint
from telemed.intake.submission import Submission
from telemed.intake.tables import intake, intake_conflict

Seen = Callable[[UUID, str], None]
Known = Literal["new", "same", "conflict"]


class IntakeStore:
    """Intakes: filed once, read by those who may, never changed."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def known(self, intake_id: UUID, body: Submission, kiosk_id: UUID, now: datetime) -> Known:
        """Say whether this id is new, is this very body again, or was taken by another body.

        Another body is kept beside the first for a person to decide; it is a value and not an error so that
        the transaction which keeps it can be committed. Concurrent callers with one id wait for each other.
        """
        self._one_at_a_time(intake_id)
        wanted = fingerprint(body.body())
        held = self._connection.scalar(select(intake.c.sha256).where(intake.c.id == intake_id))
        if held is None:
            return "new"
        if held == wanted:
            return "same"
        self._keep_conflict(intake_id, body, kiosk_id, now)
        return "conflict"

    def file(self, filing: Filing, body: Submission) -> Intake:
        """File a new intake (after ``known`` said "new") and return it."""
        raw = body.body()
        self._connection.execute(
            insert(intake).values(
                id=filing.intake_id,
                visit_id=filing.visit_id,
                patient_id=filing.patient_id,
                kiosk_id=filing.kiosk_id,
                site_id=filing.site_id,
                filed_at=filing.at,
                sha256=fingerprint(raw),
                body=raw,
            )
        )
        return body.intake(filing)

    def filing(self, intake_id: UUID) -> Filing | None:
        """Return where an intake was filed; opaque references only, so nobody is told."""
        row = self._connection.execute(select(intake).where(intake.c.id == intake_id)).one_or_none()
        return None if row is None else _filing(row)

    def of_visit(self, visit_id: UUID) -> Intake | None:
        """Return the intake of a visit, and tell whose it was."""
        row = self._connection.execute(select(intake).where(intake.c.visit_id == visit_id)).one_or_none()
        return None if row is None else self._read(row)

    def of_visits(self, visit_ids: Collection[UUID]) -> dict[UUID, Intake]:
        """Return the intakes of these visits, by visit, in one question, and tell whose they were."""
        asked = select(intake).where(intake.c.visit_id.in_(sorted(set(visit_ids))))
        rows = self._connection.execute(asked).all() if visit_ids else ()
        return {row.visit_id: self._read(row) for row in rows}

    def of_patient(self, patient_id: UUID) -> list[Intake]:
        """Return a patient's intakes, newest first, and tell that they were read."""
        query = select(intake).where(intake.c.patient_id == patient_id).order_by(intake.c.filed_at.desc())
        return [self._read(row) for row in self._connection.execute(query)]

    def belongs_to(self, claimed: UUID, known: UUID) -> None:
        """Give the intakes of a claimed identity to the patient it was confirmed to be."""
        self._connection.execute(
            update(intake).where(intake.c.patient_id == claimed).values(patient_id=known)
        )

    def conflicts(self) -> int:
        """Count the bodies that wait for a person's decision."""
        return self._connection.scalar(select(func.count()).select_from(intake_conflict)) or 0

    def _read(self, row: Row[tuple[object, ...]]) -> Intake:
        filing = _filing(row)
        self._seen(filing.patient_id, "intake")
        return filed.read(row._mapping["body"], filing)

    def _keep_conflict(self, intake_id: UUID, body: Submission, kiosk_id: UUID, now: datetime) -> None:
        raw = body.body()
        same = (intake_conflict.c.intake_id == intake_id) & (intake_conflict.c.sha256 == fingerprint(raw))
        if self._connection.execute(select(intake_conflict.c.id).where(same)).first() is None:
            self._connection.execute(
                insert(intake_conflict).values(
                    intake_id=intake_id, kiosk_id=kiosk_id, at=now, sha256=fingerprint(raw), body=raw
                )
            )

    def _one_at_a_time(self, intake_id: UUID) -> None:
        if self._connection.dialect.name == "postgresql":
            lock = int.from_bytes(intake_id.bytes[-8:], "big", signed=True)
            self._connection.execute(select(func.pg_advisory_xact_lock(lock)))


def _filing(row: Row[tuple[object, ...]]) -> Filing:
    held = row._mapping
    return Filing(
        intake_id=held["id"],
        visit_id=held["visit_id"],
        patient_id=held["patient_id"],
        kiosk_id=held["kiosk_id"],
        site_id=held["site_id"],
        at=held["filed_at"],
    )
