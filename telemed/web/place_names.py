"""What a place or a kiosk is called on a page: as written there, or in Latin letters on English pages."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from scheduling.places import Kiosk, Settlement, Site
from scheduling.store import Book
from telemed.texts import Texts

KINDS = {"post_office": "post office", "route_stop": "route stop", "clinic": "clinic"}
"""What the kinds of sites are called; message ids of the context "site"."""

_ENGLISH = "en"
_LATIN = {"post_office": "Post office {place}", "route_stop": "Stop {place}", "clinic": "Clinic {place}"}


def place_names(texts: Texts, language: str, book: Book, sites: Iterable[Site]) -> Callable[[Site], str]:
    """Give templates the names of these sites; read here, as a template reads nothing."""
    known = {site.id: site for site in sites}
    settlements: dict[str, Settlement] = {}
    names: dict[UUID, str] = {}
    for site in known.values():
        if language != _ENGLISH:
            names[site.id] = site.name
            continue
        if site.settlement_code not in settlements:
            settlements[site.settlement_code] = book.settlement(site.settlement_code)
        names[site.id] = latin_name(texts, site, settlements[site.settlement_code])
    return lambda site: names[site.id]


def named_kiosks(language: str, book: Book, kiosks: Iterable[Kiosk]) -> list[Kiosk]:
    """These kiosks, each labelled as a page in this language calls it."""
    found = list(kiosks)
    if language != _ENGLISH:
        return found
    codes = {each: book.site(each).settlement_code for each in {kiosk.site_id for kiosk in found}}
    settlements = {code: book.settlement(code) for code in set(codes.values())}
    return [replace(each, label=latin_label(each.label, settlements[codes[each.site_id]])) for each in found]


def latin_label(label: str, settlement: Settlement) -> str:
    """A kiosk's label for who reads Latin letters: the settlement in it is written so."""
    return label.replace(settlement.name, settlement.name_latin)


def latin_name(texts: Texts, site: Site, settlement: Settlement) -> str:
    """The name for who reads Latin letters; what tells two sites of one settlement apart is kept."""
    if settlement.name not in site.name:
        return site.name if site.name.isascii() else f"{site.name} ({settlement.name_latin})"
    rest = site.name.rpartition(settlement.name)[2]
    return texts.translate(_ENGLISH, _LATIN[site.kind], place=settlement.name_latin) + rest
