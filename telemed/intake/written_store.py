"""The only reader and writer of what doctors ask in writing and of what is answered."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, update

from scheduling.errors import NotFound
from telemed.intake.written import Answer, Asked, Question
from telemed.intake.written_tables import written_answer, written_question

Seen = Callable[[UUID, str], None]
Known = Literal["new", "same", "conflict"]


class Moments(NamedTuple):
    """When something was asked in a visit, and when answered."""

    asked: list[datetime]
    answered: list[datetime]


_BOTH = written_question.outerjoin(written_answer, written_answer.c.question_id == written_question.c.id)
_ANSWER = [each.label(f"answer_{each.name}") for each in written_answer.c]


class WrittenStore:
    """Questions and answers: each made once, never changed."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def ask(self, question: Question) -> None:
        """Keep a question."""
        row = vars(question) | {"choices": list(question.choices)}
        self._connection.execute(insert(written_question).values(**row))

    def count(self, visit_id: UUID) -> int:
        """How many questions a visit has; a number says nothing of anybody."""
        mine = written_question.c.visit_id == visit_id
        return self._connection.scalar(select(func.count()).select_from(written_question).where(mine)) or 0

    def open_of(self, visit_id: UUID) -> list[UUID]:
        """The questions nobody has answered yet, the oldest first; ids only, so nobody is told."""
        columns = written_question.c
        query = select(columns.id).select_from(_BOTH).where(columns.visit_id == visit_id)
        unanswered = query.where(written_answer.c.id.is_(None)).order_by(columns.asked_at, columns.id)
        return list(self._connection.scalars(unanswered))

    def of_visit(self, visit_id: UUID) -> list[Asked]:
        """What was asked in a visit, with its answers, the oldest first; tells whose they are."""
        columns = written_question.c
        query = select(*columns, *_ANSWER).select_from(_BOTH).where(columns.visit_id == visit_id)
        rows = self._connection.execute(query.order_by(columns.asked_at, columns.id))
        return [self._handed_out(row) for row in rows]

    def get(self, question_id: UUID) -> Asked:
        """One question, or NotFound; tells whose it is."""
        query = select(*written_question.c, *_ANSWER).select_from(_BOTH)
        row = self._connection.execute(query.where(written_question.c.id == question_id)).one_or_none()
        if row is None:
            raise NotFound("question")
        return self._handed_out(row)

    def known(self, new: Answer) -> Known:
        """Say whether this answer is new, is this very one again, or another stands already."""
        columns = written_answer.c
        query = select(written_answer).where(
            (columns.id == new.id) | (columns.question_id == new.question_id)
        )
        held = self._connection.execute(query).all()
        if not held:
            return "new"
        same = (new.id, new.question_id, new.choice, new.words)
        return (
            "same"
            if all((row.id, row.question_id, row.choice, row.words) == same for row in held)
            else "conflict"
        )

    def file(self, new: Answer) -> None:
        """File an answer (after ``known`` said "new")."""
        self._connection.execute(insert(written_answer).values(**vars(new)))

    def moments(self, visit_ids: Collection[UUID]) -> Mapping[UUID, Moments]:
        """When something was asked and answered in these visits; a moment tells of nobody."""
        asked, answered = written_question.c, written_answer.c
        query = select(asked.visit_id, asked.asked_at, answered.answered_at).select_from(_BOTH)
        found = defaultdict[UUID, Moments](lambda: Moments([], []))
        for row in self._connection.execute(query.where(asked.visit_id.in_(sorted(visit_ids)))):
            found[row.visit_id].asked.append(row.asked_at)
            if row.answered_at is not None:
                found[row.visit_id].answered.append(row.answered_at)
        return found

    def mark(self, visit_id: UUID) -> str:
        """A text that changes when something is asked or answered."""
        counted = select(func.count(written_question.c.id), func.count(written_answer.c.id)).select_from(
            _BOTH
        )
        asked, answered = self._connection.execute(
            counted.where(written_question.c.visit_id == visit_id)
        ).one()
        return f"{asked}.{answered}"

    def belongs_to(self, claimed: UUID, known: UUID) -> None:
        """Give the questions of a claimed identity to the patient it was confirmed to be."""
        mine = written_question.c.patient_id == claimed
        self._connection.execute(update(written_question).where(mine).values(patient_id=known))

    def _handed_out(self, row: Row[Any]) -> Asked:
        held = row._mapping
        question = {each.name: held[each.name] for each in written_question.c}
        self._seen(held["patient_id"], "intake")
        answer = {each.name: held[f"answer_{each.name}"] for each in written_answer.c}
        return Asked(
            Question(**{**question, "choices": tuple(question["choices"])}),
            None if answer["id"] is None else Answer(**answer),
        )
