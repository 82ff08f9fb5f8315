"""The words two browsers and the server say to each other, with every limit (docs/protocol.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NoReturn

from signaling import sdp as descriptions
from signaling.passes import LONGEST_TOKEN, Kind, Role

PAYLOAD_LIMIT: Final = 64 * 1024
SDP_LIMIT: Final = 24 * 1024
CANDIDATES_AT_ONCE: Final = descriptions.CANDIDATES_AT_MOST
MESSAGES_AT_ONCE: Final = 60
MESSAGES_PER_SECOND: Final = 10.0

FROM_CLIENT: Final = ("join", "signal", "leave", "alive")
FROM_SERVER: Final = ("joined", "refused", "peer", "signal", "replaced", "closed", "away")
SIGNAL_KINDS: Final = ("offer", "answer", "candidates", "restart")

Why = Literal[
    "forged",
    "expired",
    "closed",
    "session_ended",
    "replaced",
    "unsure",
    "not_seated",
    "already_seated",
    "too_many",
    "bad_message",
    "too_fast",
]
Body = dict[str, object]

_NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SENDER: Final[Mapping[str, Role]] = {"offer": "patient", "answer": "practitioner", "restart": "practitioner"}


class BadMessage(Exception):
    """A client sent what no client of ours sends; the text says which field."""


@dataclass(frozen=True)
class Join:
    """A wish to take a seat: by pass at first, by seat to come back; `page` names one stay in the call.

    `nonce` is what the page made up before it asked for its pass: whoever copied the pass does not know it.
    """

    kind: Kind
    token: str
    nonce: str
    page: str
    offer: Body | None


def read_join(raw: object) -> Join:
    """Check a `join`; the offer may travel inside it, which saves a round trip."""
    fields = _fields(raw, {"pass", "seat", "nonce", "page", "offer"})
    shown: list[Kind] = [kind for kind in ("pass", "seat") if fields.get(kind) is not None]
    if len(shown) != 1:
        _refuse("exactly one of pass and seat")
    token = _text(fields[shown[0]], LONGEST_TOKEN, shown[0])
    offer = fields.get("offer")
    return Join(
        kind=shown[0],
        token=token,
        nonce=_name(fields.get("nonce"), "nonce"),
        page=_name(fields.get("page"), "page"),
        offer=None if offer is None else _description("offer", _fields(offer, {"leg", "sdp"})),
    )


def read_signal(raw: object, role: Role) -> Body:
    """Check a `signal` and return exactly what may be passed on; only the patient's side offers."""
    fields = _fields(raw, {"kind", "leg", "sdp", "candidates", "admit"})
    kind = fields.get("kind")
    if kind not in SIGNAL_KINDS:
        _refuse("kind")
    if _SENDER.get(kind, role) != role:
        _refuse(f"{kind} from the {role}")
    if kind == "restart":
        return {"kind": kind, "leg": _name(fields.get("leg"), "leg")}
    if kind == "candidates":
        return {"kind": kind, "leg": _name(fields.get("leg"), "leg"), "candidates": _candidates(fields)}
    # In an answer the practitioner's side may carry its agreement, which saves the first picture a word.
    admit = fields.get("admit")
    if admit is not None and kind != "answer":
        _refuse("admit")
    admits = {} if admit is None else {"admit": _name(admit, "admit")}
    return _description(kind, fields) | admits


@dataclass
class Pace:
    """How fast one socket may speak: a bucket of messages that refills steadily."""

    left: float = MESSAGES_AT_ONCE
    at: float = 0.0

    def allows(self, seconds: float) -> bool:
        """Take one message at a moment of any steady clock, if the bucket is not empty."""
        self.left = min(MESSAGES_AT_ONCE, self.left + max(0.0, seconds - self.at) * MESSAGES_PER_SECOND)
        self.at = seconds
        if self.left < 1:
            return False
        self.left -= 1
        return True


def _description(kind: str, fields: Body) -> Body:
    sdp = _text(fields.get("sdp"), SDP_LIMIT, "sdp")
    if descriptions.description_problem(sdp) is not None:
        _refuse("sdp")
    return {"kind": kind, "leg": _name(fields.get("leg"), "leg"), "sdp": sdp}


def _candidates(fields: Body) -> list[Body]:
    rows = fields.get("candidates")
    if not isinstance(rows, list) or not 0 < len(rows) <= CANDIDATES_AT_ONCE:
        _refuse("candidates")
    return [
        _candidate(_fields(row, {"candidate", "sdpMid", "sdpMLineIndex", "usernameFragment"})) for row in rows
    ]


def _candidate(fields: Body) -> Body:
    line = fields.get("sdpMLineIndex")
    if line is not None and (isinstance(line, bool) or not isinstance(line, int) or not 0 <= line < 32):
        _refuse("sdpMLineIndex")
    candidate = _text(fields.get("candidate"), descriptions.LONGEST_CANDIDATE, "candidate", least=0)
    if descriptions.candidate_problem(candidate) is not None:
        _refuse("candidate")
    return {
        "candidate": candidate,
        "sdpMid": _optional(fields.get("sdpMid"), "sdpMid"),
        "sdpMLineIndex": line,
        "usernameFragment": _optional(fields.get("usernameFragment"), "usernameFragment"),
    }


def _fields(raw: object, known: set[str]) -> Body:
    if not isinstance(raw, dict) or not raw.keys() <= known:
        _refuse("fields")
    return raw


def _name(value: object, field: str) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        _refuse(field)
    return value


def _text(value: object, most: int, field: str, least: int = 1) -> str:
    if not isinstance(value, str) or not least <= len(value) <= most:
        _refuse(field)
    return value


def _optional(value: object, field: str) -> str | None:
    return None if value is None else _text(value, 64, field, least=0)


def _refuse(field: str) -> NoReturn:
    raise BadMessage(field)
