"""What goes through an SMPP line, byte by byte: texts in parts, delivery receipts, texts that come in."""

import re
from typing import NamedTuple

from telemed.messages.segments import is_gsm7

GSM7, LATIN1, UCS2 = 0, 3, 8
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E}
_EXTENDED |= {"|": 0x40, "€": 0x65}
_FROM_EXTENDED = {code: sign for sign, code in _EXTENDED.items()}
# Octets that fit alone, and behind the six of a header that says which part of how many it is.
_WHOLE, _PART = {GSM7: 160, UCS2: 140}, {GSM7: 153, UCS2: 134}

# https://smpp.org, SMPP 3.4 appendix B and 5.2.28.
_STATES = {
    "DELIVRD": "delivered",
    "EXPIRED": "undelivered",
    "UNDELIV": "undelivered",
    "REJECTD": "undelivered",
}
_STATES |= {"DELETED": "failed", "ACCEPTD": "accepted", "ENROUTE": "accepted", "UNKNOWN": "undelivered"}
_NUMBERED = {1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN"}
_NUMBERED |= {8: "REJECTD"}
_RECEIPT = re.compile(r"id:\s*(?P<id>\S+).*?\bstat:\s*(?P<stat>[A-Z]+)", re.IGNORECASE | re.DOTALL)


class Receipt(NamedTuple):
    """What the operator tells of a message: its name for it, our state, its word as the reason."""

    sid: str
    state: str
    reason: str | None


class Came(NamedTuple):
    """A text, or one part of it, that somebody wrote: `part` of `parts` of the same `series`."""

    sender: str
    text: str
    series: int | None = None
    part: int = 1
    parts: int = 1


def cut(text: str, series: int) -> tuple[list[bytes], int]:
    """Return the parts of a text with their headers, and its coding; no letter is torn in two."""
    coding = GSM7 if is_gsm7(text) else UCS2
    letters = [_encode(sign, coding) for sign in text]
    if sum(map(len, letters)) <= _WHOLE[coding]:
        return [b"".join(letters)], coding
    parts = [b""]
    for letter in letters:
        if len(parts[-1]) + len(letter) > _PART[coding]:
            parts.append(b"")
        parts[-1] += letter
    head = bytes((5, 0, 3, series % 256, len(parts)))
    return [head + bytes((number,)) + part for number, part in enumerate(parts, 1)], coding


def receipt(body: bytes, sid: str | None, state: int | None) -> Receipt | None:
    """Read a delivery receipt: by its own fields where it has them, else by its text; None: neither."""
    found = _RECEIPT.search(body.decode("latin-1"))
    name = sid or (found["id"] if found else None)
    word = _NUMBERED.get(state or 0) or (found["stat"].upper()[:7] if found else "")
    if not name or word not in _STATES:
        return None
    ours = _STATES[word]
    reason = {"EXPIRED": "unreachable", "UNDELIV": "unreachable", "REJECTD": "filtered"}.get(word)
    return Receipt(name, ours, reason)


def came(sender: str, body: bytes, coding: int, has_header: bool) -> Came:
    """Read what somebody wrote; a header in front says which part of a longer text it is."""
    series, part, parts = None, 1, 1
    if has_header and body:
        head, body = body[1 : body[0] + 1], body[body[0] + 1 :]
        if len(head) >= 5 and head[0] == 0:
            series, parts, part = head[2], head[3], head[4]
    number = sender if sender.startswith("+") else f"+{sender}"
    return Came(number, _decode(body, coding), series, part, parts)


def _encode(sign: str, coding: int) -> bytes:
    if coding == UCS2:
        return sign.encode("utf-16-be")
    if sign in _EXTENDED:
        return bytes((0x1B, _EXTENDED[sign]))
    return bytes((_BASIC.index(sign),))


def _decode(body: bytes, coding: int) -> str:
    if coding == UCS2:
        return body.decode("utf-16-be", "replace")
    if coding == LATIN1:
        return body.decode("latin-1")
    text, escaped = "", False
    for octet in body:
        if escaped:
            text, escaped = text + _FROM_EXTENDED.get(octet, "?"), False
        elif octet == 0x1B:
            escaped = True
        else:
            text += _BASIC[octet] if octet < len(_BASIC) else "?"
    return text
