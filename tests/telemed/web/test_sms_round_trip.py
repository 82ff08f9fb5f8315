"""There and back: our sender, the simulated provider over HTTP, our doors, and what a person writes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from telemed.messages.port import OutcomeUnknown, Outgoing
from telemed.messages.simulated_twilio import behaviour as behaviours
from telemed.messages.simulated_twilio.behaviour import Answering, Behaviour, Report
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import RunningTwilio, serve
from telemed.messages.twilio import TwilioProvider
from telemed.run.web import create_app
from telemed.services import Services
from tests.telemed.conftest import ORIGIN, BuiltAssets, Place
from tests.telemed.web.test_sms import ACCOUNT, PHONE, TOKEN, Sent

SENDER = "+15005550006"


@pytest.fixture
def live(services: Services) -> Services:
    return replace(
        services, settings=replace(services.settings, twilio_auth_token=TOKEN, twilio_account_sid=ACCOUNT)
    )


@pytest.fixture
def sent_message(live: Services, place: Place) -> Sent:
    return Sent(live, place)


@pytest.fixture
def twilio(live: Services) -> Iterator[RunningTwilio]:
    client: FlaskClient = create_app(live, BuiltAssets()).test_client()

    def bring(url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        path = urlsplit(url).path
        answer = client.post(path, data=dict(fields), headers=dict(headers), base_url="http://inner:5000")
        return answer.status_code, answer.text

    late = datetime.now(UTC) + timedelta(minutes=5)
    # Accepted now; whatever is asked after that is asked five minutes later.
    clock = iter([datetime.now(UTC), late])
    provider = SimulatedTwilio(lambda: next(clock, late), token=TOKEN, post=bring)
    with serve(provider, pumping=False) as running:
        yield running


def send(twilio: RunningTwilio, message: Sent) -> str:
    sender = TwilioProvider(twilio.provider.account, TOKEN, SENDER, message.callbacks(), twilio.address)
    return sender.send(Outgoing(PHONE, "Телемед: утре 9:20", message.id)).sid


@pytest.mark.parametrize(
    ("reports", "state"),
    [
        (behaviours.USUAL, ("delivered", None)),
        (behaviours.REORDERED, ("delivered", None)),
        (behaviours.REPEATED, ("delivered", None)),
        (behaviours.SILENT, ("accepted", None)),
        (behaviours.ending("undelivered", 30003), ("undelivered", "30003")),
    ],
)
def test_reports_reach_the_message_in_whatever_order_they_come(
    twilio: RunningTwilio, sent_message: Sent, reports: tuple[Report, ...], state: tuple[str, str | None]
) -> None:
    twilio.provider.script.next(PHONE, Behaviour(reports=reports))
    send(twilio, sent_message)
    twilio.provider.deliver()
    assert {told.status for told in twilio.provider.ledger.told()} <= {204}
    assert sent_message.state() == state


def test_a_report_settles_a_message_whose_answer_never_came(
    twilio: RunningTwilio, sent_message: Sent
) -> None:
    twilio.provider.script.next(PHONE, Behaviour(Answering.DROPS_AFTER))
    with pytest.raises(OutcomeUnknown):
        send(twilio, sent_message)
    twilio.provider.deliver()
    assert sent_message.state()[0] == "delivered"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("За съжаление не мога да дойда", "cancelled"),
        ("ne moga", "cancelled"),
        ("Не отменяйте, ще дойда", "booked"),
        ("2?", "booked"),
        ("STOP", "booked"),
    ],
)
def test_what_a_person_writes_back_frees_the_slot_or_does_not(
    twilio: RunningTwilio, sent_message: Sent, text: str, status: str
) -> None:
    assert twilio.provider.receive(f"{ORIGIN}/sms/inbound", PHONE, SENDER, text) == 200
    assert sent_message.status() == status
