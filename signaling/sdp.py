"""What a session description (RFC 8866) and an ICE candidate (RFC 8839) of a browser look like."""

import re
from ipaddress import ip_address

CANDIDATES_AT_MOST = 20
LONGEST_CANDIDATE = 512

# A lone CR ends a line for some readers and not for others: nothing that may do so stands in one.
_LINES = re.compile(r"(?:[a-z]=[^\x00-\x1f\x7f\x85\u2028\u2029]*\n)+")
# Behind the end of a line, which is found faster than the beginning of one; the first line is none of these.
_CANDIDATES = re.compile(r"\na=(candidate:.*)")
# Where a description names a machine (RFC 8866 §5.2, §5.7; RFC 3605).
_NAMES_A_MACHINE = re.compile(r"\n((?:o=|c=|a=rtcp:\d).*)")
_MACHINE = re.compile(
    r"(?:o=\S+ \d{1,20} \d{1,20} |c=|a=rtcp:\d{1,5} )IN IP[46] (?P<address>\S{1,64})|a=rtcp:\d{1,5}"
)
_CANDIDATE = re.compile(
    r"(?:a=)?candidate:[A-Za-z0-9+/]{1,32} [1-9]\d{0,2} (?:udp|tcp|UDP|TCP) \d{1,10} (?P<address>\S{1,64})"
    r" \d{1,5} typ (?:host|srflx|prflx|relay)(?P<rest>(?: \S{1,64}){0,20})"
)
# Browsers hide their own addresses behind such names; only the other browser may look them up.
_HIDDEN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.local")
_FIRST_LINES = ("v=0", "o=", "s=", "t=")


def candidate_problem(candidate: str) -> str | None:
    """Say why this is no candidate of a browser, or None; the empty one says that there are no more."""
    if not candidate:
        return None
    found = _CANDIDATE.fullmatch(candidate) if len(candidate) <= LONGEST_CANDIDATE else None
    if found is None:
        return "not a candidate"
    related = re.search(r" raddr (\S+)", found["rest"])
    addresses = [found["address"], *(related.groups() if related else ())]
    return None if all(_an_address(each) for each in addresses) else "a host name"


def description_problem(sdp: str) -> str | None:
    """Say why this is no description of a browser, or None."""
    text = sdp.replace("\r\n", "\n").removesuffix("\n") + "\n"
    firsts = text.split("\n", len(_FIRST_LINES))[:-1]
    if not _LINES.fullmatch(text):
        return "not a description"
    if not all(line.startswith(start) for line, start in zip(firsts, _FIRST_LINES, strict=False)):
        return "not a description"
    if len(firsts) < len(_FIRST_LINES) or "\nm=" not in text:
        return "no media"
    candidates = _CANDIDATES.findall(text)
    if len(candidates) > CANDIDATES_AT_MOST:
        return "too many candidates"
    problems = [*map(candidate_problem, candidates), *map(_machine_problem, _NAMES_A_MACHINE.findall(text))]
    return next(filter(None, problems), None)


def _machine_problem(line: str) -> str | None:
    found = _MACHINE.fullmatch(line)
    if found is None:
        return "not a description"
    return None if found["address"] is None or _an_address(found["address"]) else "a host name"


def _an_address(text: str) -> bool:
    if _HIDDEN.fullmatch(text):
        return True
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
