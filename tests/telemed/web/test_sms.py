"""The provider's door: its signature is the only key, and what it brings twice counts once."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from scheduling import tables
from scheduling.calendar import Shift, Slot
from scheduling.events import Actor
from scheduling.ids import uuid7
from scheduling.store import Book
from scheduling.visit_types import CONSULTATION
from telemed import database
from telemed.messages.callbacks import Callbacks, callbacks_of
from telemed.messages.outbox import Addressee, message_row
from telemed.messages.tables import inbound_message, message
from telemed.records.consent import Consent
from telemed.records.consent_store import ConsentStore
from telemed.run.web import create_app
from telemed.services import Services
from telemed.web.provider_proof import LARGEST, sign
from tests import build
from tests.telemed.conftest import ORIGIN, BuiltAssets, Place

TOKEN = "the account's token"
SID = "SM" + "a" * 32
ACCOUNT = "AC" + "0" * 32
PHONE = "+359888000001"
FORM = "application/x-www-form-urlencoded"
Send = Callable[..., int]


@pytest.fixture
def live(services: Services) -> Services:
    return replace(
        services, settings=replace(services.settings, twilio_auth_token=TOKEN, twilio_account_sid=ACCOUNT)
    )


@pytest.fixture
def send(live: Services) -> Send:
    """Sends a signed request as the provider does and returns the status of the answer."""
    client: FlaskClient = create_app(live, BuiltAssets()).test_client()

    def request(address: str, token: str = TOKEN, **given: str) -> int:
        fields = {"AccountSid": ACCOUNT, **given}
        headers = {"X-Twilio-Signature": sign(token, ORIGIN + address, fields)}
        return client.post(address, data=fields, headers=headers, base_url="http://inner:5000").status_code

    return request


@pytest.fixture
def sent_message(live: Services, place: Place) -> "Sent":
    """A message that was accepted, about an appointment two days ahead."""
    return Sent(live, place)


class Sent:
    """One appointment and the message about it."""

    def __init__(self, services: Services, place: Place) -> None:
        self.services = services
        doctor = build.practitioner(place.facility_id)
        patient = build.patient(phone=PHONE)
        starts_at = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
        with database.write(services.engine) as connection:
            book = Book(connection, lambda *_: None)
            book.add_practitioner(doctor)
            book.add_patient(patient)
            site = replace(book.site(place.site_id), id=uuid7(), hours=build.hours(time(0), time(23, 59)))
            site = replace(site, hours=tuple(replace(site.hours[0], weekday=day) for day in range(7)))
            book.add_site(site)
            kiosk = build.kiosk(site.id)
            book.add_kiosk(kiosk)
            for day in range(7):
                book.add_shift(Shift(doctor.id, place.facility_id, day, time(0), time(23, 59)))
            slot = Slot(doctor.id, kiosk.id, site.id, starts_at, starts_at + timedelta(minutes=20))
            now = datetime.now(UTC)
            self.appointment = book.book(build.request(patient.id, slot), now, Actor("demo", None))
            to = Addressee(self.appointment, PHONE, "bg", True, "Поща Село", "Europe/Sofia")
            row = message_row(to, "day_before", now, now) | {"state": "accepted"}
            connection.execute(message.insert().values(row))
            self.id = row["id"]

    def callbacks(self) -> Callbacks:
        """The addresses of this installation."""
        return callbacks_of(self.services.settings)

    def address(self) -> str:
        """Where reports about the message go."""
        return status_address(self.services, self.id)

    def status(self) -> str:
        """The status of the appointment now."""
        with database.read(self.services.engine) as connection:
            return str(connection.execute(select(tables.appointment.c.status)).scalar_one())

    def state(self) -> tuple[str, str | None]:
        """The state of the message and its reason."""
        with database.read(self.services.engine) as connection:
            wanted = select(message.c.state, message.c.reason).where(message.c.id == self.id)
            row = connection.execute(wanted).one()
            return row.state, row.reason


def test_two_cancels_the_appointment_once(send: Send, sent_message: Sent) -> None:
    for _ in range(2):
        assert send("/sms/inbound", MessageSid=SID, From=PHONE, Body="2") == 200
    assert sent_message.status() == "cancelled"
    with database.read(sent_message.services.engine) as connection:
        assert connection.execute(select(func.count()).select_from(inbound_message)).scalar() == 1


def test_two_comes_too_late_when_the_visit_needs_more_notice(
    live: Services, send: Send, sent_message: Sent
) -> None:
    with database.write(live.engine) as connection:
        book = Book(connection, lambda *_: None)
        kind = book.visit_type(CONSULTATION)
        book.set_visit_type(replace(kind, cancel_minutes=7 * 24 * 60))
        owner = sent_message.appointment.patient_id
        consent = Consent(uuid7(), owner, "sms", True, "bg-2026-11", datetime.now(UTC))
        ConsentStore(connection, lambda *_: None).add(consent)
    assert send("/sms/inbound", MessageSid=SID, From=PHONE, Body="2") == 200
    assert sent_message.status() == "booked"
    with database.read(live.engine) as connection:
        told = connection.execute(select(message.c.kind, message.c.state).order_by(message.c.id)).all()
    assert ("too_late", "due") in [tuple(row) for row in told]


def test_a_late_yes_after_the_no_changes_nothing(send: Send, sent_message: Sent) -> None:
    assert send("/sms/inbound", MessageSid=SID, From=PHONE, Body="2") == 200
    assert send("/sms/inbound", MessageSid="SM" + "b" * 32, From=PHONE, Body="1") == 200
    assert sent_message.status() == "cancelled"


def test_reports_move_a_message_forward_only(send: Send, sent_message: Sent) -> None:
    address = sent_message.address()
    assert send(address, MessageSid=SID, MessageStatus="undelivered", ErrorCode="30005") == 204
    assert sent_message.state() == ("undelivered", "30005")
    assert send(address, MessageSid=SID, MessageStatus="sent") == 204
    assert send(address, MessageSid=SID, MessageStatus="delivered") == 204
    assert sent_message.state() == ("undelivered", "30005")


def test_a_report_about_an_unknown_message_is_taken_and_forgotten(live: Services, send: Send) -> None:
    assert send(status_address(live, uuid7()), MessageSid=SID, MessageStatus="delivered") == 204


def test_a_report_about_another_sid_is_taken_and_changes_nothing(send: Send, sent_message: Sent) -> None:
    with database.write(sent_message.services.engine) as connection:
        connection.execute(update(message).values(sid=SID))
    assert send(sent_message.address(), MessageSid="SM" + "b" * 32, MessageStatus="failed") == 204
    assert sent_message.state() == ("accepted", None)


@pytest.mark.parametrize("known", [True, False])
def test_without_the_messages_own_token_a_signature_is_worth_nothing(
    live: Services, send: Send, sent_message: Sent, known: bool
) -> None:
    message_id = sent_message.id if known else uuid7()
    stolen = status_address(live, uuid7()).rsplit("/", 1)[1]
    for token in (stolen, "x", "x" * 4_000, "%D0%B4"):
        address = f"/sms/status/{message_id}/{token}"
        assert send(address, MessageSid=SID, MessageStatus="failed") == 401
    assert send(f"/sms/status/{message_id}", MessageSid=SID, MessageStatus="failed") == 404
    assert sent_message.state() == ("accepted", None)


def test_a_token_opens_only_the_door_it_was_made_for(live: Services, send: Send, sent_message: Sent) -> None:
    token = callbacks_of(live.settings).token("voice/status", sent_message.id)
    assert send(f"/sms/status/{sent_message.id}/{token}", MessageSid=SID, MessageStatus="failed") == 401


def test_a_replayed_report_changes_nothing(send: Send, sent_message: Sent) -> None:
    for status in ("delivered", "failed", "delivered", "undelivered"):
        assert send(sent_message.address(), MessageSid=SID, MessageStatus=status) == 204
    assert sent_message.state() == ("delivered", None)


def test_another_account_with_our_token_is_refused(send: Send, sent_message: Sent) -> None:
    fields = {"AccountSid": "AC" + "1" * 32, "MessageSid": SID, "From": PHONE, "Body": "2"}
    assert send("/sms/inbound", **fields) == 401
    assert sent_message.status() == "booked"


def test_a_request_cut_short_is_refused(live: Services, sent_message: Sent) -> None:
    client = create_app(live, BuiltAssets()).test_client()
    fields = {"AccountSid": ACCOUNT, "Body": "2", "From": PHONE, "MessageSid": SID}
    headers = {"X-Twilio-Signature": sign(TOKEN, f"{ORIGIN}/sms/inbound", fields)}
    whole = urlencode(fields)
    for length in range(0, len(whole), 7):
        answer = client.post(
            "/sms/inbound", data=whole[:length], headers=headers, content_type=FORM, base_url=ORIGIN
        )
        assert answer.status_code == 401
    assert sent_message.status() == "booked"


def test_a_request_of_a_size_that_no_sms_has_is_not_read(send: Send) -> None:
    assert send("/sms/inbound", MessageSid=SID, From=PHONE, Body="2" * LARGEST) == 413
    assert send("/sms/inbound", MessageSid=SID, From=PHONE, Body="2" * 1_600) == 200


def test_a_known_and_an_unknown_number_get_the_same_answer(live: Services, sent_message: Sent) -> None:
    client = create_app(live, BuiltAssets()).test_client()
    answers = []
    for number, sid in ((PHONE, SID), ("+359888999999", "SM" + "c" * 32)):
        fields = {"AccountSid": ACCOUNT, "Body": "2", "From": number, "MessageSid": sid}
        headers = {"X-Twilio-Signature": sign(TOKEN, f"{ORIGIN}/sms/inbound", fields)}
        answer = client.post("/sms/inbound", data=fields, headers=headers, base_url=ORIGIN)
        answers.append((answer.status_code, answer.data, sorted(answer.headers.keys())))
    assert answers[0] == answers[1]
    assert sent_message.status() == "cancelled"


@pytest.mark.parametrize(
    "fields",
    [
        {"MessageSid": "SM1", "From": PHONE, "Body": "2"},
        {"MessageSid": SID, "From": "+35988800000x", "Body": "2"},
        {"MessageSid": SID, "Body": "2"},
        {"MessageSid": SID, "From": PHONE},
        {},
    ],
)
def test_a_signed_request_of_the_wrong_form_is_refused(
    send: Send, sent_message: Sent, fields: dict[str, str]
) -> None:
    assert send("/sms/inbound", **fields) == 400
    assert sent_message.status() == "booked"


def test_an_invented_status_is_refused(send: Send, sent_message: Sent) -> None:
    address = sent_message.address()
    assert send(address, MessageSid=SID, MessageStatus="teleported") == 400


def test_another_key_opens_nothing(send: Send, sent_message: Sent) -> None:
    assert send("/sms/inbound", token="another", MessageSid=SID, From=PHONE, Body="2") == 401
    assert sent_message.status() == "booked"


def test_without_a_configured_account_the_door_is_shut(services: Services) -> None:
    client = create_app(services, BuiltAssets()).test_client()
    fields = {"MessageSid": SID, "From": PHONE, "Body": "2"}
    empty = hmac.new(b"", (f"{ORIGIN}/sms/inbound" + "".join(sorted(fields))).encode(), hashlib.sha1)
    headers = {"X-Twilio-Signature": base64.b64encode(empty.digest()).decode()}
    assert client.post("/sms/inbound", data=fields, headers=headers, base_url=ORIGIN).status_code == 401


def status_address(services: Services, message_id: UUID) -> str:
    """Where reports about a message go, without our origin."""
    return callbacks_of(services.settings).address("sms/status", message_id).removeprefix(ORIGIN)
