"""Where the patients' answers are kept; a new answer never overwrites an old one."""

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, ScalarSelect, insert, or_, select

from scheduling.store import Seen
from telemed.records.consent import Consent, Kind, allows, latest
from telemed.records.link_store import same_person
from telemed.records.tables import consent, patient_link


class ConsentStore:
    """What each patient has agreed to or refused."""

    def __init__(self, connection: Connection, seen: Seen) -> None:
        self._connection = connection
        self._seen = seen

    def add(self, answer: Consent) -> None:
        """Keep one answer."""
        self._connection.execute(
            insert(consent).values(
                id=answer.id,
                patient_id=answer.patient_id,
                kind=answer.kind,
                given=answer.given,
                notice_version=answer.notice_version,
                at=answer.at,
            )
        )

    def of_patient(self, patient_id: UUID) -> dict[Kind, Consent]:
        """The answer that counts for each kind."""
        answers = self._answers(patient_id)
        if answers:
            self._seen(patient_id, "consent")
        return latest(answers)

    def allows(self, patient_id: UUID, kind: Kind) -> bool:
        """Whether something may be done; the bare yes or no is a rule at work, not a reading."""
        return allows(self._answers(patient_id), kind)

    def _answers(self, patient_id: UUID) -> list[Consent]:
        rows = self._connection.execute(
            select(consent).where(consent.c.patient_id.in_(same_person(patient_id)))
        )
        return [Consent(**row._mapping) for row in rows]


def sms_answer(patient_id: ColumnElement[UUID]) -> ScalarSelect[bool]:
    """What a person, under whichever of their ids, last said of messages; of two at once a refusal wins."""
    claims = select(patient_link.c.claimed_id).where(patient_link.c.patient_id == patient_id)
    return (
        select(consent.c.given)
        .where(
            consent.c.kind == "sms", or_(consent.c.patient_id == patient_id, consent.c.patient_id.in_(claims))
        )
        .order_by(consent.c.at.desc(), consent.c.given)
        .limit(1)
        .scalar_subquery()
    )
