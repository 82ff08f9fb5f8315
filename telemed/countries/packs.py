"""Every country pack by its code."""

from telemed.countries.bg import BULGARIA
from telemed.countries.pack import Country

PACKS = {pack.code: pack for pack in (BULGARIA,)}


def country(code: str) -> Country:
    """Return the pack of a country; an unknown code is an operator's mistake (KeyError)."""
    return PACKS[code]
