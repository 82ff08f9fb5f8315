"""What a call says for each kind of message, and whether it asks for a digit; never whom or what for."""

from datetime import datetime
from zoneinfo import ZoneInfo

from telemed.prompts import calling
from telemed.prompts.calling import News
from telemed.prompts.prompt import Prompt

_NEWS: dict[str, News] = {
    "booked": "reminder",
    "three_days": "reminder",
    "day_before": "reminder",
    "two_hours": "reminder",
    "moved": "moved",
    "cancelled": "cancelled",
    "offer": "offer",
}
_TOLD_ONLY = frozenset({"cancelled", "come_now"})


class NotSpokenOf(LookupError):
    """There are no words for this kind of message: it cannot be told by a call."""


def words(kind: str, language: str, starts_at: datetime, time_zone: str, now: datetime) -> tuple[Prompt, ...]:
    """Return what is said, without the question."""
    if kind == "come_now":
        return calling.sentence(language, "hello"), calling.sentence(language, "come_now")
    if kind not in _NEWS:
        raise NotSpokenOf(kind)
    zone = ZoneInfo(time_zone)
    return calling.about(language, _NEWS[kind], starts_at.astimezone(zone), now.astimezone(zone))


def is_said(kind: str) -> bool:
    """Tell whether a call has words for this kind: nobody is called to hear nothing."""
    return kind == "come_now" or kind in _NEWS


def asks(kind: str) -> bool:
    """Tell whether one answers this kind with a digit."""
    return kind not in _TOLD_ONLY


def whom_to_call(language: str, desk_phone: str, prefix: str, trunk: str) -> tuple[Prompt, ...]:
    """Say the number of the desk as people of the country dial it; without one: the counter."""
    bare = "".join(sign for sign in desk_phone if sign.isdecimal() or sign == "+")
    if not bare.strip("+"):
        return (calling.sentence(language, "counter"),)
    national = trunk + bare.removeprefix(prefix) if bare.startswith(prefix) else bare.replace("+", "00")
    return calling.sentence(language, "call"), *calling.number(language, national)
