"""Names as they are given in Bulgaria; nobody in particular is meant."""

from pathlib import Path

_LISTS = Path(__file__).with_name("names.txt").read_text(encoding="utf-8").split("# ")[1:]
_NAMES = {words[0]: tuple(words[1:]) for words in (part.split() for part in _LISTS)}

MEN = _NAMES["men"]
"""Men's given names."""

WOMEN = _NAMES["women"]
"""Women's given names."""

FAMILIES = _NAMES["families"]
"""Family names in the masculine form; the feminine adds -а."""
