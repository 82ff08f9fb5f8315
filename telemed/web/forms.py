"""Reads a form field by field: what was typed stays as typed, and each problem is kept with its field."""

import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.calendar import instant

PROBLEMS = {
    "missing": "Fill this in.",
    "time": "Write the time with hours and minutes, for example 08:30.",
    "order": "The end must be later than the start.",
    "overlap": "Two spans of this day overlap.",
    "half": "Give both a start and an end, or leave both empty.",
    "day": "Choose a day, for example 2026-12-01.",
    "past": "Choose a day that is not over yet.",
    "too_far": "Choose a day within the next two years.",
    "number": "Write a whole number between {low} and {high}.",
    "choice": "Choose one of these.",
    "too_long": "Write at most {most} characters.",
    "past_moment": "The end must be later than now.",
    "twice": "There is one for this day already: take it away first.",
    "short_name": "Use only small Latin letters, digits and hyphens.",
    "known": "There is one with this name already.",
    "none": "Choose at least one.",
    "future": "Choose a day that has come already.",
    "not_after": "Choose a day after the calibration.",
    "known_device": "A device with this name and number is at a table already.",
    "end": "Write a number between {low} and {high} with at most {decimals} decimals, or nothing.",
    "crossed": "The lower limit must be below the upper one.",
    "watched": "The proposal watches this value: keep at least one limit.",
    "telephone": "This is no telephone number of this country.",
    "no_sms_there": "A landline takes no SMS: give a mobile number, or untick this.",
    "sign": "Tick that you have judged them.",
}
"""What can be wrong with a field; every text is a message id."""

FURTHEST_YEARS = 2
Span = tuple[time, time]


@dataclass(frozen=True)
class Trouble:
    """What is wrong with one field: the message id and what fills its places."""

    text: str
    values: Mapping[str, object]


@dataclass
class Form:
    """The fields of one form as they were sent, and what is wrong with them."""

    sent: Mapping[str, str]
    trouble: dict[str, Trouble] = field(default_factory=dict)

    @property
    def fine(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.trouble

    def refuse(self, name: str, problem: str, **values: object) -> None:
        """Note what is wrong with a field; the first problem of a field stays."""
        self.trouble.setdefault(name, Trouble(PROBLEMS[problem], values))

    def text(self, name: str, most: int, *, needed: bool = False) -> str:
        """A line of text without what nobody can see."""
        value = " ".join(self.sent.get(name, "").split())
        if len(value) > most:
            self.refuse(name, "too_long", most=most)
        if needed and not value:
            self.refuse(name, "missing")
        return value

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.sent.get(name))

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number within limits."""
        typed = self.sent.get(name, "").strip()
        if typed.isascii() and typed.isdigit() and len(typed) < 7 and low <= int(typed) <= high:
            return int(typed)
        self.refuse(name, "number", low=low, high=high)
        return low

    def choice(self, name: str, among: Collection[str]) -> str:
        """One of several."""
        typed = self.sent.get(name, "")
        if typed not in among:
            self.refuse(name, "choice" if typed else "missing")
        return typed

    def one_of(self, name: str, among: Collection[UUID]) -> UUID | None:
        """The id of one of several, or None when nothing is chosen."""
        typed = self.sent.get(name, "")
        found = next((each for each in among if str(each) == typed), None)
        if typed and found is None:
            self.refuse(name, "choice")
        return found

    def time(self, name: str) -> time | None:
        """A time of day, or None when the field is empty."""
        typed = self.sent.get(name, "").strip()
        if not typed:
            return None
        found = read_time(typed)
        if found is None:
            self.refuse(name, "time")
        return found

    def day(self, name: str, today: date, *, past: bool = False) -> date | None:
        """A date from today on and not absurdly far; None, and a problem, when there is none."""
        typed = self.sent.get(name, "").strip()
        try:
            found = date.fromisoformat(typed)
        except ValueError:
            self.refuse(name, "day" if typed else "missing")
            return None
        if found < today and not past:
            self.refuse(name, "past")
        if abs(found.year - today.year) > FURTHEST_YEARS:
            self.refuse(name, "too_far")
            return None
        return found

    def moment(self, name: str, today: date, zone: ZoneInfo) -> datetime | None:
        """A local date and time given in two fields, as an instant."""
        day, at = self.day(f"{name}_day", today, past=True), self.time(f"{name}_time")
        if at is None:
            self.refuse(f"{name}_time", "missing")
        return instant(day, at, zone) if day and at is not None else None

    def spans(self, name: str, count: int) -> list[Span]:
        """Up to `count` spans of one day, from the fields `name_1_from`, `name_1_to` and so on, in order."""
        found: list[Span] = []
        for number in range(1, count + 1):
            first, last = f"{name}_{number}_from", f"{name}_{number}_to"
            opens, closes = self.time(first), self.time(last)
            if opens is not None and closes is not None:
                if opens < closes:
                    found.append((opens, closes))
                else:
                    self.refuse(last, "order")
            elif (opens is None) != (closes is None):
                self.refuse(last if closes is None else first, "half")
        found.sort()
        if any(later[0] < earlier[1] for earlier, later in itertools.pairwise(found)):
            self.refuse(f"{name}_1_from", "overlap")
        return found


def read_time(typed: str) -> time | None:
    """A time of day as people type it: 8:30, 08:30, 8.30 or 0830."""
    digits = typed.replace(".", ":").replace(" ", "")
    if ":" not in digits and len(digits) in (3, 4):
        digits = f"{digits[:-2]}:{digits[-2:]}"
    hours, _, minutes = digits.partition(":")
    # A browser's own field may add seconds.
    minutes = minutes.removesuffix(":00") if minutes.count(":") else minutes
    if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        return None
    if len(hours) > 2 or len(minutes) != 2 or int(hours) > 23 or int(minutes) > 59:
        return None
    return time(int(hours), int(minutes))


def filled(name: str, spans: Collection[Span]) -> dict[str, str]:
    """The fields that show these spans."""
    fields = {}
    for number, (opens, closes) in enumerate(sorted(spans), 1):
        fields[f"{name}_{number}_from"] = opens.isoformat("minutes")
        fields[f"{name}_{number}_to"] = closes.isoformat("minutes")
    return fields
