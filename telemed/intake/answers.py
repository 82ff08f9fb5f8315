"""From the kiosk's flat answers to a submission, and from a refused submission back to the question."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from telemed.countries.pack import Country, birth_date_problem
from telemed.intake.evaluator import birth_date, is_sign, path
from telemed.intake.limits import Limits
from telemed.intake.steps import symptoms
from telemed.intake.steps.form import GIVEN
from telemed.intake.steps.journey import STEPS
from telemed.intake.submission import Contacts, SlotChoice, Submission, WishChoice
from telemed.intake.told import Answers, readings
from telemed.intake.vitals import Measurement

WISH = "wish|"
"""How an answer to the slot question begins that names no time but a number of days."""


def submission_body(
    answers: Answers,
    language: str,
    country: Country,
    now: datetime,
    again: Limits,
    taken_at: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the body to file; only answers on the way actually gone count."""
    walked = path(answers, country, now.date(), again)
    told = {key: answers[key] for key in walked.keys}
    phone = country.mobile_number(answers["mobile"]) if told.get("phone") == GIVEN else None
    return {
        "language": language,
        "red_flag": any(is_sign(STEPS[key], told) for key in told),
        "claim": _claim(told, answers, country),
        "notice_version": country.notice_version,
        "phone": phone,
        "sms": phone is not None,
        "contacts": _contacts(told, answers, phone, country),
        "sharing": told.get("share") == "yes",
        "complaint": told.get("complaint", "other"),
        "words": answers["own_words"].strip() if told.get("words") == GIVEN else "",
        "measurements": _measurements(walked.keys, answers, now, taken_at or {}),
        "symptoms": [{"question": key, "answer": told[key]} for key in told if key in symptoms.ANSWERS],
        "choice": _choice(told, answers.get("hold", "")),
    }


def _contacts(told: Answers, answers: Answers, phone: str | None, country: Country) -> dict[str, Any]:
    voice = None
    if told.get("telephone") == GIVEN:
        voice = country.telephone_number(answers["telephone_number"])
    elif told.get("ring") == "same":
        voice = phone
    proxy = None
    if told.get("proxy_number") == GIVEN:
        name = " ".join(answers["proxy_first_name"].split())
        proxy = {"name": name, "phone": country.telephone_number(answers["proxy_telephone"])}
    return {
        "script": "latin" if told.get("letters") == "latin" else "native",
        "voice": voice,
        "proxy": proxy,
        "letter": told.get("letter") == "yes",
    }


def _claim(told: Answers, answers: Answers, country: Country) -> dict[str, Any]:
    kind = "egn" if told.get("number") == GIVEN else "lnch" if told.get("foreign") == GIVEN else None
    number = answers[kind].strip() if kind else None
    born = birth_date(answers) if "born" in told else None
    if kind and number and born is None:
        born = country.birth_date_of(kind, number)
    return {
        "identifier_kind": kind,
        "identifier": number,
        "name": " ".join(answers.get("full_name", "").split()),
        "birth_date": born.isoformat() if born else None,
    }


def _measurements(
    keys: tuple[str, ...], answers: Answers, now: datetime, taken_at: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {**_plainly(each), "taken_at": taken_at.get(key, now.isoformat())}
        for key, each in readings(keys, answers)
    ]


def _plainly(reading: Measurement) -> dict[str, Any]:
    """Return a reading as JSON has it; what is usual is not said."""
    usual = Measurement._field_defaults
    said = {name: value for name, value in reading._asdict().items() if value != usual.get(name, ...)}
    return {name: _json(value) for name, value in said.items()}


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, int) else str(value)


def _choice(told: Answers, hold_id: str) -> dict[str, Any]:
    if told.get("when") != "later":
        return {"kind": "now"}
    chosen = {**slot_choice(told["slot"]), "visit_type_id": told["type"]}
    return {**chosen, "hold_id": hold_id} if hold_id and chosen["kind"] == "slot" else chosen


def slot_choice(answer: str) -> dict[str, str]:
    """Take the answer to the slot question apart."""
    if answer.startswith(WISH):
        return {"kind": "wish", "days": answer.removeprefix(WISH)}
    practitioner_id, kiosk_id, starts_at = answer.split("|")
    return {"kind": "slot", "practitioner_id": practitioner_id, "kiosk_id": kiosk_id, "starts_at": starts_at}


def is_slot(answer: str) -> bool:
    """Say whether an answer to the slot question can name a slot, or a wish for one, at all."""
    try:
        kind = WishChoice if answer.startswith(WISH) else SlotChoice
        kind.model_validate(slot_choice(answer))
    except ValueError:
        return False
    return True


def refusal(submission: Submission, country: Country, today: date) -> tuple[str, str] | None:
    """Say at which step a well-formed submission is still wrong, and why; None files it."""
    claim = submission.claim
    if claim.identifier_kind is not None and claim.identifier is not None:
        step = {"egn": "number", "lnch": "foreign"}.get(claim.identifier_kind)
        if step is None or claim.identifier_kind not in country.identifiers:
            return ("number", "wrong_length")
        wrong = country.identifier_problem(claim.identifier_kind, claim.identifier, today)
        if wrong is not None:
            return (step, wrong)
    if claim.birth_date is not None:
        stated = birth_date_problem(claim.birth_date, today)
        if stated is not None or country.skipped(claim.birth_date):
            return ("born", stated or "impossible_date")
    return _unreachable(submission, country)


def _unreachable(submission: Submission, country: Country) -> tuple[str, str] | None:
    phone, contacts = submission.phone, submission.contacts or Contacts()
    if phone is None and contacts.voice is None and isinstance(submission.choice, WishChoice):
        # Nobody can be offered a time who can be neither written to nor called.
        return ("sms", "wish_needs_number")
    if phone is not None and country.mobile_number(phone) is None:
        return ("phone", "not_a_mobile")
    if contacts.voice is not None and country.telephone_number(contacts.voice) is None:
        return ("telephone", "not_a_telephone")
    if contacts.proxy is not None and country.telephone_number(contacts.proxy.phone) is None:
        return ("proxy_number", "not_a_telephone")
    return None
