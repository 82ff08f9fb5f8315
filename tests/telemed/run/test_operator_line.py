"""What comes over an operator's line is stored before it is acknowledged, and parts make one text."""

import pytest
from sqlalchemy import Engine, func, select, text, update

from telemed import database
from telemed.messages.smpp_texts import Came, Receipt
from telemed.messages.tables import inbound_message, message
from telemed.run.operator_line import heard_by
from telemed.services import Services
from tests.telemed.conftest import Place
from tests.telemed.web.test_sms import PHONE, Sent


@pytest.fixture
def sent(services: Services, place: Place) -> Sent:
    made = Sent(services, place)
    with database.write(services.engine) as connection:
        connection.execute(update(message).values(provider="smpp", sid="op-1"))
    return made


def test_a_receipt_moves_the_message_of_that_name(services: Services, sent: Sent) -> None:
    assert heard_by(services)(Receipt("op-1", "undelivered", "unreachable"))
    assert sent.state() == ("undelivered", "unreachable")


def test_a_receipt_that_was_quicker_than_our_note_is_to_come_again(services: Services, sent: Sent) -> None:
    assert not heard_by(services)(Receipt("op-2", "delivered", None))
    assert sent.state() == ("accepted", None)


def test_an_answer_counts_once_however_often_it_is_brought(services: Services, sent: Sent) -> None:
    hear = heard_by(services)
    assert [hear(Came(PHONE, "2")) for _ in range(3)] == [True] * 3
    assert sent.status() == "cancelled"
    with database.read(services.engine) as connection:
        assert connection.execute(select(func.count()).select_from(inbound_message)).scalar() == 1


def test_parts_are_read_as_one_text_in_whatever_order_they_come(services: Services, sent: Sent) -> None:
    hear = heard_by(services)
    assert hear(Came(PHONE, "да дойда", 9, 2, 2))
    assert sent.status() == "booked"
    assert hear(Came(PHONE, "Не мога ", 9, 1, 2))
    with database.read(services.engine) as connection:
        assert connection.execute(select(inbound_message.c.body)).scalar_one() == "Не мога да дойда"
    assert sent.status() == "cancelled"


def test_when_the_database_is_away_nothing_is_acknowledged(
    services: Services, engine: Engine, sent: Sent
) -> None:
    with database.write(engine) as connection:
        connection.execute(text("ALTER TABLE inbound_message RENAME TO away"))
    assert not heard_by(services)(Came(PHONE, "2"))
    assert sent.status() == "booked"
