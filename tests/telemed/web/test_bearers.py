"""A token that was good a moment ago is believed for a moment, never for five seconds."""

from datetime import timedelta

import pytest

from scheduling.ids import uuid7
from telemed import clock, database
from telemed.accounts.clients import ApiClient, ClientStore
from telemed.services import Services
from telemed.web.bearers import Bearers

SOONEST = timedelta(seconds=5)


class Watch:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """How many have passed."""
        return self.seconds


@pytest.mark.both_databases
def test_a_revoked_system_is_out_within_five_seconds(services: Services) -> None:
    now = clock.real_now()
    client = ApiClient(str(uuid7()), "ХИС", None, ("system/Slot.s",), {"keys": []}, now, None)
    with database.write(services.engine) as connection:
        ClientStore(connection).add(client)
        header = f"Bearer {ClientStore(connection).issue(client.id, list(client.scopes), now)}"
    watch = Watch()
    bearers, elsewhere = Bearers(services.engine, watch), Bearers(services.engine, watch)
    assert bearers.grant(header) is not None
    with database.write(services.engine) as connection:
        assert ClientStore(connection).revoke(client.id, clock.real_now())
    # A process that has not seen the token asks, and knows at once.
    assert elsewhere.grant(header) is None
    watch.seconds += SOONEST.total_seconds() - 0.5
    assert bearers.grant(header) is None
