"""By telephone: the doctor presses, both telephones ring and are joined, and the page says how far it is."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from scheduling.ids import uuid7
from telemed import database
from telemed.accounts.phones import Phones, StaffPhone
from telemed.messages.callbacks import callbacks_of
from telemed.messages.simulated_twilio.behaviour import Behaviour
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import RunningTwilio, serve
from telemed.messages.tables import phone_leg
from telemed.messages.twilio_bridge import TwilioBridge
from telemed.run.phone_jobs import ringing
from telemed.services import Services
from telemed.web.provider_proof import sign
from tests import build
from tests.fakes import FakeClock
from tests.telemed.conftest import ORIGIN, Visitor
from tests.telemed.consulting_room import NAME, ConsultingRoom, open_room
from tests.telemed.web.test_sms import ACCOUNT, TOKEN

CALLER, DOCTOR, POST_OFFICE = "+359320000001", "+359888000009", "+35957120001"


@pytest.fixture
def room(services: Services) -> ConsultingRoom:
    settings = replace(
        services.settings,
        carriers="twilio_voice",
        twilio_auth_token=TOKEN,
        twilio_account_sid=ACCOUNT,
        twilio_voice_from=CALLER,
    )
    room = open_room(replace(services, settings=settings), FakeClock())
    with database.write(services.engine) as connection:
        phones = Phones(connection)
        phones.keep(StaffPhone(room.doctor.id, DOCTOR, True, False, build.NOW))
        phones.keep_at_site(room.world.site.id, POST_OFFICE, room.doctor.id, build.NOW)
    return room


@pytest.fixture
def page(room: ConsultingRoom, doctor: Visitor) -> str:
    page = f"/clinic/visits/{room.comes().visit_id}"
    doctor.send(f"{page}/admit", page)
    return page


@pytest.fixture
def twilio(room: ConsultingRoom, house: Flask) -> Iterator[RunningTwilio]:
    client = house.test_client()

    def bring(url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        parts = urlsplit(url)
        outside = {"Sec-Fetch-Site": None, "Origin": None}
        answer = client.post(parts.path, data=dict(fields), headers={**headers, **outside})
        return answer.status_code, answer.text if answer.mimetype == "text/xml" else ""

    provider = SimulatedTwilio(room.clock.now, token=TOKEN, post=bring)
    with serve(provider, pumping=False) as running:
        yield running


def look(room: ConsultingRoom, twilio: RunningTwilio, seconds: float = 2) -> None:
    """The worker looks once, and time passes at the telephone company."""
    callbacks = callbacks_of(room.services.settings)
    exchange = TwilioBridge(ACCOUNT, TOKEN, CALLER, callbacks, twilio.address)
    ringing(exchange)(room.services)
    room.clock.forward(timedelta(seconds=seconds))
    twilio.provider.deliver()


def said(doctor: Visitor, page: str) -> str:
    return doctor.get(f"{page}/rungs?lang=en").text


def test_both_are_rung_and_talk_in_one_conference(
    room: ConsultingRoom, doctor: Visitor, page: str, twilio: RunningTwilio
) -> None:
    assert doctor.send(f"{page}/phone", page).status_code == 303
    assert "are ringing" in said(doctor, page)
    doctor.send(f"{page}/phone", page)
    look(room, twilio)
    assert sorted(call.to for call in twilio.provider.ledger.calls()) == sorted([DOCTOR, POST_OFFICE])
    [(name, calls)] = twilio.provider.conferences.talked.items()
    assert len(calls) == 2
    assert "You are talking by telephone." in said(doctor, page)
    doctor.send(f"{page}/phone/end", page)
    look(room, twilio)
    assert {call.status for call in calls} == {"completed"}
    assert "The call by telephone is over." in said(doctor, page)
    assert name not in said(doctor, page)


def test_nothing_of_the_patient_reaches_the_telephone_company(
    room: ConsultingRoom, doctor: Visitor, page: str, twilio: RunningTwilio
) -> None:
    doctor.send(f"{page}/phone", page)
    look(room, twilio)
    sent = " ".join(str(call.fields) + str(call.heard) for call in twilio.provider.ledger.calls())
    visit_id = page.rsplit("/", 1)[1]
    for private in (NAME, visit_id, "+359888123456", "dizzy"):
        assert private not in sent


def test_a_post_office_that_does_not_answer_is_said_and_the_doctor_is_let_go(
    room: ConsultingRoom, doctor: Visitor, page: str, twilio: RunningTwilio
) -> None:
    twilio.provider.script.always(POST_OFFICE, Behaviour(call_ends="no-answer"))
    doctor.send(f"{page}/phone", page)
    look(room, twilio)
    look(room, twilio)
    assert "The telephone at the post office does not answer." in said(doctor, page)
    assert {call.status for call in twilio.provider.ledger.calls(DOCTOR)} == {"completed"}
    twilio.provider.script.always(POST_OFFICE, Behaviour())
    doctor.send(f"{page}/phone", page)
    look(room, twilio)
    assert "You are talking by telephone." in said(doctor, page)


def test_the_doctors_machine_is_nobody(
    room: ConsultingRoom, doctor: Visitor, page: str, twilio: RunningTwilio
) -> None:
    twilio.provider.script.always(DOCTOR, Behaviour(picks_up="machine_start"))
    doctor.send(f"{page}/phone", page)
    look(room, twilio)
    assert "Your own telephone was not picked up." in said(doctor, page)


def test_the_signature_ends_the_call(
    room: ConsultingRoom, doctor: Visitor, page: str, twilio: RunningTwilio
) -> None:
    doctor.send(f"{page}/phone", page)
    look(room, twilio)
    doctor.send(f"{page}/note", page, action="sign", version="0", conclusion="Добре", advice="Почивка")
    look(room, twilio)
    assert {call.status for call in twilio.provider.ledger.calls()} == {"completed"}


def test_one_who_hangs_up_ends_it_for_both(
    room: ConsultingRoom, doctor: Visitor, page: str, twilio: RunningTwilio
) -> None:
    twilio.provider.script.always(POST_OFFICE, Behaviour(talks_for=30))
    doctor.send(f"{page}/phone", page)
    look(room, twilio)
    look(room, twilio, 31)
    assert "The call by telephone is over." in said(doctor, page)
    with room.services.view() as view:
        states = view.connection.execute(select(phone_leg.c.state, phone_leg.c.phone)).all()
    assert {tuple(row) for row in states} == {("over", "")}


def test_without_a_number_there_is_no_button(room: ConsultingRoom, doctor: Visitor, page: str) -> None:
    with database.write(room.services.engine) as connection:
        Phones(connection).forget(room.doctor.id)
    assert "Tell first on which telephone you may be rung." in said(doctor, page)
    assert doctor.send(f"{page}/phone", page).status_code == 409
    with database.write(room.services.engine) as connection:
        Phones(connection).keep_at_site(room.world.site.id, None, room.doctor.id, build.NOW)
    assert "Nobody has told the number" in said(doctor, page)


@pytest.mark.parametrize("door", ["voice/join", "voice/left"])
def test_a_strangers_token_opens_nothing(room: ConsultingRoom, house: Flask, door: str) -> None:
    callbacks = callbacks_of(room.services.settings)
    other = callbacks.token("voice/status", leg := uuid7())
    fields = {"AccountSid": ACCOUNT, "CallSid": "CA" + "a" * 32, "CallStatus": "completed"}
    address = f"/{door}/{leg}/{other}"
    signature = sign(TOKEN, ORIGIN + address, fields)
    headers = {"X-Twilio-Signature": signature, "Sec-Fetch-Site": None, "Origin": None}
    answer = house.test_client().post(address, data=fields, headers=headers)
    assert answer.status_code == 401


def test_a_telephone_nobody_knows_is_put_down(room: ConsultingRoom, house: Flask) -> None:
    callbacks, leg = callbacks_of(room.services.settings), uuid7()
    address = f"/voice/join/{leg}/{callbacks.token('voice/join', leg)}"
    fields = {"AccountSid": ACCOUNT, "CallSid": "CA" + "a" * 32}
    signature = sign(TOKEN, ORIGIN + address, fields)
    headers = {"X-Twilio-Signature": signature, "Sec-Fetch-Site": None, "Origin": None}
    answer = house.test_client().post(address, data=fields, headers=headers)
    assert answer.text == "<Response><Hangup /></Response>"
