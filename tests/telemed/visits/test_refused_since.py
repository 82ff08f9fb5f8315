"""Whoever refuses a way is not written to by it any more, also of what was promised before."""

from datetime import timedelta

import pytest

from telemed.services import Services
from telemed.visits import clinic, left_in_peace
from tests.build import TUESDAY, local
from tests.fakes import FakeClock
from tests.telemed.consulting_room import open_room
from tests.telemed.visits.test_clinic import known
from tests.telemed.visits.writing import Writing

VISIT = local(11, 0, TUESDAY + timedelta(days=2))
REMINDED = VISIT - timedelta(days=1)
LANDLINE = "+35929876543"


@pytest.fixture
def patient(services: Services) -> Writing:
    written_to = Writing(open_room(services, FakeClock()))
    written_to.agrees("sms")
    written_to.books(VISIT)
    written_to.hears()
    return written_to


def joined(patient: Writing) -> None:
    """A doctor confirms who it is, and what was said at the counter today counts."""
    patient.within(lambda unit: left_in_peace.heed_refusals(unit, patient.patient_id))


def test_what_was_promised_by_sms_is_withdrawn(patient: Writing) -> None:
    patient.refuses("sms")
    joined(patient)
    assert patient.at(REMINDED) == []
    assert patient.due() == {}


def test_or_goes_by_the_way_that_is_left(patient: Writing) -> None:
    patient.gives("voice", LANDLINE)
    patient.refuses("sms")
    joined(patient)
    assert patient.due() == {"day_before": LANDLINE, "two_hours": LANDLINE}


def test_who_has_refused_nothing_is_reminded_as_promised(patient: Writing) -> None:
    joined(patient)
    assert patient.at(REMINDED) == ["Телемед: 19.11 11:00, Поща Аврен. Отговор: 1=да, 2=отказ"]


def test_a_refusal_at_the_kiosk_counts_for_what_was_promised_before_once_it_is_known_who_it_was(
    services: Services,
) -> None:
    room = open_room(services, FakeClock())
    person = Writing(room, whose=known(room).id)
    person.agrees("sms")
    person.books(VISIT)
    person.hears()
    receipt = room.comes(sms=False, phone=None)
    with services.unit(room.reader()) as unit:
        clinic.admit(unit, receipt.visit_id, room.doctor_id)
        assert clinic.confirm_identity(unit, receipt.visit_id, room.doctor_id) == "joined"
    assert person.due() == {}
