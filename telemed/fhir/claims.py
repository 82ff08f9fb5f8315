"""Whom an appointment is for: a patient we know by id, by an exact number, or one described inside it."""

from dataclasses import dataclass
from datetime import date

from telemed.fhir.elements import IDENTIFIER
from telemed.fhir.reading import Element

SEXES = ("male", "female", "other", "unknown")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number of a known kind, and where it stood."""

    kind: str
    value: str
    path: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A person as another system describes them; nobody here has compared it with the person."""

    path: str
    name: str
    birth_date: date | None
    sex: str | None
    identifier: Identifier | None
    phone: str | None
    language: str | None


def read_identifier(element: Element) -> Identifier:
    """One identifier in a system of ours."""
    system, value = element.required("system"), element.required("value")
    kind = system.removeprefix(IDENTIFIER)
    if not system.startswith(IDENTIFIER) or not kind:
        element.refuse(f"systems known here begin with {IDENTIFIER}", "value", "system")
    return Identifier(kind, value, element.path)


def read_claim(patient: Element) -> Claim:
    """A contained Patient: a name at least."""
    numbers = patient.children("identifier", 1)
    return Claim(
        path=patient.path,
        name=_name(patient),
        birth_date=patient.day("birthDate"),
        sex=_sex(patient),
        identifier=read_identifier(numbers[0]) if numbers else None,
        phone=_phone(patient),
        language=_language(patient),
    )


def _name(patient: Element) -> str:
    names = patient.children("name")
    if not names:
        patient.refuse("is missing", "required", "name")
    first = names[0]
    text = first.text("text", 200)
    if text:
        return text
    words = [*first.texts("given"), first.required("family")]
    return " ".join(words)[:200]


def _sex(patient: Element) -> str | None:
    sex = patient.text("gender")
    if sex is not None and sex not in SEXES:
        patient.refuse(f"one of {', '.join(SEXES)} is expected", "code-invalid", "gender")
    return sex


def _phone(patient: Element) -> str | None:
    for each in patient.children("telecom"):
        if each.text("system") == "phone":
            return each.required("value")
    return None


def _language(patient: Element) -> str | None:
    for each in patient.children("communication"):
        concept = each.child("language")
        for coding in concept.children("coding") if concept else []:
            return coding.text("code", 20)
    return None
