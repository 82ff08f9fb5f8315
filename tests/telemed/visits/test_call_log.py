"""Both pages tell how a call goes; nobody tells of another's, and a call speaks for the kiosk's line."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduling.errors import NotFound, WrongState
from scheduling.ids import uuid7
from telemed.accounts.store import Staff
from telemed.records.notes import NoteText
from telemed.services import Services
from telemed.visits import call_log, clinic
from telemed.visits.call_log import LATEST, Near, said_of_the_line
from tests import build
from tests.fakes import FakeClock
from tests.telemed.call_looks import look
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, open_room

SIGNED = NoteText(conclusion="Високо кръвно", advice="Почивайте")


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    return open_room(services, FakeClock())


@pytest.fixture
def visit_id(room: ConsultingRoom) -> UUID:
    return room.comes().visit_id


def tell_kiosk(room: ConsultingRoom, visit_id: UUID, *numbers: int, kiosk_id: UUID | None = None) -> int:
    with room.services.unit(KIOSK) as unit:
        here = kiosk_id or room.world.kiosk.id
        return call_log.tell_from_kiosk(unit, visit_id, here, "page-one", [look(n) for n in numbers])


def test_a_kiosk_tells_of_its_own_visit_only(room: ConsultingRoom, visit_id: UUID) -> None:
    assert tell_kiosk(room, visit_id, 0, 1) == 2
    with pytest.raises(NotFound):
        tell_kiosk(room, visit_id, 2, kiosk_id=uuid7())
    with pytest.raises(NotFound):
        tell_kiosk(room, uuid7(), 2)


def sits_down(room: ConsultingRoom, visit_id: UUID, session: str) -> None:
    """A doctor's page gets its pass to the call."""
    with room.services.unit(room.reader()) as unit:
        name = unit.records.encounters.held(visit_id).room
    room.services.call_seats.give(name, "practitioner", build.NOW, session)


def tell_clinic(
    room: ConsultingRoom, visit_id: UUID, number: int, who: Near, staff: Staff | None = None
) -> int:
    with room.services.unit(room.reader(staff)) as unit:
        return call_log.tell_from_clinic(unit, visit_id, who, "page-one", [look(number)])


def test_a_doctor_tells_of_whom_they_see(room: ConsultingRoom, visit_id: UUID) -> None:
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, visit_id, room.doctor_id)
    assert tell_clinic(room, visit_id, 0, Near(room.doctor_id, "session-one")) == 1
    with pytest.raises(NotFound):
        tell_clinic(room, visit_id, 1, Near(uuid7(), "session-one"))
    with pytest.raises(NotFound):
        tell_clinic(room, visit_id, 1, Near(room.doctor_id, "session-one"), room.stranger)


def test_while_somebody_waits_only_whose_seat_it_is_tells(room: ConsultingRoom, visit_id: UUID) -> None:
    me, colleague = Near(room.doctor_id, "session-one"), Near(uuid7(), "session-two")
    with pytest.raises(NotFound):
        tell_clinic(room, visit_id, 0, me)
    sits_down(room, visit_id, "session-one")
    assert tell_clinic(room, visit_id, 0, me) == 1
    with pytest.raises(NotFound):
        tell_clinic(room, visit_id, 1, colleague)
    sits_down(room, visit_id, "session-two")
    assert tell_clinic(room, visit_id, 1, colleague) == 1
    with pytest.raises(NotFound):
        tell_clinic(room, visit_id, 2, me)


def test_telling_reads_nobodys_record(room: ConsultingRoom, visit_id: UUID) -> None:
    with room.services.unit(KIOSK) as unit:
        call_log.tell_from_kiosk(unit, visit_id, room.world.kiosk.id, "page-one", [look(0)])
        assert unit.sightings.seen == {}


def test_the_last_looks_of_a_call_come_after_the_signature_and_no_later(
    room: ConsultingRoom, visit_id: UUID
) -> None:
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, visit_id, room.doctor_id)
        clinic.sign_note(unit, visit_id, room.doctor_id, SIGNED, 0)
    room.clock.forward(LATEST)
    assert tell_kiosk(room, visit_id, 0) == 1
    room.clock.forward(timedelta(seconds=1))
    with pytest.raises(WrongState):
        tell_kiosk(room, visit_id, 1)


def test_a_call_speaks_for_the_line_once_in_five_minutes(room: ConsultingRoom, visit_id: UUID) -> None:
    def last() -> object:
        with room.services.view() as view:
            return view.book.last_reading(room.world.kiosk.id)

    assert last() is None
    tell_kiosk(room, visit_id, 0)
    assert last() == build.NOW
    room.clock.forward(timedelta(minutes=6))
    tell_kiosk(room, visit_id, 1)
    assert last() == build.NOW
    tell_kiosk(room, visit_id, 60)
    assert last() == build.NOW + timedelta(minutes=5)


def test_a_rate_says_something_of_the_line_only_when_it_suffices() -> None:
    good, thin = look(0), look(1, sent_bytes=20_000, received_bytes=20_000, up_kbps=90)
    enough, little = said_of_the_line([good, thin]), said_of_the_line([thin])
    assert enough is not None
    assert (enough.up_kbps, enough.down_kbps, enough.rtt_ms, enough.loss_percent) == (800, 496, 80, 0.5)
    assert little is not None
    assert (little.up_kbps, little.down_kbps, little.source) == (None, None, "call")


def test_a_call_in_which_nothing_was_measured_says_nothing() -> None:
    assert said_of_the_line([look(0, rtt_ms=None), look(1, rtt_ms=None)]) is None
