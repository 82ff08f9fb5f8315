from datetime import time
from uuid import UUID

import pytest

from scheduling.errors import NotFound
from scheduling.places import Opening
from scheduling.store import Book
from tests import build
from tests.scheduling.conftest import Witness

pytestmark = pytest.mark.both_databases
NOBODY = UUID(int=0)


def test_what_was_put_in_comes_out(book: Book, world: build.World) -> None:
    assert book.settlement("00084") == build.settlement()
    assert book.facility(world.facility.id) == world.facility
    assert book.site(world.site.id) == world.site
    assert book.kiosk(world.kiosk.id) == world.kiosk
    assert book.practitioner(world.practitioner.id) == world.practitioner


def test_lists_hold_everything(book: Book, world: build.World) -> None:
    book.add_settlements([build.settlement(code="00151", name="Айтос", latitude=None, longitude=None)])
    book.add_settlements([])
    other_site = build.site(hours=(Opening(5, time(8, 30), time(12)),), name="Друга поща")
    book.add_site(other_site)
    assert [settlement.code for settlement in book.settlements()] == ["00084", "00151"]
    assert book.facilities() == [world.facility]
    assert book.sites() == [other_site, world.site]
    assert (book.kiosks(), book.kiosks(other_site.id)) == ([world.kiosk], [])
    assert book.practitioners(world.facility.id) == book.practitioners() == [world.practitioner]
    assert book.practitioners(NOBODY) == []
    assert book.time_zones() == {world.facility.id: build.SOFIA}


def test_a_site_may_have_no_hours_yet(book: Book, world: build.World) -> None:
    closed = build.site(hours=())
    book.add_site(closed)
    assert book.site(closed.id).hours == ()


@pytest.mark.parametrize("what", ["facility", "site", "kiosk", "practitioner"])
def test_what_is_not_there_is_said_by_name(book: Book, what: str) -> None:
    with pytest.raises(NotFound, match=what):
        getattr(book, what)(NOBODY)


def test_an_unknown_settlement_is_not_found(book: Book) -> None:
    with pytest.raises(NotFound, match="settlement"):
        book.settlement("99999")


def test_places_are_no_personal_data(book: Book, world: build.World, witness: Witness) -> None:
    book.sites()
    book.practitioners()
    book.free_slots(world.site.id, None, "consultation", build.TUESDAY, 2, build.NOW)
    assert witness.saw == []
