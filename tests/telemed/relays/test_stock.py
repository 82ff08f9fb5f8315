"""How many tokens are kept ready, which are too old, and how long a provider in trouble is left in peace."""

from datetime import timedelta

import pytest

from telemed.messages.breaking import Circuit
from telemed.relays import stock
from telemed.relays.stock import Stock
from telemed.web.calls import WINDOW
from tests.build import NOW


@pytest.mark.parametrize(("lately", "wanted"), [(0, 12), (6, 12), (7, 14), (150, 300), (5_000, 400)])
def test_twice_what_the_last_hour_took_is_kept_ready_within_limits(lately: int, wanted: int) -> None:
    assert stock.wanted(lately) == wanted


@pytest.mark.parametrize(
    ("ready", "lately", "lacking"),
    [(12, 0, 0), (40, 0, 0), (11, 0, 1), (0, 0, 12), (0, 90, 20), (150, 80, 10)],
)
def test_what_lacks_is_fetched_in_passes_of_bounded_length(ready: int, lately: int, lacking: int) -> None:
    assert stock.lacking(Stock(ready, lately)) == lacking


def test_a_new_token_outlives_the_window_of_a_call_however_long_it_lay_ready() -> None:
    assert stock.lasts_for_a_call(NOW) == NOW + WINDOW
    assert stock.lasts_for_its_call(NOW) < stock.lasts_for_a_call(NOW) < stock.lasts_on_the_shelf(NOW)
    assert stock.lasts_on_the_shelf(NOW) < NOW + stock.LIFE


def test_each_failure_in_a_row_doubles_the_rest_until_five_minutes() -> None:
    circuit, rests = Circuit("twilio_relays", NOW), []
    for _ in range(7):
        circuit = stock.after_failure(circuit, "http-500", NOW)
        assert circuit.open_until is not None
        rests.append((circuit.open_until - NOW) / timedelta(seconds=1))
    assert rests == [15, 30, 60, 120, 240, 300, 300]
    assert (circuit.failures, circuit.reason) == (7, "http-500")
