"""Filed intakes as they were written: no rule of today judges them, so a tighter rule hides nothing old."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from telemed.intake.intake import Claim, Filing, Intake, Symptom
from telemed.intake.vitals import Measurement

Read = TypeVar("Read")


def read(body: bytes, filing: Filing) -> Intake:
    """Return a stored intake; a part that was not asked for in its day is empty."""
    held: Mapping[str, Any] = json.loads(body, parse_float=str, parse_int=str)
    return Intake(
        filing=filing,
        language=held.get("language", ""),
        red_flag=bool(held.get("red_flag")),
        claim=_claim(held.get("claim") or {}),
        complaint=held.get("complaint", ""),
        words=held.get("words") or "",
        measurements=tuple(_measurement(each, filing) for each in held.get("measurements") or ()),
        phone=held.get("phone"),
        sms=bool(held.get("sms")),
        sharing=bool(held.get("sharing")),
        notice_version=held.get("notice_version", ""),
        symptoms=tuple(Symptom(each["question"], each["answer"]) for each in held.get("symptoms") or ()),
    )


def _claim(held: Mapping[str, Any]) -> Claim:
    born = held.get("birth_date")
    return Claim(
        identifier_kind=held.get("identifier_kind"),
        identifier=held.get("identifier"),
        name=held.get("name", ""),
        birth_date=date.fromisoformat(born) if born else None,
    )


def _measurement(held: Mapping[str, Any], filing: Filing) -> Measurement:
    value, taken_at = held.get("value"), held.get("taken_at")
    return Measurement(
        code=held["code"],
        value=None if value is None else Decimal(value),
        reason=held.get("reason"),
        typed_by=held.get("typed_by", "patient"),
        taken_at=datetime.fromisoformat(taken_at) if taken_at else filing.at,
        number=int(held.get("number", 1)),
        **{name: held[name] for name in _WORDS if name in held},
        flags=tuple(held.get("flags") or ()),
        device_time=_read_by(datetime.fromisoformat, held.get("device_time")),
        device_id=_read_by(UUID, held.get("device_id")),
        assisted_by=_read_by(UUID, held.get("assisted_by")),
    )


_WORDS = ("source", "coded", "entered", "entered_unit", "characteristic", "raw", "detail")


def _read_by(how: Callable[[str], Read], held: str | None) -> Read | None:
    return how(held) if held else None
