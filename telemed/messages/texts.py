"""What we write: one template per kind, in the reader's language and letters, cut to one segment or two."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from scheduling.classifier import latin
from telemed.messages.scripts import CYRILLIC, written
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
    "doctor_page",
)
"""Every kind of message; some answer an answer."""

PROXY_KINDS = ("proxy_visit", "proxy_moved", "proxy_cancelled", "proxy_come_now")
"""What a proxy is told instead: it asks nothing, for the answer is not a proxy's to give."""

LANGUAGES = ("bg", "en", "tr", "uk", "ru", "uz", "vi")
"""The languages in which there are texts for telephones."""

DRAFTS = frozenset({"tr", "uk", "ru", "uz", "vi"})
"""Those that no native speaker has read: a demonstration shows them, nobody else is written to in them."""

SCRIPTS = ("native", "latin")
LONGEST = {"offer": 2, "offer_help": 2, "which": 2, "move_offer": 2, "move_again": 2}
"""The kinds that may take two segments because they name several moments; every other takes one."""

_INSTEAD = "en"
# Kiosks speak Uzbek in both alphabets; an SMS is written in Latin letters, of which it holds more.
_WRITTEN_AS = {"uz-Cyrl": "uz"}


class TextFault(Exception):
    """A text that cannot be written: found when a process starts, not when somebody waits for it."""


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
    script: str = "native"


_WIDEST = datetime(2026, 12, 28, 20, 40, tzinfo=UTC)
_SAMPLE = Letter("", "", _WIDEST, "UTC", "Поща Полковник Серафимово", "A 199", _WIDEST, (_WIDEST,) * 3)


def written_in(language: str) -> str:
    """Return the language of what is sent to somebody who reads this one; without texts in it: English."""
    known = _WRITTEN_AS.get(language, language)
    return known if known in LANGUAGES else _INSTEAD


def kind_for(kind: str, whom: str) -> str:
    """Return which text says this to the patient, or to a proxy."""
    if whom == "patient":
        return kind
    return f"proxy_{kind}" if f"proxy_{kind}" in PROXY_KINDS else "proxy_visit"


class Words:
    """Writes letters; whoever makes one knows that every text can be written.

    `drafts`: also in languages that nobody has reviewed; else their readers are written to in ``instead``.
    """

    def __init__(
        self,
        folder: Path,
        texts: Texts,
        desk_phone: str = "",
        *,
        drafts: bool = False,
        instead: str = _INSTEAD,
    ) -> None:
        self._texts = texts
        self._desk_phone = desk_phone
        self._drafts = drafts
        self._instead = instead
        self._jinja = Environment(
            loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False
        )
        faults = list(self._faults())
        if faults:
            raise TextFault("; ".join(faults))

    def write(self, letter: Letter) -> str:
        """Return the text; a place whose name does not fit is shortened, nothing else is."""
        if letter.language in DRAFTS and not self._drafts:
            letter = replace(letter, language=self._instead)
        return self._write(letter)

    def _write(self, letter: Letter) -> str:
        # One Cyrillic letter in a Latin text would cost it more than half of its length.
        native = letter.language in CYRILLIC and letter.script != "latin"
        place = letter.place if native else latin(letter.place)
        text = self._render(letter, place)
        while segments(text) > LONGEST.get(letter.kind, 1) and len(place) > 1:
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
        text = template.render(
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
        )
        return written(text.strip(), letter.language, letter.script)

    def _faults(self) -> Iterator[str]:
        """Every text that lacks a value, is missing, or is longer than may be paid for."""
        for kind in (*KINDS, *PROXY_KINDS):
            for language in LANGUAGES:
                sample = replace(_SAMPLE, kind=kind, language=language)
                try:
                    texts = [self._write(replace(sample, script=script)) for script in SCRIPTS]
                except (TemplateError, KeyError, IndexError, ValueError) as error:
                    yield f"{kind} in {language}: {type(error).__name__} {error}"
                    continue
                if any(segments(text) > LONGEST.get(kind, 1) for text in texts):
                    yield f"{kind} in {language}: too long"
