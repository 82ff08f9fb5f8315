"""Which carrier gets a message when one is ill, refused it or is not our customer any more; what it costs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import Engine, select

from scheduling.ids import uuid7
from telemed import database
from telemed.messages.breaking import ERRORS, OPEN_FOR, OPEN_FOR_AN_OPERATOR
from telemed.messages.carriers import Carriers, listed, names
from telemed.messages.circuits import Circuits
from telemed.messages.fakes import AcceptsAndTimesOut, FakeProvider
from telemed.messages.port import Accepted, OutcomeUnknown, Outgoing, Refused, SendError, TryLater
from telemed.messages.tables import carrier_state
from tests.build import NOW

Hand = Callable[[str], Accepted | SendError]


def outgoing(body: str = "Телемед: утре 9:20") -> Outgoing:
    return Outgoing("+359888000001", body, uuid7())


def carriers(engine: Engine, *ports: FakeProvider | AcceptsAndTimesOut) -> Carriers:
    return Carriers(ports, Circuits(engine), {"first": 74_500}, "EUR")


def picked(every: Carriers, at: timedelta = timedelta(0), refused_by: tuple[str, ...] = ()) -> str | None:
    port = every.pick("sms", refused_by, NOW + at)
    return port.name if port else None


def test_the_first_gets_it_and_the_next_when_the_first_refused(engine: Engine) -> None:
    both = carriers(engine, FakeProvider(name="first"), FakeProvider(name="second"))
    assert picked(both) == "first"
    assert picked(both, refused_by=("first",)) == "second"
    assert picked(both, refused_by=("first", "second")) is None


def test_a_call_is_carried_by_whoever_carries_calls(engine: Engine) -> None:
    both = carriers(engine, FakeProvider(name="first"), FakeProvider(name="rings", channel="voice"))
    voice = both.pick("voice", (), NOW)
    assert voice is not None
    assert voice.name == "rings"
    assert both.pick("email", (), NOW) is None


@pytest.mark.both_databases
def test_a_carrier_that_times_out_again_and_again_is_left_in_peace(engine: Engine) -> None:
    both = carriers(engine, AcceptsAndTimesOut(name="first"), FakeProvider(name="second"))
    for _ in range(ERRORS):
        assert isinstance(both.hand("first", outgoing(), NOW), OutcomeUnknown)
    assert picked(both) == "second"
    assert picked(carriers(engine, FakeProvider(name="first"))) is None


@pytest.mark.both_databases
def test_one_worker_of_many_tries_a_carrier_that_was_ill(engine: Engine) -> None:
    ill = carriers(engine, FakeProvider([OutcomeUnknown("ReadTimeout")] * ERRORS, name="first"))
    for _ in range(ERRORS):
        ill.hand("first", outgoing(), NOW)
    with ThreadPoolExecutor(4) as pool:
        tries = list(pool.map(lambda _: picked(ill, OPEN_FOR), range(8)))
    assert sorted(tries, key=str) == [None] * 7 + ["first"]
    ill.hand("first", outgoing(), NOW + OPEN_FOR)
    assert picked(ill, OPEN_FOR) == "first"


def test_a_probe_is_given_to_one_message_of_a_batch(engine: Engine) -> None:
    ill = carriers(engine, FakeProvider([TryLater("20003")], name="twilio"))
    ill.hand("twilio", outgoing(), NOW)
    choice = ill.look(NOW + OPEN_FOR_AN_OPERATOR)
    assert choice.has_another("sms", ())
    assert [choice.pick("sms") is None for _ in range(3)] == [False, True, True]
    assert not choice.has_another("sms", ())


def test_a_wrong_password_opens_the_circuit_at_once_and_tells_the_operator(engine: Engine) -> None:
    both = carriers(engine, FakeProvider([TryLater("20003")], name="twilio"), FakeProvider(name="second"))
    with structlog.testing.capture_logs() as logs:
        both.hand("twilio", outgoing(), NOW)
    assert [(line["event"], line["kind"], line["reason"]) for line in logs] == [
        ("carrier.alarm", "twilio", "20003"),
        ("carrier.alarm", "twilio", "circuit-open"),
    ]
    assert picked(both) == "second"
    with database.read(engine) as connection:
        assert connection.execute(select(carrier_state.c.reason)).scalar_one() == "20003"


def test_a_refusal_is_the_answer_of_a_carrier_in_good_health(engine: Engine) -> None:
    one = carriers(engine, FakeProvider([Refused("21211")] * (ERRORS + 1), name="twilio"))
    for _ in range(ERRORS + 1):
        assert isinstance(one.hand("twilio", outgoing(), NOW), Refused)
    assert picked(one) == "twilio"


def test_errors_of_many_workers_are_counted_together(engine: Engine) -> None:
    one = carriers(engine, AcceptsAndTimesOut(name="first"))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: one.hand("first", outgoing(), NOW), range(ERRORS)))
    assert picked(one) is None


def test_a_carrier_that_was_taken_out_of_the_settings_has_seen_nothing(engine: Engine) -> None:
    outcome = carriers(engine, FakeProvider(name="first")).hand("gone", outgoing(), NOW)
    assert isinstance(outcome, TryLater)


def test_each_segment_costs_and_a_carrier_without_a_price_costs_nobody_knows_what(engine: Engine) -> None:
    both = carriers(engine, FakeProvider(name="first"), FakeProvider(name="second"))
    assert both.price("first", "я" * 71) == (2, 149_000, "EUR")
    assert both.price("second", "я") == (1, None, None)


def test_a_call_costs_once_however_much_is_said() -> None:
    rings = Carriers((FakeProvider(name="rings", channel="voice"),), None, {"rings": 30_000}, "EUR")
    assert rings.price("rings", "я" * 500) == (1, 30_000, "EUR")


def test_the_list_of_those_that_refused_is_written_and_read() -> None:
    assert names(listed(["a", "b", "a"])) == ("a", "b")
    assert (names(None), listed([])) == ((), None)
