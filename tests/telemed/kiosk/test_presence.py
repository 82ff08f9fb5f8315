"""Before a doctor is let in, somebody at the kiosk says that they are there and who is in the room."""

import pytest

from scheduling.ids import uuid7
from scheduling.ringing import Patience
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits import clinic, queue
from tests import build
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter


@pytest.fixture
def visit(counter: Counter) -> str:
    body = {**VECTORS["submissions"][0]["body"], "choice": {"kind": "now"}}
    return str(counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", body).get_json()["visit"])


def doctor(world: build.World) -> Reader:
    return Reader("staff", "doctor", world.facility.id, "д-р Илиева", "care", "doctor")


def test_the_room_is_said_once_and_being_here_again_and_again(
    counter: Counter, visit: str, services: Services, world: build.World
) -> None:
    here = f"/api/v1/visits/{visit}/here"
    assert counter.ask("POST", here, {"company": "relative"}).status_code == 204
    assert counter.ask("POST", here, {}).status_code == 204
    with services.unit(doctor(world)) as unit:
        (entry,) = unit.book.queue(world.facility.id)
        known = unit.records.encounters.by_queue_entry(entry.id)
        assert known is not None
        assert unit.records.presence.of(known.id) == ("relative", unit.now)


@pytest.mark.parametrize("company", ["a stranger", 7, ["alone"], {"a": 1}])
def test_what_is_no_answer_is_refused(counter: Counter, visit: str, company: object) -> None:
    assert counter.ask("POST", f"/api/v1/visits/{visit}/here", {"company": company}).status_code == 422


def test_the_kiosk_hears_that_it_rings_for_a_doctor(
    counter: Counter, visit: str, services: Services, world: build.World
) -> None:
    assert counter.ask("GET", f"/api/v1/visits/{visit}").get_json()["rings"] is False
    with services.unit(doctor(world)) as unit:
        assert queue.ring_due(unit, world.facility.id, Patience()) == 1
    assert counter.ask("GET", f"/api/v1/visits/{visit}").get_json()["rings"] is True


def test_once_the_visit_is_over_nobody_is_there_any_more(
    counter: Counter, visit: str, services: Services, world: build.World
) -> None:
    with services.unit(doctor(world)) as unit:
        (entry,) = unit.book.queue(world.facility.id)
        queue.give_up_place(unit, entry.id)
    assert counter.ask("POST", f"/api/v1/visits/{visit}/here", {}).status_code == 409


def test_it_never_stands_in_the_doctors_way(
    counter: Counter, visit: str, services: Services, world: build.World
) -> None:
    with services.unit(doctor(world)) as unit:
        (entry,) = unit.book.queue(world.facility.id)
        known = unit.records.encounters.by_queue_entry(entry.id)
        assert known is not None
    counter.ask("POST", f"/api/v1/visits/{visit}/here", {"company": "alone"})
    with services.unit(doctor(world)) as unit:
        assert clinic.admit(unit, known.id, world.practitioner.id).version == known.version + 1
