"""The kiosk learns what a doctor wants measured again; its answer is taken once, read from its bytes."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from scheduling.ids import uuid7
from telemed.intake.asked_again import AskedAgain
from telemed.services import Services
from tests import build
from tests.telemed.consulting_room import KIOSK
from tests.telemed.kiosk.conftest import Counter
from tests.telemed.kiosk.test_called_in import filed, told

AT = build.NOW.isoformat()


@pytest.fixture
def visit(counter: Counter) -> str:
    return str(filed(counter, told("97"))["visit"])


def asks(services: Services, world: build.World, visit: str, kind: str = "oxygen") -> AskedAgain:
    """The doctor presses the button."""
    with services.unit(KIOSK) as unit:
        of = unit.records.encounters.get(UUID(visit))
        asked = AskedAgain(
            uuid7(), of.id, of.patient_id, world.kiosk.id, kind, world.practitioner.id, unit.now
        )
        unit.again.ask(asked)
    return asked


def state(counter: Counter, visit: str) -> Any:
    return counter.ask("GET", f"/api/v1/visits/{visit}").get_json()["again"]


def answer(counter: Counter, visit: str, asked: AskedAgain, *said: dict[str, str], **more: Any) -> Any:
    readings = [{"taken_at": AT, **each} for each in said]
    body = {"asked": str(asked.id), "measurements": readings, **more}
    return counter.ask("PUT", f"/api/v1/visits/{visit}/again/{uuid7()}", body)


def test_the_kiosk_is_told_what_to_ask_until_it_has_answered(
    counter: Counter, services: Services, world: build.World, visit: str
) -> None:
    assert state(counter, visit) is None
    asked = asks(services, world, visit)
    assert state(counter, visit) == {"id": str(asked.id), "kind": "oxygen", "step": "oxygen_reading"}
    assert answer(counter, visit, asked, {"code": "oxygen", "value": "95"}).status_code == 200
    assert state(counter, visit) is None
    with services.unit(KIOSK) as unit:
        (kept,) = unit.again.of_visit(asked.visit_id)
    assert [(each.code, each.value) for each in kept.measurements] == [("oxygen", Decimal(95))]


def test_one_at_a_time_in_the_order_of_asking(
    counter: Counter, services: Services, world: build.World, visit: str
) -> None:
    first, second = asks(services, world, visit), asks(services, world, visit, "pulse")
    answer(counter, visit, first, {"code": "oxygen", "reason": "refused"})
    assert state(counter, visit)["id"] == str(second.id)


@pytest.mark.parametrize(
    "said",
    [
        {"code": "oxygen", "value": "300"},
        {"code": "oxygen", "value": "NaN"},
        {"code": "oxygen"},
        {"code": "oxygen", "value": "95", "reason": "refused"},
        {"code": "oxygen", "value": "95", "typed_by": "clerk"},
        {"code": "oxygen", "value": "95", "assisted_by": str(uuid7())},
        {"code": "oxygen", "value": "95", "source": "device", "raw": "00", "characteristic": "2a5e"},
        {"code": "pulse", "value": "72"},
        {"code": "mood", "value": "1"},
    ],
)
def test_what_cannot_be_or_was_not_asked_for_is_refused(
    counter: Counter, services: Services, world: build.World, visit: str, said: dict[str, str]
) -> None:
    asked = asks(services, world, visit)
    assert answer(counter, visit, asked, said).status_code == 422
    assert state(counter, visit)["id"] == str(asked.id)


def test_nobody_answers_for_a_visit_that_is_not_here(
    counter: Counter, services: Services, world: build.World, visit: str
) -> None:
    asked = asks(services, world, visit)
    oxygen = {"code": "oxygen", "value": "95"}
    assert answer(counter, str(uuid7()), asked, oxygen).status_code == 404
    unsigned = counter.browser.put(f"/api/v1/visits/{visit}/again/{uuid7()}", json={})
    assert unsigned.status_code == 401
    assert state(counter, visit)["id"] == str(asked.id)
