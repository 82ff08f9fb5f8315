"""A call from its ringing to its end: the simulated provider rings, somebody listens, our doors answer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from scheduling.ids import uuid7
from scheduling.store import Book
from scheduling.visit_types import CONSULTATION
from telemed import database
from telemed.messages.callbacks import Door
from telemed.messages.port import Outgoing
from telemed.messages.simulated_twilio.behaviour import Behaviour
from telemed.messages.simulated_twilio.ledger import Call
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import RunningTwilio, serve
from telemed.messages.stopped import Stopped
from telemed.messages.tables import inbound_message, message
from telemed.messages.twilio_voice import TwilioVoice
from telemed.prompts import calling
from telemed.prompts.prompt import Prompt
from telemed.records.access_log import Reader
from telemed.run.web import create_app
from telemed.services import Services
from telemed.web import reading_words
from telemed.web.provider_proof import sign
from tests.telemed.conftest import ORIGIN, BuiltAssets, Place
from tests.telemed.web.test_sms import ACCOUNT, PHONE, TOKEN, Sent

CALLER = "+359320000001"
CALL = "CA" + "a" * 32
DESK = "+359 38 123"


@pytest.fixture
def live(services: Services) -> Services:
    settings = replace(services.settings, twilio_auth_token=TOKEN, twilio_account_sid=ACCOUNT)
    return replace(services, settings=replace(settings, desk_phone=DESK))


@pytest.fixture
def client(live: Services) -> FlaskClient:
    return create_app(live, BuiltAssets()).test_client()


@pytest.fixture
def told(live: Services, place: Place) -> Sent:
    """A reminder that is told by a call."""
    sent = Sent(live, place)
    with database.write(live.engine) as connection:
        connection.execute(update(message).values(channel="voice", kind="booked"))
    return sent


@pytest.fixture
def twilio(client: FlaskClient) -> Iterator[RunningTwilio]:
    def bring(url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        parts = urlsplit(url)
        address = f"{parts.path}?{parts.query}" if parts.query else parts.path
        how = client.post if fields else client.get
        answer = how(address, data=dict(fields), headers=dict(headers), base_url="http://inner:5000")
        return answer.status_code, answer.text if answer.mimetype == "text/xml" else ""

    clock = iter([datetime.now(UTC)])
    late = datetime.now(UTC) + timedelta(minutes=5)
    provider = SimulatedTwilio(lambda: next(clock, late), token=TOKEN, post=bring)
    with serve(provider, pumping=False) as running:
        yield running


def ring(twilio: RunningTwilio, told: Sent, **behaviour: object) -> Call:
    """Let it ring and return the call when it is over."""
    twilio.provider.script.next(PHONE, Behaviour(**behaviour))  # type: ignore[arg-type]  # any of its fields
    voice = TwilioVoice(ACCOUNT, TOKEN, CALLER, told.callbacks(), twilio.address)
    voice.send(Outgoing(PHONE, "", told.id))
    twilio.provider.deliver()
    [call] = twilio.provider.ledger.calls()
    assert {each.status for each in twilio.provider.ledger.told()} <= {200, 204}
    return call


def heard(*said: Prompt | str) -> list[str]:
    """What the ledger has of these prompts, each fetched and found, and of these events."""
    return [
        each if isinstance(each, str) else f"play 200: {ORIGIN}/voice/sounds/{each.file('wav')}"
        for each in said
    ]


def words(told: Sent) -> tuple[Prompt, ...]:
    """What the reminder says, in the time of its place."""
    sofia = ZoneInfo("Europe/Sofia")
    starts_at = told.appointment.starts_at.astimezone(sofia)
    return calling.about("bg", "reminder", starts_at, datetime.now(sofia))


def sentence(which: calling.Reply) -> Prompt:
    return calling.sentence("bg", which)


def test_the_patient_reads_that_we_called_and_not_that_they_wrote(
    twilio: RunningTwilio, live: Services, told: Sent
) -> None:
    ring(twilio, told, presses="1")
    with live.unit(Reader("job", "worker", None, "Telemed", "audit")) as unit:
        entries = unit.records.access.entries(told.appointment.patient_id)
    assert {entry.reader.purpose for entry in entries if entry.reader.id == "sms"} == {
        "a call to the patient"
    }
    assert reading_words.PURPOSES["a call to the patient"].startswith("because the service called you")


def test_one_confirms_and_the_call_has_arrived(twilio: RunningTwilio, told: Sent) -> None:
    call = ring(twilio, told, presses="1")
    assert call.fields["From"] == CALLER
    last = heard(sentence("choose"), "press: 1", sentence("confirmed"), sentence("goodbye"))
    assert call.heard == heard(*words(told)) + last
    assert told.state() == ("delivered", None)
    with database.read(told.services.engine) as connection:
        assert Book(connection, lambda *_: None).appointment(told.appointment.id).confirmed_at is not None


def test_two_cancels_through_the_same_verb_as_an_sms(twilio: RunningTwilio, told: Sent) -> None:
    call = ring(twilio, told, presses="2")
    assert call.heard[-2:] == heard(sentence("freed"), sentence("goodbye"))
    assert told.status() == "cancelled"
    with database.read(told.services.engine) as connection:
        row = connection.execute(select(inbound_message)).one()
    assert (row.body, row.meaning, row.message_id, row.phone) == ("2", "cancel", told.id, PHONE)


def test_two_that_comes_too_late_hears_whom_to_call(twilio: RunningTwilio, told: Sent) -> None:
    with database.write(told.services.engine) as connection:
        book = Book(connection, lambda *_: None)
        book.set_visit_type(replace(book.visit_type(CONSULTATION), cancel_minutes=7 * 24 * 60))
    call = ring(twilio, told, presses="2")
    digits = calling.number("bg", "038123")
    assert call.heard[-9:] == heard(sentence("late"), sentence("call"), *digits, sentence("goodbye"))
    assert told.status() == "booked"


def test_three_says_everything_again_and_another_key_too(twilio: RunningTwilio, told: Sent) -> None:
    call = ring(twilio, told, presses="371")
    assert call.heard.count(heard(sentence("hello"))[0]) == 3
    assert call.heard[-2:] == heard(sentence("confirmed"), sentence("goodbye"))


def test_keys_without_meaning_end_the_call_after_the_third(twilio: RunningTwilio, told: Sent) -> None:
    call = ring(twilio, told, presses="7777")
    assert call.heard.count("press: 7") == 3
    assert told.status() == "booked"


def test_nine_is_never_rung_again(twilio: RunningTwilio, told: Sent) -> None:
    call = ring(twilio, told, presses="9")
    assert call.heard[-2:] == heard(sentence("stopped"), sentence("goodbye"))
    with database.read(told.services.engine) as connection:
        stopped = Stopped(connection)
        assert stopped.is_stopped(PHONE, "voice")
        assert not stopped.is_stopped(PHONE, "sms")


@pytest.mark.parametrize(
    ("behaviour", "state"),
    [
        ({"picks_up": "human"}, ("delivered", None)),
        ({"picks_up": "unknown"}, ("undelivered", "hung-up")),
        ({"picks_up": "machine_start"}, ("undelivered", "machine")),
        ({"hangs_up_after": 2}, ("undelivered", "hung-up")),
        ({"call_ends": "busy"}, ("undelivered", "busy")),
        ({"call_ends": "no-answer"}, ("undelivered", "no-answer")),
        ({"call_ends": "failed"}, ("failed", "not-connected")),
    ],
)
def test_it_has_arrived_only_when_a_person_heard_it_out(
    twilio: RunningTwilio, told: Sent, behaviour: dict[str, object], state: tuple[str, str | None]
) -> None:
    ring(twilio, told, **behaviour)
    assert told.state() == state
    assert told.status() == "booked"


def test_whoever_says_nothing_is_told_three_times_and_wished_well(twilio: RunningTwilio, told: Sent) -> None:
    call = ring(twilio, told)
    assert call.heard.count(heard(sentence("choose"))[0]) == 3
    assert call.heard.count(heard(sentence("again"))[0]) == 2
    assert call.heard[-1:] == heard(sentence("goodbye"))


def test_to_a_machine_nothing_is_said(twilio: RunningTwilio, told: Sent) -> None:
    assert ring(twilio, told, picks_up="machine_end_beep").heard == []


def test_what_was_cancelled_while_it_rang_is_not_told_any_more(twilio: RunningTwilio, told: Sent) -> None:
    with database.write(told.services.engine) as connection:
        connection.execute(update(message).values(starts_at=message.c.due_at))
    call = ring(twilio, told)
    assert call.heard == heard(sentence("hello"), sentence("goodbye"))
    assert told.state() == ("undelivered", "overtaken")


def test_a_cancelled_appointment_is_told_twice_and_asks_nothing(twilio: RunningTwilio, told: Sent) -> None:
    with database.write(told.services.engine) as connection:
        connection.execute(update(message).values(kind="come_now"))
    call = ring(twilio, told, presses="2")
    assert "press: 2" not in call.heard


def send(client: FlaskClient, address: str, token: str = TOKEN, **given: str) -> tuple[int, str]:
    fields = {"AccountSid": ACCOUNT, "CallSid": CALL, **given}
    headers = {"X-Twilio-Signature": sign(token, address, fields)}
    answer = client.post(address.removeprefix(ORIGIN), data=fields, headers=headers, base_url=ORIGIN)
    return answer.status_code, answer.text


def test_a_digit_brought_twice_counts_once(client: FlaskClient, told: Sent) -> None:
    address = told.callbacks().address("voice/answer", told.id)
    first = send(client, address, Digits="2")
    assert send(client, address, Digits="2") == first
    with database.read(told.services.engine) as connection:
        assert connection.execute(select(func.count()).select_from(inbound_message)).scalar() == 1


@pytest.mark.parametrize("door", ["voice/call", "voice/answer"])
def test_a_message_that_nobody_knows_puts_the_line_down(client: FlaskClient, told: Sent, door: Door) -> None:
    answer = send(client, told.callbacks().address(door, uuid7()), Digits="1")
    assert answer == (200, "<Response><Hangup /></Response>")


@pytest.mark.parametrize("door", ["voice/call", "voice/answer", "voice/status"])
def test_a_forged_call_gets_in_nowhere(client: FlaskClient, told: Sent, door: Door) -> None:
    address = told.callbacks().address(door, told.id)
    other = told.callbacks().address(door, uuid7()).rsplit("/", 1)[1]
    assert send(client, address, "another token", Digits="2", CallStatus="completed")[0] == 401
    borrowed = f"{address.rsplit('/', 1)[0]}/{other}"
    assert send(client, borrowed, Digits="2", CallStatus="completed")[0] == 401
    assert told.status() == "booked"
    assert told.state() == ("accepted", None)


@pytest.mark.parametrize(
    ("door", "fields"),
    [
        ("voice/call", {"CallSid": "CA1"}),
        ("voice/call", {"AnsweredBy": "<Say>"}),
        ("voice/answer", {"Digits": "12345"}),
        ("voice/answer", {"Digits": "два"}),
        ("voice/status", {"CallStatus": "teleported"}),
        ("voice/status", {}),
    ],
)
def test_a_signed_call_of_the_wrong_form_is_refused(
    client: FlaskClient, told: Sent, door: Door, fields: dict[str, str]
) -> None:
    assert send(client, told.callbacks().address(door, told.id), **fields)[0] == 400


def test_an_sms_cannot_be_answered_by_a_call(client: FlaskClient, live: Services, place: Place) -> None:
    sms = Sent(live, place)
    address = sms.callbacks().address("voice/answer", sms.id)
    assert send(client, address, Digits="2") == (200, "<Response><Hangup /></Response>")
    assert sms.status() == "booked"


def test_sounds_are_kept_by_whoever_fetches_them_and_nothing_else_is_there(client: FlaskClient) -> None:
    name = sentence("hello").file("wav")
    answer = client.get(f"/voice/sounds/{name}", base_url=ORIGIN)
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert answer.data[:4] == b"RIFF"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "public" in answer.headers["Cache-Control"]
    for other in ("manifest.json", f"{'0' * 12}.wav", "..%2Fsound.py", name.replace("wav", "py")):
        assert client.get(f"/voice/sounds/{other}", base_url=ORIGIN).status_code == 404
