"""Reads FHIR JSON strictly: whatever is wrong is said with the path of the element, as FHIRPath writes it."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any, NoReturn
from uuid import UUID

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?[0-9]*(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class Malformed(Exception):
    """What was sent may not be so: ``path`` names the element, ``code`` is FHIR's issue type."""

    def __init__(self, path: str, reason: str, code: str = "structure") -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.code = code


class Element:
    """One JSON object of a resource and where it stands."""

    def __init__(self, value: Any, path: str) -> None:
        self.path = path
        if not isinstance(value, dict):
            self.refuse(f"an object is expected, not {_kind(value)}")
        self._value: dict[str, Any] = value

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in self._value

    def at(self, name: str) -> str:
        """The path of a member."""
        return f"{self.path}.{name}"

    def refuse(self, reason: str, code: str = "structure", name: str = "") -> NoReturn:
        """Say what is wrong with this element or one of its members."""
        raise Malformed(self.at(name) if name else self.path, reason, code)

    def child(self, name: str) -> "Element | None":
        """The object under a name, if there is one."""
        return Element(self._value[name], self.at(name)) if name in self._value else None

    def children(self, name: str, most: int = 50) -> list["Element"]:
        """The objects of a list; a list that is there is not empty."""
        if name not in self._value:
            return []
        values = self._value[name]
        if not isinstance(values, list) or not values:
            self.refuse(f"a list of objects is expected, not {_kind(values)}", name=name)
        if len(values) > most:
            self.refuse(f"more than {most} entries", "too-long", name)
        return [Element(value, f"{self.at(name)}[{number}]") for number, value in enumerate(values)]

    def text(self, name: str, most: int = 500) -> str | None:
        """A string, if there is one; never an empty one."""
        return _sound(self._value[name], self.at(name), most) if name in self._value else None

    def texts(self, name: str, most: int = 20) -> list[str]:
        """The strings of a list."""
        values = self._value.get(name, [])
        if not isinstance(values, list) or len(values) > most:
            self.refuse(f"a list of at most {most} strings is expected", name=name)
        return [_sound(value, f"{self.at(name)}[{number}]", 200) for number, value in enumerate(values)]

    def required(self, name: str) -> str:
        """A string that must be there."""
        value = self.text(name)
        if value is None:
            self.refuse("is missing", "required", name)
        return value

    def instant(self, name: str) -> datetime | None:
        """A moment with its zone, in UTC."""
        text = self.text(name)
        moment = read_instant(text) if text is not None else None
        if text is not None and moment is None:
            self.refuse("an instant such as 2026-11-24T09:00:00+02:00 is expected", "value", name)
        return moment

    def day(self, name: str) -> date | None:
        """A whole date."""
        text = self.text(name)
        day = read_day(text) if text is not None else None
        if text is not None and day is None:
            self.refuse("a date such as 1950-03-08 is expected", "value", name)
        return day


def resource(body: bytes, kind: str) -> Element:
    """The resource that a request's body holds, which must be of this kind."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    # The parser gives up on what is nested thousands deep with an error that is no ValueError.
    except (ValueError, RecursionError) as error:
        raise Malformed(kind, "the body is not JSON in UTF-8") from error
    element = Element(value, kind)
    if element.required("resourceType") != kind:
        element.refuse(f"only {kind} is accepted here", "value", "resourceType")
    return element


def read_instant(text: str) -> datetime | None:
    """A FHIR instant as a moment in UTC, or None."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def read_day(text: str) -> date | None:
    """A whole FHIR date, or None."""
    if not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def read_uuid(text: str) -> UUID | None:
    """A UUID written as we write ours, or None."""
    try:
        value = UUID(text)
    except ValueError:
        return None
    return value if str(value) == text.lower() else None


def _sound(value: Any, path: str, most: int) -> str:
    if not isinstance(value, str):
        raise Malformed(path, f"a string is expected, not {_kind(value)}")
    if not value.strip():
        raise Malformed(path, "an empty string is not allowed", "value")
    if len(value) > most:
        raise Malformed(path, f"longer than {most} characters", "too-long")
    if not is_text(value):
        raise Malformed(path, "holds a character that no text has", "value")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")


def is_text(value: str) -> bool:
    """Whether a string is text: no NUL, which PostgreSQL keeps nowhere, and no half of a letter."""
    return "\0" not in value and (
        value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)
    )
