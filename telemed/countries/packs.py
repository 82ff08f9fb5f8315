"""Every country pack by its code."""

from telemed.countries.bg import BULGARIA
from telemed.countries.pack import Country

PACKS = {pack.code: pack for pack in (BULGARIA,)}


def is_mobile(number: str) -> bool:
    """Tell whether a number in E.164 is a mobile one of its country; of a country without a pack: no."""
    packs = (pack for pack in PACKS.values() if number.startswith(pack.phone_prefix))
    return any(pack.mobile_number(number) is not None for pack in packs)


def country(code: str) -> Country:
    """Return the pack of a country; an unknown code is an operator's mistake (KeyError)."""
    return PACKS[code]
