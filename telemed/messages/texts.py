"""What we write: one template per kind, in the reader's language, cut to one segment or two."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scheduling.classifier import latin
from telemed.messages.segments import segments
from telemed.texts import Texts

KINDS = (
    "booked",
    "moved",
    "three_days",
    "day_before",
    "two_hours",
    "cancelled",
    "confirmed",
    "help",
    "too_late",
    "come_now",
    "offer",
    "offer_help",
    "offer_over",
    "which",
    "move_offer",
    "move_again",
    "kept",
    "we_call",
    "summary",
    "record_read",
    "day_over",
)
"""Every kind of message; some answer an answer."""

_LONGEST = {"offer": 2, "offer_help": 2, "which": 2, "move_offer": 2, "move_again": 2}

_CYRILLIC = ("bg",)


@dataclass(frozen=True)
class Letter:
    """All that a message may say: when and where; nothing about whom, with whom or what for."""

    kind: str
    language: str
    starts_at: datetime
    time_zone: str
    place: str
    token: str = ""
    until: datetime | None = None
    choices: tuple[datetime, ...] = ()


class Words:
    """Writes letters."""

    def __init__(self, folder: Path, texts: Texts, desk_phone: str = "") -> None:
        self._texts = texts
        self._desk_phone = desk_phone
        self._jinja = Environment(
            loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False
        )

    def write(self, letter: Letter) -> str:
        """Return the text; a place whose name does not fit is shortened, nothing else is."""
        # One Cyrillic letter in a Latin text would cost it more than half of its length.
        place = letter.place if letter.language in _CYRILLIC else latin(letter.place)
        text = self._render(letter, place)
        while segments(text) > _LONGEST.get(letter.kind, 1) and len(place) > 1:
            place = place.removesuffix(".")[:-1].rstrip() + "."
            text = self._render(letter, place)
        return text

    def _render(self, letter: Letter, place: str) -> str:
        local = letter.starts_at.astimezone(ZoneInfo(letter.time_zone))
        until = (letter.until or letter.starts_at).astimezone(local.tzinfo)
        template = self._jinja.get_template(f"{letter.kind}.txt")

        def translate(message: str, **values: object) -> str:
            return self._texts.translate(letter.language, message, None, **values)

        # Digits, because a weekday in words costs a second segment in Cyrillic.
        return template.render(
            t=translate,
            day=f"{local:%d.%m}",
            time=f"{local:%H:%M}",
            place=place,
            token=letter.token,
            phone=self._desk_phone,
            until=f"{until:%d.%m %H:%M}",
            choices=", ".join(
                f"{nth}={at.astimezone(local.tzinfo):%d.%m %H:%M}"
                for nth, at in enumerate(letter.choices, start=1)
            ),
        ).strip()
