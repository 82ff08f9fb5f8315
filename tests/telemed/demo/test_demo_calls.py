"""A demo's telephones: SMS and calls go through the simulated exchange and our own signed doors."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from scheduling import tables
from scheduling.ids import uuid7
from telemed import database
from telemed import services as wiring
from telemed import settings as settings_of
from telemed.messages import carrier
from telemed.messages.carriers import Carriers
from telemed.messages.handset import RANG, Handset
from telemed.messages.port import Accepted, Outgoing
from telemed.messages.providers import make_carriers
from telemed.messages.simulated_twilio.ledger import Call, Message
from telemed.messages.simulated_twilio.live import LivePhones
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import RunningTwilio, serve
from telemed.messages.tables import message
from telemed.run.web import create_app
from telemed.services import Services
from telemed.settings import Settings
from tests.servers import free_port
from tests.telemed.conftest import ORIGIN, BuiltAssets, Visitor, browsable, visitor

NUMBER = "+359888000001"
SECOND = timedelta(seconds=1)


@dataclass
class Demo:
    """A demo with an exchange on a port of its own, and the clock by which it rings."""

    services: Services
    exchange: RunningTwilio
    carriers: Carriers
    page: Visitor
    ahead: list[timedelta]

    def pass_by(self, by: timedelta) -> None:
        """Let time pass at the exchange."""
        self.ahead.append(by)
        self.exchange.provider.deliver()

    def phone(self) -> str:
        """The page of the telephone."""
        found = re.search(r'href="(/demo/handset/[0-9a-f-]{36})"', self.page.get("/demo/handset").text)
        assert found
        return found[1]


@pytest.fixture
def demo(demo_settings: Settings) -> Iterator[Demo]:
    port = free_port()
    read = settings_of.read(
        {"TELEMED_DEMO": "1", "TELEMED_EXCHANGE_PORT": str(port), "TELEMED_SECRET_KEY": "s" * 64}
        | {"TELEMED_DATA_DIR": str(demo_settings.data_dir)}
    )
    services = wiring.build(replace(read, database_url=demo_settings.database_url))
    app = create_app(services, BuiltAssets())
    client: FlaskClient = app.test_client()
    ahead: list[timedelta] = []

    def bring(url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        address = url.removeprefix(f"https://{urlsplit(url).netloc}").removeprefix(ORIGIN)
        answer = client.post(address, data=dict(fields), headers=dict(headers), base_url=ORIGIN)
        return answer.status_code, answer.text

    def show(taken: Message | Call) -> None:
        body = taken.body if isinstance(taken, Message) else RANG
        with database.write(services.engine) as connection:
            Handset(connection).show(Outgoing(taken.to, body, uuid7()), services.clock.now())

    provider = SimulatedTwilio(
        now=lambda: services.clock.now() + sum(ahead, timedelta(0)),
        token=read.twilio_auth_token,
        post=bring,
        taken=show,
        phones=LivePhones(),
    )
    with serve(provider, port=port, pumping=False) as exchange:
        carriers = make_carriers(services.settings, services.engine, services.clock.now)
        yield Demo(services, exchange, carriers, visitor(browsable(app)), ahead)
    services.engine.dispose()


@pytest.fixture
def told(demo: Demo) -> UUID:
    """A reminder of a visit that this telephone is told of by a call."""
    with database.write(demo.services.engine) as connection:
        wanted = select(message).where(message.c.state == "due", message.c.appointment_id.is_not(None))
        found = connection.execute(wanted.order_by(message.c.starts_at.desc())).first()
        assert found is not None
        made = uuid7()
        changed = {"channel": "voice", "phone": NUMBER, "kind": "booked", "state": "accepted", "rung": 1}
        connection.execute(insert(message).values(dict(found._mapping) | changed | {"id": made}))
    return made


def ring(demo: Demo, told: UUID) -> str:
    """Let the telephone ring and return its page."""
    assert isinstance(demo.carriers.hand("twilio_voice", Outgoing(NUMBER, "", told), NOW), Accepted)
    demo.pass_by(2 * SECOND)
    return demo.phone()


NOW = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)


def state(demo: Demo, told: UUID) -> tuple[str, str | None]:
    with database.read(demo.services.engine) as connection:
        row = connection.execute(select(message).where(message.c.id == told)).one()
    return row.state, row.reason


def status(demo: Demo, told: UUID) -> str:
    with database.read(demo.services.engine) as connection:
        of_it = select(message.c.appointment_id).where(message.c.id == told).scalar_subquery()
        wanted = select(tables.appointment.c.status).where(tables.appointment.c.id == of_it)
        return str(connection.execute(wanted).scalar_one())


def test_a_demo_with_an_exchange_knows_no_other_account(demo: Demo) -> None:
    settings = demo.services.settings
    assert carrier.order(settings) == ("twilio", "twilio_voice")
    assert settings.twilio_api_url == demo.exchange.address
    assert settings.twilio_account_sid == demo.exchange.provider.account


def test_whatever_account_is_set_the_demo_keeps_its_own(tmp_path: object) -> None:
    real = {"TELEMED_TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TELEMED_TWILIO_API_URL": "https://api.example"}
    told = {"TELEMED_DEMO": "1", "TELEMED_EXCHANGE_PORT": "4010", "TELEMED_DATA_DIR": str(tmp_path)}
    read = settings_of.read(told | real)
    assert (read.twilio_account_sid, read.twilio_api_url) == ("AC" + "0" * 32, "http://127.0.0.1:4010")


def test_a_telephone_rings_is_answered_and_two_cancels(demo: Demo, told: UUID) -> None:
    phone = ring(demo, told)
    assert 'data-call="ringing"' in demo.page.get(phone).text
    demo.page.post(f"{phone}/call", data={"do": "answer"})
    page = demo.page.get(phone).text
    sounds = re.findall(r'<audio src="(/voice/sounds/[0-9a-f]{12}\.wav)"', page)
    assert len(sounds) >= 4
    assert demo.page.get(sounds[0]).mimetype == "audio/wav"
    demo.page.post(f"{phone}/call", data={"do": "press", "digit": "2"})
    assert status(demo, told) == "cancelled"
    demo.page.post(f"{phone}/call", data={"do": "listened"})
    assert 'data-call="' not in demo.page.get(phone).text
    assert state(demo, told) == ("delivered", None)


@pytest.mark.parametrize(
    ("moves", "ending"),
    [
        (["decline"], ("undelivered", "busy")),
        (["answer", "hang_up"], ("undelivered", "hung-up")),
        (["answer", "listened", "listened"], ("accepted", None)),
        (["answer", "listened", "listened", "listened", "listened", "listened"], ("delivered", None)),
    ],
)
def test_how_a_call_ends_is_known(
    demo: Demo, told: UUID, moves: list[str], ending: tuple[str, str | None]
) -> None:
    phone = ring(demo, told)
    for move in moves:
        assert demo.page.post(f"{phone}/call", data={"do": move}).status_code == 303
    assert state(demo, told) == ending


def test_nobody_comes_to_the_telephone(demo: Demo, told: UUID) -> None:
    phone = ring(demo, told)
    demo.pass_by(timedelta(seconds=31))
    assert 'data-call="' not in demo.page.get(phone).text
    assert state(demo, told) == ("undelivered", "no-answer")


def test_a_telephone_that_is_switched_off_gets_nothing_until_it_is_on(demo: Demo) -> None:
    def send(body: str) -> None:
        sent = demo.carriers.hand("twilio", Outgoing(NUMBER, body, uuid7()), NOW)
        assert isinstance(sent, Accepted)

    def reported() -> str:
        demo.pass_by(timedelta(minutes=1))
        return demo.exchange.provider.ledger.told()[-1].fields["MessageStatus"]

    send("едно")
    assert reported() == "delivered"
    demo.page.post(f"{demo.phone()}/power", data={"on": "0"})
    send("две")
    assert reported() == "undelivered"
    demo.page.post(f"{demo.phone()}/power", data={"on": "1"})
    send("три")
    assert reported() == "delivered"


def test_an_answer_comes_back_through_the_signed_door(demo: Demo, told: UUID) -> None:
    with database.write(demo.services.engine) as connection:
        row = dict(connection.execute(select(message).where(message.c.id == told)).one()._mapping)
        sent = row | {"id": uuid7(), "channel": "sms", "kind": "day_before", "rung": 2}
        connection.execute(insert(message).values(sent | {"changed_at": demo.services.clock.now()}))
        Handset(connection).show(Outgoing(NUMBER, "утре?", uuid7()), demo.services.clock.now())
    demo.page.post(f"{demo.phone()}/answers", data={"text": "2"})
    assert status(demo, told) == "cancelled"
    assert demo.exchange.provider.ledger.told()[-1].url.endswith("/sms/inbound")


def test_a_key_that_no_telephone_has_is_refused(demo: Demo, told: UUID) -> None:
    phone = ring(demo, told)
    assert demo.page.post(f"{phone}/call", data={"do": "press", "digit": "#"}).status_code == 400
    assert demo.page.post(f"{phone}/call", data={"do": "explode"}).status_code == 400


def test_an_exchange_that_is_not_there_has_no_calls(demo_settings: Settings) -> None:
    lost = replace(demo_settings, exchange_port=9, twilio_api_url="http://127.0.0.1:9")
    services = wiring.build(lost)
    with database.write(services.engine) as connection:
        Handset(connection).show(Outgoing(NUMBER, "утре?", uuid7()), NOW)
    page = visitor(browsable(create_app(services, BuiltAssets())))
    answer = page.get("/demo/handset")
    assert answer.status_code == 200
    assert 'data-call="' not in answer.text
    services.engine.dispose()
