"""What is typed at the kiosk says nothing of a device, and no flag that only a server or a device gives."""

from typing import Any
from uuid import uuid4

import pytest

from scheduling.ids import uuid7
from tests import build
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter


@pytest.mark.parametrize(
    "claimed",
    [
        {"device_id": str(uuid4())},
        {"device_time": "1970-01-01T00:00:00"},
        {"flags": ["zzz"]},
        {"flags": ["used_before"]},
        {"source": "observed", "flags": ["battery-low"]},
    ],
)
def test_what_is_typed_says_nothing_of_a_device(counter: Counter, claimed: dict[str, Any]) -> None:
    reading = {"code": "oxygen", "value": "97", "taken_at": build.NOW.isoformat()}
    for said, status in (({}, 200), ({"flags": ["not_rested"]}, 200), (claimed, 422)):
        body = {**VECTORS["submissions"][0]["body"], "measurements": [{**reading, **said}]}
        assert counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", body).status_code == status
