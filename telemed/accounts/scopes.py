"""SMART scopes of systems: system/<type or *>.<letters>, where c, r, u, d, s are what may be done."""

import re
from collections.abc import Iterable

_SCOPE = re.compile(r"system/(?P<type>[A-Z][A-Za-z]{1,40}|\*)\.(?P<letters>c?r?u?d?s?|read|write|\*)")
# Scopes of the first version of SMART are still asked for.
_OLD = {"read": "rs", "write": "cud", "*": "cruds"}


def is_scope(text: str) -> bool:
    """Whether a scope can be understood."""
    match = _SCOPE.fullmatch(text)
    return match is not None and match["letters"] != ""


def allows(granted: Iterable[str], needed: str) -> bool:
    """Whether scopes that were granted cover one that is needed."""
    kind, letters = _parts(needed)
    missing = set(letters)
    for each in granted:
        other, has = _parts(each)
        if other in ("*", kind):
            missing -= set(has)
    return not missing


def within(asked: Iterable[str], granted: Iterable[str]) -> list[str]:
    """Those scopes asked for that are covered by what was granted."""
    have = list(granted)
    return [scope for scope in asked if is_scope(scope) and allows(have, scope)]


def _parts(scope: str) -> tuple[str, str]:
    match = _SCOPE.fullmatch(scope)
    if match is None:
        return "", ""
    return match["type"], _OLD.get(match["letters"], match["letters"])
