"""How the calls of a site went as a drawing: one column a day, cut by how people talked in it."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from telemed.call_quality import RUNGS, Rung
from telemed.texts import locale_of
from telemed.visits.call_summary import OneCall, SiteCalls, Stretch

WIDTH, HEIGHT = 560, 150
_LEFT, _TOP, _BOTTOM = 8, 16, 128
_GAP = 6

# How people talked; message ids of the context "rung".
RUNG_WORDS: dict[Rung, str] = {
    "video": "picture and voice",
    "audio": "voice only",
    "stills": "voice and still pictures",
    "phone": "telephone",
    "written": "in writing",
}


class Piece(NamedTuple):
    """One way of talking within a day's column."""

    rung: Rung
    y: float
    height: float


class Column(NamedTuple):
    """One day of the drawing; no pieces where nobody talked."""

    x: float
    width: float
    label: str
    calls: int
    pieces: tuple[Piece, ...]


class Row(NamedTuple):
    """Calls in words, for the table beside the drawing and for the list of the worst."""

    when: str
    calls: int
    rtt: str
    loss: str
    concealed: str
    rungs: tuple[tuple[Rung, str], ...]


def columns(found: SiteCalls, language: str) -> tuple[Column, ...]:
    """Return one column a day, the oldest first."""
    step = (WIDTH - 2 * _LEFT) / len(found.days)
    return tuple(
        Column(
            x=round(_LEFT + place * step, 1),
            width=round(step - _GAP, 1),
            label=_short(day, language),
            calls=one.calls,
            pieces=_pieces(one),
        )
        for place, (day, one) in enumerate(found.days)
    )


def of_stretch(one: Stretch, language: str, when: str = "") -> Row:
    """Say calls together in words; a dash is what nobody measured."""
    numbers = (_number(one.rtt_ms, language, 0), _number(one.loss_percent, language, 1))
    return Row(when, one.calls, *numbers, "–", _shares(one.rungs, language))


def of_days(found: SiteCalls, language: str) -> tuple[Row, ...]:
    """Say each day with calls in words, the newest first."""
    talked = [(day, one) for day, one in found.days if one.calls]
    return tuple(of_stretch(one, language, _short(day, language)) for day, one in reversed(talked))


def of_call(call: OneCall, language: str, when: str) -> Row:
    """Say one call in words."""
    numbers = (_number(call.rtt_ms, language, 0), _number(call.loss_percent, language, 1))
    concealed = _number(call.concealed_percent, language, 1)
    return Row(when, 1, *numbers, concealed, _shares(call.rungs, language))


def _pieces(one: Stretch) -> tuple[Piece, ...]:
    pieces, y = [], float(_BOTTOM)
    for rung in RUNGS:
        height = one.rungs.get(rung, 0) * (_BOTTOM - _TOP)
        if height > 0:
            y -= height
            pieces.append(Piece(rung, round(y, 1), round(height, 1)))
    return tuple(pieces)


def _shares(rungs: Mapping[Rung, float], language: str) -> tuple[tuple[Rung, str], ...]:
    locale = locale_of(language)
    told = [(rung, rungs.get(rung, 0)) for rung in RUNGS]
    return tuple((rung, format_percent(share, locale=locale)) for rung, share in told if share >= 0.005)


def _number(value: float | None, language: str, digits: int) -> str:
    if value is None:
        return "–"
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(round(value, digits), pattern, locale=locale_of(language))


def _short(day: date, language: str) -> str:
    return format_date(day, "d.MM" if language == "bg" else "d MMM", locale=locale_of(language))
