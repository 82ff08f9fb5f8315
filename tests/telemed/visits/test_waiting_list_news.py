"""The waiting list looks at what is free: news is offered, and what is gone is taken back."""

from datetime import timedelta

import pytest

from scheduling import tables
from scheduling.booking import HOLD_LENGTH
from scheduling.ids import uuid7
from scheduling.places import Outage
from telemed.services import Services
from tests.build import CLERK, TUESDAY, local
from tests.fakes import FakeClock
from tests.telemed.consulting_room import ConsultingRoom, open_room
from tests.telemed.hoping import (
    AFTERNOON,
    SECOND,
    answer,
    appointments,
    booked,
    freed,
    hopes,
    messages,
    offered_at,
    on_leave,
    send,
    status,
    tick,
    together,
    within,
    works_until,
)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


class TestNews:
    """What is free now and was not when the wish was left, whatever the reason."""

    def test_what_was_free_already_is_not_offered(self, room: ConsultingRoom) -> None:
        hopes(room)
        assert tick(room, "offer_news") == 0

    def test_added_hours_are(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        works_until(room, 17)
        assert (tick(room, "offer_news"), tick(room, "offer_news")) == (1, 0)
        assert offered_at(room, receipt) == local(16)
        assert messages(room) == ["offer"]

    def test_so_is_what_an_outage_had_closed(self, room: ConsultingRoom) -> None:
        site, until = room.world.site, AFTERNOON + timedelta(minutes=20)
        outage = Outage(uuid7(), site.id, None, AFTERNOON, until, "maintenance", "")
        within(room, lambda unit: unit.book.add_outage(outage))
        receipt = hopes(room)
        within(room, lambda unit: unit.book.remove_outage(outage.id))
        assert tick(room, "offer_news") == 1
        assert offered_at(room, receipt) == AFTERNOON

    def test_so_is_what_somebody_had_kept_and_did_not_book(self, room: ConsultingRoom) -> None:
        slot = room.world.slot(AFTERNOON)
        within(room, lambda unit: unit.book.hold(slot, "consultation", unit.now, CLERK))
        receipt = hopes(room)
        assert tick(room, "offer_news") == 0
        room.clock.forward(HOLD_LENGTH)
        assert tick(room, "offer_news") == 1
        assert offered_at(room, receipt) == AFTERNOON

    def test_each_gets_another_time_the_oldest_wish_the_first(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        works_until(room, 17)
        assert tick(room, "offer_news") == 2
        assert (offered_at(room, first), offered_at(room, second)) == (local(16), local(16, 20))

    def test_who_says_no_is_asked_about_another_time_three_times_a_day(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        works_until(room, 17)
        offers = []
        for _ in range(3):
            assert tick(room, "offer_news") == 1
            offers.append(offered_at(room, receipt))
            answer(room, "2")
        assert len(set(offers)) == 3
        assert tick(room, "offer_news") == 0
        room.clock.forward(timedelta(days=1))
        assert tick(room, "offer_news") == 1

    def test_a_wish_left_before_anybody_looked_gets_what_is_given_back_only(
        self, room: ConsultingRoom
    ) -> None:
        receipt = hopes(room)
        within(room, lambda unit: unit.connection.execute(tables.wish.update().values(free_then=None)))
        works_until(room, 17)
        assert tick(room, "offer_news") == 0
        freed(room)
        tick(room)
        assert offered_at(room, receipt) == AFTERNOON


class TestWithdrawing:
    def test_what_can_no_longer_be_had_is_taken_back_and_something_else_offered(
        self, room: ConsultingRoom
    ) -> None:
        receipt = hopes(room)
        freed(room)
        tick(room)
        on_leave(room, TUESDAY)
        assert (tick(room, "withdraw"), tick(room, "withdraw")) == (1, 0)
        assert status(room, receipt) == "waiting"
        freed(room, local(15, day=TUESDAY + timedelta(days=1)))
        assert tick(room) == 1
        assert status(room, receipt) == "offered"

    def test_a_yes_to_it_is_told_that_it_is_gone(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        send(room)
        on_leave(room, TUESDAY)
        tick(room, "withdraw")
        answer(room, "1")
        assert (appointments(room, starts_at), messages(room)) == ([], ["offer", "offer_over"])
        assert status(room, receipt) == "waiting"

    def test_so_is_what_a_broken_kiosk_cannot_keep(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        freed(room)
        tick(room)
        site, kiosk, until = room.world.site, room.world.kiosk, AFTERNOON + timedelta(hours=1)
        outage = Outage(uuid7(), site.id, kiosk.id, AFTERNOON, until, "maintenance", "")
        within(room, lambda unit: unit.book.add_outage(outage))
        assert tick(room, "withdraw") == 1
        assert status(room, receipt) == "waiting"

    def test_so_is_what_is_not_held_any_more(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        with room.services.unit(room.reader()) as unit:
            offer = unit.book.open_offer(receipt.intake_id)
            assert offer is not None
            unit.book.release(offer.hold_id, unit.now)
        booked(room, starts_at)
        assert tick(room, "withdraw") == 1
        assert status(room, receipt) == "waiting"

    def test_what_stands_is_left_alone(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        freed(room)
        tick(room)
        on_leave(room, TUESDAY + timedelta(days=1))
        assert tick(room, "withdraw") == 0
        assert status(room, receipt) == "offered"


@pytest.mark.both_databases
def test_two_looks_at_what_is_free_offer_it_once(room: ConsultingRoom) -> None:
    hopes(room)
    works_until(room, 17)
    look = [lambda: tick(room, "offer_news")] * 2
    assert sum(int(str(each)) for each in together(*look)) == 1
    assert messages(room) == ["offer"]


class TestTheClockIsSet:
    def test_back_and_an_offer_stands_until_its_moment_and_is_made_once(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        room.clock.forward(-timedelta(hours=1))
        assert tick(room, "withdraw", "pass_overdue", "offer_freed", "offer_news") == 0
        room.clock.forward(timedelta(hours=2))
        answer(room, "1")
        assert (status(room, receipt), len(appointments(room, starts_at))) == ("booked", 1)

    def test_ahead_and_back_and_nobody_is_offered_the_same_twice(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        starts_at = freed(room)
        tick(room)
        send(room)
        room.clock.forward(timedelta(hours=3))
        assert tick(room) == 2
        room.clock.forward(-timedelta(hours=3))
        answer(room, "1")
        assert (status(room, first), status(room, second)) == ("waiting", "offered")
        assert (messages(room), appointments(room, starts_at)) == (["offer", "offer_over"], [])
