"""The only reader and writer of readings asked for again and of the supplements that answered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, update

from scheduling.errors import NotFound
from telemed.intake import filed
from telemed.intake.again_tables import asked_again, supplement
from telemed.intake.asked_again import Answered, AskedAgain, Supplement
from telemed.intake.intake import Filing, fingerprint

Seen = Callable[[UUID, str], None]
Known = Literal["new", "same", "conflict"]


class AgainStore:
    """Requests and their answers: each made once, never changed."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def ask(self, wanted: AskedAgain) -> None:
        """Keep a request."""
        self._connection.execute(insert(asked_again).values(**vars(wanted)))

    def get(self, asked_id: UUID) -> AskedAgain:
        """The request, or NotFound; it holds no value, so nobody is told."""
        row = self._connection.execute(select(asked_again).where(asked_again.c.id == asked_id)).one_or_none()
        if row is None:
            raise NotFound("request")
        return AskedAgain(**row._mapping)

    def open_of(self, visit_id: UUID) -> list[AskedAgain]:
        """What was asked for and not answered yet, oldest first; kinds only, so nobody is told."""
        unanswered = asked_again.outerjoin(supplement, supplement.c.asked_id == asked_again.c.id)
        query = select(asked_again).select_from(unanswered).where(asked_again.c.visit_id == visit_id)
        ordered = query.where(supplement.c.id.is_(None)).order_by(asked_again.c.asked_at, asked_again.c.id)
        return [AskedAgain(**row._mapping) for row in self._connection.execute(ordered)]

    def of_visit(self, visit_id: UUID) -> list[Supplement]:
        """The answers so far, oldest first; tells whose they are."""
        query = (
            select(asked_again, supplement.c.id.label("answer_id"), supplement.c.filed_at, supplement.c.body)
            .join(supplement, supplement.c.asked_id == asked_again.c.id)
            .where(asked_again.c.visit_id == visit_id)
            .order_by(supplement.c.filed_at, supplement.c.id)
        )
        return [self._handed_out(row) for row in self._connection.execute(query)]

    def mark(self, visit_id: UUID) -> str:
        """A text that changes when something is asked for or answered."""
        both = asked_again.outerjoin(supplement, supplement.c.asked_id == asked_again.c.id)
        counted = select(func.count(asked_again.c.id), func.count(supplement.c.id)).select_from(both)
        asked, answered = self._connection.execute(counted.where(asked_again.c.visit_id == visit_id)).one()
        return f"{asked}.{answered}"

    def known(self, answer_id: UUID, told: Answered) -> Known:
        """Say whether this answer is new, is this very one again, or something else was filed before."""
        query = select(supplement).where(
            (supplement.c.id == answer_id) | (supplement.c.asked_id == told.asked)
        )
        held = self._connection.execute(query).all()
        if not held:
            return "new"
        wanted = fingerprint(told.body())
        return "same" if all(row.id == answer_id and row.sha256 == wanted for row in held) else "conflict"

    def file(self, answer_id: UUID, told: Answered, now: datetime) -> None:
        """File a new answer (after ``known`` said "new")."""
        raw = told.body()
        self._connection.execute(
            insert(supplement).values(
                id=answer_id, asked_id=told.asked, filed_at=now, sha256=fingerprint(raw), body=raw
            )
        )

    def belongs_to(self, claimed: UUID, known: UUID) -> None:
        """Give the requests of a claimed identity to the patient it was confirmed to be."""
        self._connection.execute(
            update(asked_again).where(asked_again.c.patient_id == claimed).values(patient_id=known)
        )

    def _handed_out(self, row: Row[Any]) -> Supplement:
        held = row._mapping
        asked = AskedAgain(**{each.name: held[each.name] for each in asked_again.c})
        self._seen(asked.patient_id, "intake")
        filing = Filing(
            held["answer_id"],
            asked.visit_id,
            asked.patient_id,
            asked.kiosk_id,
            asked.kiosk_id,
            held["filed_at"],
        )
        return Supplement(
            held["answer_id"], asked, held["filed_at"], filed.read(held["body"], filing).measurements
        )
