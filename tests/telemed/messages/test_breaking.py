"""A carrier that fails too often is left in peace, tried with one message, and trusted again."""

from datetime import timedelta

from telemed.messages.breaking import (
    ERRORS,
    OPEN_FOR,
    OPEN_FOR_AN_OPERATOR,
    WITHIN,
    Circuit,
    after_denial,
    after_failure,
    after_success,
    probing,
    standing,
)
from tests.build import NOW

SECOND = timedelta(seconds=1)


def failed(times: int, circuit: Circuit | None = None) -> Circuit:
    circuit = circuit or Circuit("twilio", NOW)
    for _ in range(times):
        circuit = after_failure(circuit, "ReadTimeout", NOW)
    return circuit


def test_fifty_errors_within_a_minute_open_it_and_forty_nine_do_not() -> None:
    assert standing(failed(ERRORS - 1), NOW) == "closed"
    assert standing(failed(ERRORS), NOW) == "open"
    assert failed(ERRORS).reason == "ReadTimeout"


def test_errors_of_the_minute_before_do_not_count() -> None:
    many = failed(ERRORS - 1)
    later = after_failure(many, "ReadTimeout", NOW + WITHIN + SECOND)
    assert (later.failures, later.open_until) == (1, None)


def test_a_clock_that_jumps_back_begins_a_new_minute() -> None:
    earlier = after_failure(failed(ERRORS - 1), "ReadTimeout", NOW - timedelta(hours=1))
    assert (earlier.failures, earlier.open_until) == (1, None)


def test_after_a_while_one_message_may_try_and_nobody_else() -> None:
    circuit = failed(ERRORS)
    then = NOW + OPEN_FOR
    assert standing(circuit, then - SECOND) == "open"
    assert standing(circuit, then) == "half-open"
    assert standing(probing(circuit, then), then) == "open"


def test_a_probe_that_arrives_closes_it_and_forgets_the_errors() -> None:
    closed = after_success(probing(failed(ERRORS), NOW + OPEN_FOR), NOW + OPEN_FOR)
    assert (standing(closed, NOW), closed.failures, closed.reason) == ("closed", 0, None)


def test_a_probe_that_fails_opens_it_again_at_once() -> None:
    then = NOW + 2 * WITHIN
    again = after_failure(probing(failed(ERRORS), then), "http-503", then)
    assert standing(again, then) == "open"
    assert again.reason == "http-503"


def test_a_success_between_errors_does_not_hide_them() -> None:
    circuit = failed(ERRORS - 1)
    assert after_success(circuit, NOW) == circuit


def test_a_wrong_password_opens_it_at_once_and_for_longer() -> None:
    denied = after_denial(Circuit("twilio", NOW), "20003", NOW)
    assert standing(denied, NOW + OPEN_FOR_AN_OPERATOR - SECOND) == "open"
    assert standing(denied, NOW + OPEN_FOR_AN_OPERATOR) == "half-open"
