"""The waiting list over a whole service: a freed time goes to one, then to the next, and never to two."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduling.errors import NotOffered
from scheduling.ids import uuid7
from telemed.services import Services
from telemed.visits import kiosk as kiosk_verbs
from telemed.visits import waiting_list
from tests import build
from tests.build import CLERK, local
from tests.fakes import FakeClock
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room, submission
from tests.telemed.hoping import (
    AFTERNOON,
    SECOND,
    answer,
    appointments,
    booked,
    freed,
    hopes,
    messages,
    send,
    status,
    tick,
    together,
    within,
)


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


class TestOffering:
    def test_a_freed_time_is_offered_to_who_has_waited_longest(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        freed(room)
        assert (tick(room), tick(room)) == (1, 0)
        assert (status(room, first), status(room, second)) == ("offered", "waiting")
        assert (messages(room), messages(room, SECOND)) == (["offer"], [])

    def test_a_moved_appointment_gives_its_old_time_back(self, room: ConsultingRoom) -> None:
        receipt, made = hopes(room), booked(room, AFTERNOON)
        with room.services.unit(KIOSK) as unit:
            unit.book.move(made.id, made.version, room.world.slot(local(11)), unit.now, CLERK)
        assert tick(room) == 1
        with room.services.unit(room.reader()) as unit:
            offer = unit.book.open_offer(receipt.intake_id)
        assert offer is not None
        assert offer.starts_at == AFTERNOON

    def test_is_held_meanwhile(self, room: ConsultingRoom) -> None:
        hopes(room)
        starts_at = freed(room)
        tick(room)
        with room.services.view() as view:
            day = starts_at.date()
            free = view.book.free_slots(room.world.site.id, None, "consultation", day, 1, view.now)
        assert starts_at not in {slot.starts_at for slot in free}

    def test_without_a_wish_nothing_is_held(self, room: ConsultingRoom) -> None:
        freed(room)
        assert tick(room) == 0

    def test_a_time_too_soon_to_ask_about_is_left_free(self, room: ConsultingRoom) -> None:
        hopes(room)
        freed(room, local(10, 40))
        assert tick(room) == 0

    def test_a_time_somebody_took_already_is_not_offered(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        booked(room, freed(room))
        assert tick(room) == 0
        assert status(room, receipt) == "waiting"


class TestAnswering:
    def test_yes_makes_it_a_booking_that_the_slip_opens(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        answer(room, "1")
        assert status(room, receipt) == "booked"
        assert len(appointments(room, starts_at)) == 1
        assert messages(room)[:2] == ["offer", "booked"]
        room.clock.moment = starts_at - timedelta(minutes=5)
        with room.services.unit(KIOSK) as unit:
            came = kiosk_verbs.arrive(unit, receipt.code, room.world.kiosk)
        assert came is not None
        assert came.visit_id == receipt.visit_id

    def test_yes_twice_is_yes_once(self, room: ConsultingRoom) -> None:
        hopes(room)
        starts_at = freed(room)
        tick(room)
        for _ in range(2):
            answer(room, "1")
        assert len(appointments(room, starts_at)) == 1
        assert "offer_over" not in messages(room)

    def test_no_passes_it_to_the_next(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        freed(room)
        tick(room)
        answer(room, "2")
        tick(room)
        assert (status(room, first), status(room, second)) == ("waiting", "offered")

    def test_silence_until_the_deadline_does_too(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        freed(room)
        tick(room)
        room.clock.forward(timedelta(hours=2))
        tick(room)
        assert (status(room, first), status(room, second)) == ("waiting", "offered")

    def test_yes_at_the_deadline_is_too_late_and_is_told_so_once(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        send(room)
        room.clock.forward(timedelta(hours=2))
        for _ in range(2):
            answer(room, "1")
        assert appointments(room, starts_at) == []
        assert messages(room) == ["offer", "offer_over"]
        tick(room)
        assert status(room, receipt) == "waiting"

    def test_nobody_is_offered_the_same_time_twice(self, room: ConsultingRoom) -> None:
        hopes(room)
        freed(room)
        tick(room)
        answer(room, "2")
        assert tick(room) == 0
        assert messages(room) == ["offer"]


class TestLeaving:
    def test_gives_what_is_held_to_the_next(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        freed(room)
        tick(room)
        within(room, lambda unit: waiting_list.leave(unit, first.intake_id, CLERK))
        tick(room)
        assert (status(room, first), status(room, second)) == ("left", "offered")

    def test_happens_by_itself_when_the_days_are_over(self, room: ConsultingRoom) -> None:
        receipt = hopes(room, days=1)
        room.clock.forward(timedelta(days=1))
        assert tick(room, "end_past") == 0
        room.clock.forward(timedelta(days=1))
        assert tick(room, "end_past") == 1
        assert status(room, receipt) == "left"


class TestKiosk:
    def test_the_same_wish_sent_twice_is_one(self, room: ConsultingRoom) -> None:
        intake_id, wish = uuid7(), submission(choice={"kind": "wish", "days": 7})
        with room.services.unit(KIOSK) as unit:
            from_kiosk = [kiosk_verbs.file_intake(unit, intake_id, wish, room.world.kiosk) for _ in range(2)]
            assert len(unit.book.wishes(site_id=room.world.site.id)) == 1
        assert from_kiosk[0] == from_kiosk[1]

    def test_a_wish_is_for_the_kind_of_visit_that_was_chosen_where_somebody_offers_it(
        self, room: ConsultingRoom
    ) -> None:
        elsewhere = UUID(str(room.stranger.facility_id)), UUID(str(room.stranger.practitioner_id))
        control = build.visit_type(id="control")
        with room.services.unit(room.reader()) as unit:
            unit.book.set_visit_type(control)
            unit.book.set_offers(elsewhere[1], [control.id])
            for shift in build.roster(unit.book.practitioner(elsewhere[1])):
                unit.book.add_shift(shift)
        receipt = room.comes(choice={"kind": "wish", "days": 7, "visit_type_id": control.id})
        with room.services.unit(room.reader()) as unit:
            wish = unit.book.wish(receipt.intake_id)
        assert (wish.visit_type_id, wish.facility_id) == (control.id, elsewhere[0])

    @pytest.mark.parametrize("unknown", ["massage", "phone"])
    def test_a_kind_that_nobody_offers_at_a_kiosk_cannot_be_wished_for(
        self, room: ConsultingRoom, unknown: str
    ) -> None:
        with room.services.unit(room.reader()) as unit:
            unit.book.set_visit_type(build.visit_type(id="phone", needs_kiosk=False, channels=("audio",)))
            unit.book.set_offers(room.doctor_id, ["consultation", "phone"])
        with pytest.raises(NotOffered):
            room.comes(choice={"kind": "wish", "days": 7, "visit_type_id": unknown})

    def test_the_slip_of_a_wish_does_not_let_anybody_arrive(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        with room.services.unit(KIOSK) as unit:
            assert kiosk_verbs.arrive(unit, receipt.code, room.world.kiosk) is None


@pytest.mark.both_databases
class TestRaces:
    def test_two_jobs_offer_a_freed_time_once(self, room: ConsultingRoom) -> None:
        hopes(room)
        hopes(room, SECOND)
        freed(room)
        assert sum(int(str(each)) for each in together(*[lambda: tick(room)] * 2)) == 1
        assert messages(room) + messages(room, SECOND) == ["offer"]

    def test_a_wish_gets_one_offer_of_two_times_freed_at_once(self, room: ConsultingRoom) -> None:
        hopes(room)
        freed(room)
        freed(room, local(14))
        together(*[lambda: tick(room)] * 2)
        assert messages(room) == ["offer"]

    def test_two_answers_and_the_job_make_at_most_one_booking(self, room: ConsultingRoom) -> None:
        receipt = hopes(room)
        starts_at = freed(room)
        tick(room)
        send(room)
        together(lambda: answer(room, "1"), lambda: answer(room, "1"), lambda: tick(room))
        assert len(appointments(room, starts_at)) == 1
        assert status(room, receipt) == "booked"

    def test_at_the_deadline_the_answer_or_the_job_wins_never_both(self, room: ConsultingRoom) -> None:
        first, second = hopes(room), hopes(room, SECOND)
        starts_at = freed(room)
        tick(room)
        send(room)
        room.clock.forward(timedelta(hours=2))
        together(lambda: answer(room, "1"), lambda: tick(room))
        tick(room)
        assert appointments(room, starts_at) == []
        assert (status(room, first), status(room, second)) == ("waiting", "offered")
