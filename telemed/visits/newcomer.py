"""Whoever files an intake: who they claim to be, what they agree to, and how they may be reached."""

from uuid import UUID

from scheduling.ids import uuid7
from scheduling.people import Contact, ContactWay, Patient
from telemed.intake.submission import Contacts, Submission
from telemed.records.consent import Consent
from telemed.records.consent import Kind as ConsentKind
from telemed.unit import Unit


def claimed_patient(submission: Submission, language: str | None = None) -> Patient:
    """The patient whom somebody claims to be, until a doctor has heard name and birth year."""
    claim = submission.claim
    return Patient(
        id=uuid7(),
        identity="claimed",
        name=claim.name,
        birth_date=claim.birth_date,
        sex=None,
        identifier_kind=claim.identifier_kind,
        identifier=claim.identifier,
        phone=submission.phone,
        language=language or submission.language,
        script=submission.contacts.script if submission.contacts else "native",
    )


def keep_consents(unit: Unit, patient_id: UUID, submission: Submission) -> None:
    """Keep what was agreed to and what was refused, each under the notice that was shown."""
    answers: dict[ConsentKind, bool] = {
        "notice": True,
        "sms": submission.sms,
        "family_doctor": submission.sharing,
    }
    told = submission.contacts
    if told is not None:
        answers |= {"voice": told.voice is not None, "proxy": told.proxy is not None, "letter": told.letter}
    for kind, given in answers.items():
        unit.records.consents.add(
            Consent(uuid7(), patient_id, kind, given, submission.notice_version, unit.now)
        )


def keep_contacts(unit: Unit, patient_id: UUID, told: Contacts) -> None:
    """Keep the other ways by which somebody may be reached."""

    def add(way: ContactWay, address: str, name: str | None = None) -> None:
        unit.book.set_contact(Contact(uuid7(), patient_id, way, address, name, unit.now))

    if told.voice is not None:
        add("voice", told.voice)
    if told.proxy is not None:
        add("proxy", told.proxy.phone, told.proxy.name)
    if told.letter:
        # A village's letters find people by name; who wants it elsewhere tells the clerk.
        add("letter", "")
