"""Whom another system books for: somebody known by id or number, or somebody it describes."""

from contextlib import suppress
from uuid import UUID, uuid5

from scheduling.errors import NotFound
from scheduling.ids import uuid7
from scheduling.people import Patient
from telemed.countries.pack import Country, birth_date_problem
from telemed.fhir.claims import Claim, Identifier
from telemed.fhir.reading import Malformed
from telemed.unit import Unit


def patient_of(unit: Unit, country: Country, who: UUID | Identifier | Claim, key: UUID | None) -> UUID:
    """The patient's id; somebody described under a key is the same patient each time."""
    if isinstance(who, UUID):
        return who
    if isinstance(who, Identifier):
        return _by_number(unit, country, who)
    patient_id = uuid5(key, "patient") if key else uuid7()
    if key:
        with suppress(NotFound):
            return unit.book.patient(patient_id).id
    unit.book.add_patient(_claimed(unit, country, who, patient_id))
    return patient_id


def _by_number(unit: Unit, country: Country, number: Identifier) -> UUID:
    _check_number(unit, country, number)
    found = unit.book.patients_with(number.kind, number.value)
    confirmed = [each for each in found if each.identity == "confirmed"]
    known = confirmed or found
    if not known:
        raise Malformed(number.path, "nobody with this number is known here", "not-found")
    if len(known) > 1:
        raise Malformed(
            number.path, "several people claim this number; ask a coordinator", "multiple-matches"
        )
    return known[0].id


def _claimed(unit: Unit, country: Country, claim: Claim, patient_id: UUID) -> Patient:
    today = unit.now.date()
    if claim.birth_date and birth_date_problem(claim.birth_date, today):
        raise Malformed(f"{claim.path}.birthDate", "nobody alive was born then", "value")
    if claim.identifier:
        _check_number(unit, country, claim.identifier)
    phone = country.mobile_number(claim.phone) if claim.phone else None
    if claim.phone and phone is None:
        raise Malformed(f"{claim.path}.telecom", "a mobile number of this country is expected", "value")
    return Patient(
        id=patient_id,
        identity="claimed",
        name=claim.name,
        birth_date=claim.birth_date,
        sex=claim.sex,
        identifier_kind=claim.identifier.kind if claim.identifier else None,
        identifier=claim.identifier.value if claim.identifier else None,
        phone=phone,
        language=claim.language if claim.language in country.languages else country.languages[0],
    )


def _check_number(unit: Unit, country: Country, number: Identifier) -> None:
    if number.kind not in country.identifiers:
        raise Malformed(f"{number.path}.system", "no such kind of number here", "value")
    if country.identifier_problem(number.kind, number.value, unit.now.date()):
        raise Malformed(f"{number.path}.value", "this cannot be such a number", "value")
