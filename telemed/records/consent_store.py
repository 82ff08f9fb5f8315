"""Where the patients' answers are kept; a new answer never overwrites an old one."""

from uuid import UUID

from sqlalchemy import Column, Connection, ScalarSelect, insert, select, union_all

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

    def given(self, patient_id: UUID) -> frozenset[Kind]:
        """Everything a patient has said yes to and not no since; like ``allows`` a rule at work."""
        return frozenset(kind for kind, each in latest(self._answers(patient_id)).items() if each.given)

    def any_given(self, kind: Kind) -> bool:
        """Whether anybody at all has ever said yes to this."""
        once = select(consent.c.id).where(consent.c.kind == kind, consent.c.given).limit(1)
        return self._connection.execute(once).first() is not None

    def _answers(self, patient_id: UUID) -> list[Consent]:
        rows = self._connection.execute(
            select(consent).where(consent.c.patient_id.in_(same_person(patient_id)))
        )
        return [Consent(**row._mapping) for row in rows]


def sms_answer(patient_id: Column[UUID]) -> ScalarSelect[bool]:
    """What a person, under whichever of their ids, last said of messages; of two at once a refusal wins."""
    # Said in so many words: two levels deep nothing is correlated by itself, and everybody's claims would do.
    owner = select(patient_id).correlate(patient_id.table)
    claims = select(patient_link.c.claimed_id).where(patient_link.c.patient_id == patient_id)
    ids = union_all(owner, claims.correlate(patient_id.table))
    return (
        select(consent.c.given)
        .where(consent.c.kind == "sms", consent.c.patient_id.in_(ids))
        .order_by(consent.c.at.desc(), consent.c.given)
        .limit(1)
        .scalar_subquery()
    )
