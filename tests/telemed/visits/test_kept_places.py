"""Whoever leaves the screen keeps the place for five minutes: at any kiosk, and not a second longer."""

from datetime import timedelta

import pytest
from flask import Flask

from scheduling import waiting
from scheduling.errors import StaleVersion
from scheduling.places import Kiosk
from scheduling.ringing import Patience
from scheduling.waiting import KEPT, Away
from telemed.jobs import piece_by_piece
from telemed.run.web import create_app
from telemed.run.worker import QUEUE, waiting_rounds
from telemed.services import Services
from telemed.visits import clinic, queue
from telemed.visits import kiosk as kiosk_verbs
from telemed.visits.kiosk import Arrival, Receipt
from tests import build
from tests.fakes import FakeClock
from tests.telemed.alarming import at
from tests.telemed.conftest import BuiltAssets, browsable
from tests.telemed.consulting_room import KIOSK, NAME, ConsultingRoom, open_room

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


@pytest.fixture
def app(room: ConsultingRoom) -> Flask:
    return browsable(create_app(room.services, BuiltAssets()))


def leaves(room: ConsultingRoom, receipt: Receipt) -> None:
    with room.services.unit(KIOSK) as unit:
        kiosk_verbs.leave(unit, receipt.visit_id, room.world.kiosk)


def job(room: ConsultingRoom) -> int:
    """The worker looks whose time is up."""
    ending, _ = waiting_rounds(Patience(), SECOND)["queue.end_kept"]
    return piece_by_piece("queue.end_kept", ending, QUEUE)(room.services)


def returns(room: ConsultingRoom, receipt: Receipt) -> Arrival | None:
    with room.services.unit(KIOSK) as unit:
        return kiosk_verbs.arrive(unit, receipt.code, room.world.kiosk)


def status(room: ConsultingRoom, receipt: Receipt) -> str:
    with room.services.unit(room.reader()) as unit:
        return unit.records.encounters.get(receipt.visit_id).status


def test_within_five_minutes_the_slip_brings_the_same_place_back(room: ConsultingRoom) -> None:
    first, mine, last = (room.comes() for _ in range(3))
    leaves(room, mine)
    room.clock.forward(KEPT - SECOND)
    assert job(room) == 0
    came = returns(room, mine)
    assert came is not None
    assert came.visit_id == mine.visit_id
    with room.services.unit(room.reader()) as unit:
        visits = [
            unit.records.encounters.by_queue_entry(each.id)
            for each in unit.book.queue(room.world.facility.id)
        ]
    assert [each.id for each in visits if each] == [each.visit_id for each in (first, mine, last)]


def test_at_another_kiosk_of_the_site_as_well(room: ConsultingRoom) -> None:
    mine = room.comes()
    leaves(room, mine)
    other = build.kiosk(room.world.site.id, label="Гише 2")
    with room.services.unit(KIOSK) as unit:
        unit.book.add_kiosk(other)
        came = kiosk_verbs.arrive(unit, mine.code, other)
        assert unit.records.encounters.get(mine.visit_id).kiosk_id == other.id
    assert came is not None
    assert came.visit_id == mine.visit_id


def test_who_sits_at_one_kiosk_is_not_taken_from_it_by_another(room: ConsultingRoom) -> None:
    mine, other = room.comes(), build.kiosk(room.world.site.id, label="Гише 2")
    with room.services.unit(KIOSK) as unit:
        unit.book.add_kiosk(other)
    room.clock.forward(4 * MINUTE)
    with room.services.unit(KIOSK) as unit:
        unit.records.presence.say(mine.visit_id, None, unit.now)
    room.clock.forward(KEPT - SECOND)
    assert goes_on(room, mine, other) == "elsewhere"
    room.clock.forward(SECOND)
    # Nothing was heard from the first kiosk for so long: it may have failed.
    assert goes_on(room, mine, other) is None


def test_a_visit_that_a_doctor_has_begun_at_one_kiosk_is_opened_at_no_other(room: ConsultingRoom) -> None:
    mine, other = room.comes(choice=at(room, 10)), build.kiosk(room.world.site.id, label="Гише 2")
    with room.services.unit(KIOSK) as unit:
        unit.book.add_kiosk(other)
    came = returns(room, mine)
    assert came is not None
    assert came.visit_id is not None
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, came.visit_id, room.doctor_id)
    assert goes_on(room, mine, other) == "elsewhere"
    assert returns(room, mine) == came


@pytest.mark.parametrize("away", [True, False])
def test_a_slip_takes_its_place_at_its_own_site_only(room: ConsultingRoom, away: bool) -> None:
    mine, site = room.comes(), build.site(name="Поща Друга")
    other = build.kiosk(site.id)
    with room.services.unit(KIOSK) as unit:
        unit.book.add_site(site)
        unit.book.add_kiosk(other)
    if away:
        leaves(room, mine)
    else:
        room.clock.forward(timedelta(hours=1))
    assert goes_on(room, mine, other) == "elsewhere"
    with room.services.unit(room.reader()) as unit:
        assert unit.records.encounters.get(mine.visit_id).kiosk_id == room.world.kiosk.id


def goes_on(room: ConsultingRoom, receipt: Receipt, kiosk: Kiosk) -> str | None:
    """Type the slip's code at a kiosk; why it does not go on there."""
    with room.services.unit(KIOSK) as unit:
        came = kiosk_verbs.arrive(unit, receipt.code, kiosk)
        assert came is not None
        return came.over


def test_after_five_minutes_the_place_and_the_visit_are_over(room: ConsultingRoom) -> None:
    mine = room.comes()
    leaves(room, mine)
    room.clock.forward(KEPT)
    assert (job(room), job(room)) == (1, 0)
    assert status(room, mine) == "cancelled"
    came = returns(room, mine)
    assert came is not None
    assert (came.visit_id, came.over) == (None, "away")


def test_the_clock_counts_even_when_the_worker_is_late(room: ConsultingRoom) -> None:
    mine = room.comes()
    leaves(room, mine)
    room.clock.forward(KEPT)
    came = returns(room, mine)
    assert came is not None
    assert (came.visit_id, came.over, status(room, mine)) == (None, "away", "cancelled")


def test_with_the_place_of_a_booked_patient_the_appointment_ends(room: ConsultingRoom) -> None:
    mine = room.books_and_arrives()
    leaves(room, mine)
    room.clock.forward(KEPT)
    assert job(room) == 1
    with room.services.unit(room.reader()) as unit:
        assert [each.status for each in unit.book.appointments_on(build.local(11), build.local(12))] == [
            "cancelled"
        ]


def test_who_came_back_in_time_is_not_ended_by_a_worker_that_looked_before(room: ConsultingRoom) -> None:
    mine = room.comes()
    leaves(room, mine)
    room.clock.forward(KEPT)
    with room.services.view() as view:
        (found,) = queue.no_longer_kept(view.book, view.now)
    room.clock.moment -= SECOND
    returns(room, mine)
    room.clock.forward(2 * SECOND)
    with room.services.unit(QUEUE) as unit:
        assert queue.end_kept(unit, found) == 0
    assert status(room, mine) == "waiting"


def test_leaving_twice_does_not_keep_the_place_longer(room: ConsultingRoom) -> None:
    mine = room.comes()
    leaves(room, mine)
    room.clock.forward(KEPT - SECOND)
    leaves(room, mine)
    room.clock.forward(SECOND)
    assert job(room) == 1


def test_a_doctor_who_admits_at_that_moment_hears_it_and_takes_nobody_in(room: ConsultingRoom) -> None:
    mine = room.comes()
    leaves(room, mine)
    with pytest.raises(Away), room.services.unit(room.reader()) as unit:
        clinic.admit(unit, mine.visit_id, room.doctor_id)
    returns(room, mine)
    with room.services.unit(room.reader()) as unit:
        assert clinic.admit(unit, mine.visit_id, room.doctor_id).status == "in_progress"


def test_of_a_doctor_and_a_patient_at_one_moment_the_second_changes_nothing(room: ConsultingRoom) -> None:
    mine = room.comes()
    with room.services.unit(KIOSK) as unit:
        visit = unit.records.encounters.get(mine.visit_id)
        assert visit.queue_entry_id is not None
        seen_by_the_kiosk = unit.book.queue_entry(visit.queue_entry_id)
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, mine.visit_id, room.doctor_id)
    with pytest.raises(StaleVersion), room.services.unit(KIOSK) as unit:
        unit.book.change_entry(*waiting.step_away(seen_by_the_kiosk, unit.now, build.CLERK))
    assert status(room, mine) == "in_progress"


def test_who_leaves_during_the_visit_keeps_it(room: ConsultingRoom) -> None:
    mine = room.comes()
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, mine.visit_id, room.doctor_id)
    leaves(room, mine)
    room.clock.forward(KEPT)
    assert (job(room), status(room, mine)) == (0, "in_progress")


def test_the_doctors_list_says_who_is_away_and_later_that_a_place_was_lost(
    room: ConsultingRoom, app: Flask
) -> None:
    mine = room.comes()
    leaves(room, mine)
    browser = room.browser(app)
    assert "place kept until" in browser.get("/clinic?lang=en").text
    case = f"/clinic/visits/{mine.visit_id}"
    told = browser.send(f"{case}/admit", case)
    assert (told.status_code, "has left the screen" in browser.get(f"{case}?lang=en").text) == (409, True)
    room.clock.forward(KEPT)
    job(room)
    page = browser.get("/clinic?lang=en").text
    assert "left the screen and did not come back" in page
    assert NAME not in page


def test_nobody_is_called_in_front_of_an_empty_chair(room: ConsultingRoom) -> None:
    leaves(room, room.comes())
    with room.services.unit(QUEUE) as unit:
        assert queue.ring_due(unit, room.world.facility.id, Patience()) == 0
