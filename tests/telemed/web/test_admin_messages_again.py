"""Sending again by hand goes only where there are words for it; a proxy is written to as a proxy."""

from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from scheduling.booking import Appointment
from scheduling.ids import uuid7
from scheduling.people import Contact, ContactWay
from telemed.messages.tables import message
from telemed.records.consent import Consent
from telemed.services import Services
from telemed.visits import message_centre
from telemed.visits.posting import QUIET
from tests.telemed.web.coordinators_desk import READER, Desk, open_desk
from tests.telemed.web.test_admin_messages import TOMORROW, again, goes

PROXY, LANDLINE = "+359888777777", "+35929876543"


@pytest.fixture
def desk(services: Services) -> Desk:
    return open_desk(services)


@pytest.fixture
def booked(desk: Desk) -> Appointment:
    return desk.books(TOMORROW, sms=False)


def reached_only(desk: Desk, booked: Appointment, way: ContactWay, address: str) -> None:
    """The patient wants no SMS any more, but this."""
    owner = booked.patient_id
    contact = Contact(uuid7(), owner, way, address, None, entered_at=desk.services.clock.now())
    with desk.services.unit(READER) as unit:
        unit.book.set_contact(contact)
        unit.records.consents.add(Consent(uuid7(), owner, way, True, "bg-2026-11", unit.now))


def lost(desk: Desk, booked: Appointment, kind: str) -> UUID:
    """A message of this kind that went to the patient's mobile, and did not arrive."""
    made = uuid7()
    row = {"id": made, "appointment_id": booked.id, "patient_id": booked.patient_id, "kind": kind}
    row |= {"version": booked.version, "phone": "+359880000001", "language": "bg", "place": "Поща"}
    row |= {"time_zone": "Europe/Sofia", "starts_at": booked.starts_at, "site_id": booked.site_id}
    with desk.services.unit(READER) as unit:
        row |= {"due_at": unit.now, "changed_at": unit.now, "state": "due"}
        unit.connection.execute(insert(message).values(row))
    goes(desk, made, "claimed", "accepted", "undelivered")
    return made


def sent_again(desk: Desk, message_id: UUID) -> list[tuple[str, str, str]]:
    with desk.services.view() as view:
        columns = message.c
        wanted = select(columns.whom, columns.channel, columns.phone).where(columns.follows_id == message_id)
        return [tuple(row) for row in view.connection.execute(wanted)]


def test_a_proxy_is_written_to_as_a_proxy(desk: Desk, booked: Appointment) -> None:
    reached_only(desk, booked, "proxy", PROXY)
    reminder = lost(desk, booked, "day_before")
    assert again(desk, booked, reminder)[0] == 303
    assert sent_again(desk, reminder) == [("proxy", "sms", PROXY)]


@pytest.mark.parametrize(("way", "address"), [("proxy", PROXY), ("voice", LANDLINE)])
def test_what_only_the_patient_can_read_goes_no_other_way(
    desk: Desk, booked: Appointment, way: ContactWay, address: str
) -> None:
    reached_only(desk, booked, way, address)
    thanks = lost(desk, booked, "confirmed")
    assert again(desk, booked, thanks)[0] == 409
    assert sent_again(desk, thanks) == []


@pytest.mark.parametrize("kind", ["which", "move_offer"])
def test_numbers_that_were_given_once_are_not_given_again(desk: Desk, booked: Appointment, kind: str) -> None:
    with desk.services.unit(READER) as unit:
        agreed = Consent(uuid7(), booked.patient_id, "sms", True, "bg-2026-11", unit.now)
        unit.records.consents.add(agreed)
    menu = lost(desk, booked, kind)
    assert again(desk, booked, menu)[0] == 409
    assert sent_again(desk, menu) == []


@pytest.mark.both_databases
def test_two_coordinators_at_the_same_moment_send_it_once(desk: Desk, booked: Appointment) -> None:
    with desk.services.unit(READER) as unit:
        agreed = Consent(uuid7(), booked.patient_id, "sms", True, "bg-2026-11", unit.now)
        unit.records.consents.add(agreed)
    reminder, facility_id = lost(desk, booked, "day_before"), desk.world.facility.id
    answers: list[str | None] = []

    def asks(meanwhile: Thread | None = None) -> None:
        with desk.services.unit(READER) as unit:
            found = message_centre.send_again(unit, facility_id, reminder, "asked_again", QUIET)
            answers.append(found[1])
            if meanwhile is not None:
                # It waits for us, in the database.
                meanwhile.start()
                meanwhile.join(0.3)

    colleague = Thread(target=asks)
    asks(meanwhile=colleague)
    colleague.join()
    assert answers == [None, "on_its_way"]
    assert len(sent_again(desk, reminder)) == 1
