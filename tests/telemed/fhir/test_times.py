"""Schedules and slots as another system asks for them: windows, pages, counts, and few statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Connection, event

from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import database
from telemed.services import Services
from tests import build
from tests.build import World
from tests.fakes import FakeClock
from tests.telemed.fhir.conftest import BASE, System, book, schedule_id
from tests.telemed.fhir.shapes import faults

Make = Callable[..., System]
TOMORROW = "start=ge2026-11-18T00:00:00%2B02:00&start=lt2026-11-19T00:00:00%2B02:00"


def slots(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """The slots of a page."""
    return [entry["resource"] for entry in bundle.get("entry", [])]


def link(bundle: dict[str, Any], relation: str) -> str | None:
    """The address of another page, under the base."""
    found = [each["url"] for each in bundle["link"] if each["relation"] == relation]
    assert all(each.startswith(BASE) for each in found)
    return found[0].removeprefix(BASE) if found else None


@contextmanager
def statements(services: Services) -> Iterator[list[str]]:
    """Every statement that runs meanwhile, without those that begin and end transactions."""
    ran: list[str] = []

    def note(_conn: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        ran.append(statement)

    event.listen(services.engine, "before_cursor_execute", note)
    yield ran
    event.remove(services.engine, "before_cursor_execute", note)
    ran[:] = [each for each in ran if not each.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"))]


@pytest.mark.both_databases
def test_a_day_of_one_practitioner_is_listed(world: World, system: Make) -> None:
    answer = system().get(f"/Slot?schedule={schedule_id(world)}&{TOMORROW}&status=free")
    assert answer.status_code == 200, answer.text
    bundle = answer.get_json()
    assert faults(bundle) == []
    found = slots(bundle)
    # The site opens at nine, the practitioner leaves at four: seven hours of three visits.
    assert bundle["total"] == len(found) == 21
    assert found[0]["start"] == "2026-11-18T07:00:00Z"
    assert found[0]["end"] == "2026-11-18T07:20:00Z"
    assert found[-1]["end"] == "2026-11-18T14:00:00Z"
    assert {each["schedule"]["reference"] for each in found} == {f"Schedule/{schedule_id(world)}"}


def test_a_slot_can_be_read_by_its_id(world: World, system: Make) -> None:
    asker = system()
    first = slots(asker.get(f"/Slot?schedule={schedule_id(world)}&{TOMORROW}").get_json())[0]
    assert asker.get(f"/Slot/{first['id']}").get_json() == first
    assert slots(asker.get(f"/Slot?_id={first['id']}").get_json()) == [first]


def test_a_minute_that_is_no_slot_is_not_found(world: World, system: Make, time: FakeClock) -> None:
    asker = system()
    first = slots(asker.get(f"/Slot?schedule={schedule_id(world)}&{TOMORROW}").get_json())[0]
    before, minute, *rest = first["id"].split(".")
    for other in ("0", minute[:-1] + "z", "zzzzz", "zzzzzz"):
        assert asker.get("/Slot/" + ".".join([before, other, *rest])).status_code == 404


def test_pages_follow_each_other_until_all_is_seen(world: World, system: Make) -> None:
    asker = system()
    path: str | None = f"/Slot?schedule={schedule_id(world)}&{TOMORROW}&_count=5"
    whole = slots(asker.get(f"/Slot?schedule={schedule_id(world)}&{TOMORROW}").get_json())
    seen: list[dict[str, Any]] = []
    pages = 0
    while path is not None:
        page = asker.get(path).get_json()
        assert page["total"] == 21
        assert len(slots(page)) <= 5
        seen += slots(page)
        path = link(page, "next")
        pages += 1
    assert seen == whole
    assert pages == 5


def test_a_count_alone_lists_nothing(world: World, system: Make) -> None:
    bundle = system().get(f"/Slot?schedule={schedule_id(world)}&{TOMORROW}&_summary=count").get_json()
    assert bundle["total"] == 21
    assert "entry" not in bundle


def test_what_is_taken_is_busy(world: World, system: Make) -> None:
    asker = system()
    book(asker, world, "2026-11-18T09:20:00+02:00")
    listing = f"/Slot?schedule={schedule_id(world)}&{TOMORROW}"
    assert asker.get(f"{listing}&status=free").get_json()["total"] == 20
    [busy] = slots(asker.get(f"{listing}&status=busy").get_json())
    assert busy["start"] == "2026-11-18T07:20:00Z"
    assert asker.get(f"{listing}&status=free,busy").get_json()["total"] == 21
    assert asker.get(f"{listing}&status=entered-in-error").get_json()["total"] == 0


def test_days_without_a_time_begin_at_the_sites_midnight(world: World, system: Make) -> None:
    bundle = system().get(f"/Slot?schedule={schedule_id(world)}&start=2026-11-18").get_json()
    assert bundle["total"] == 21


def test_without_a_window_the_coming_month_is_meant(world: World, system: Make) -> None:
    found = slots(system().get(f"/Slot?schedule={schedule_id(world)}&status=free&_count=500").get_json())
    assert found[0]["start"] == "2026-11-17T07:40:00Z"
    assert found[-1]["start"] < "2026-12-18T07:40"


def test_more_than_two_months_cannot_be_asked_for(world: World, system: Make) -> None:
    answer = system().get(f"/Slot?schedule={schedule_id(world)}&start=ge2026-11-18&start=lt2027-11-18")
    assert answer.status_code == 400
    assert faults(answer.get_json()) == []
    assert answer.get_json()["issue"][0]["expression"] == ["start"]


@pytest.mark.parametrize(
    "window",
    [
        "start=lt2026-01-01",
        "start=ge2026-11-18&start=lt2026-11-18",
        "start=ge2199-12-30",
        "start=lt1901-01-01",
    ],
)
def test_a_window_may_hold_nothing(world: World, system: Make, window: str) -> None:
    answer = system().get(f"/Slot?schedule={schedule_id(world)}&{window}")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("query", ["", "schedule=", "schedule=a/b/c", "schedule=x&schedule=y", "start=x"])
def test_what_cannot_be_read_is_refused_by_name(world: World, system: Make, query: str) -> None:
    answer = system().get(f"/Slot?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["issue"][0]["expression"] in (["schedule"], ["start"])


def test_an_unknown_parameter_is_left_out_or_refused_as_is_preferred(world: World, system: Make) -> None:
    asker = system()
    path = f"/Slot?schedule={schedule_id(world)}&{TOMORROW}&colour=red"
    lenient = asker.get(path)
    assert lenient.status_code == 200
    assert "colour" not in (link(lenient.get_json(), "self") or "")
    strict = asker.get(path, Prefer="respond-sync, handling=strict")
    assert strict.status_code == 400
    assert "colour" in strict.get_json()["issue"][0]["diagnostics"]


def test_schedules_are_found_by_their_actors(world: World, another: World, system: Make) -> None:
    asker = system()
    both = f"actor=Practitioner/{world.practitioner.id}&actor=Location/{world.site.id}"
    bundle = asker.get(f"/Schedule?{both}").get_json()
    assert faults(bundle) == []
    assert [each["id"] for each in slots(bundle)] == [schedule_id(world)]
    assert asker.get(f"/Schedule/{schedule_id(world)}").get_json() == slots(bundle)[0]
    there = asker.get(f"/Schedule?actor=Location/{world.site.id}").get_json()
    assert {each["id"] for each in slots(there)} == {schedule_id(world), schedule_id(another)}
    assert asker.get(f"/Schedule?{both}&service-type=urn:telemed:visit-type|other").get_json()["total"] == 0
    assert asker.get("/Schedule").status_code == 400
    assert asker.get(f"/Schedule?_id={schedule_id(world)}").get_json()["total"] == 1


def test_another_facilitys_times_do_not_exist(world: World, another: World, system: Make) -> None:
    asker = system(facility_id=world.facility.id)
    foreign = schedule_id(another)
    slot = slots(system().get(f"/Slot?schedule={foreign}&{TOMORROW}").get_json())[0]["id"]
    for path in (
        f"/Schedule/{foreign}",
        f"/Slot/{slot}",
        f"/Slot?schedule={foreign}&{TOMORROW}",
        f"/Schedule/{foreign}/$days",
    ):
        assert asker.get(path).status_code == 404, path
    assert asker.get(f"/Slot?schedule={schedule_id(world)}&{TOMORROW}").status_code == 200


def test_days_tell_how_much_is_free(world: World, system: Make) -> None:
    asker = system()
    book(asker, world, "2026-11-18T09:20:00+02:00")
    answer = asker.get(f"/Schedule/{schedule_id(world)}/$days?start=2026-11-18&days=5")
    assert answer.status_code == 200, answer.text
    assert faults(answer.get_json()) == []
    told = [
        tuple(value for part in day["part"] for name, value in part.items() if name != "name")
        for day in answer.get_json()["parameter"]
    ]
    assert told == [
        ("2026-11-18", 20, 21),
        ("2026-11-19", 21, 21),
        ("2026-11-20", 21, 21),
        ("2026-11-21", 0, 0),
        ("2026-11-22", 0, 0),
    ]


@pytest.mark.parametrize(
    "query", ["days=0", "days=63", "days=x", "days=-1", "days=٣", "start=x", "start=2026-02-30"]
)
def test_days_are_at_most_62(world: World, system: Make, query: str) -> None:
    answer = system().get(f"/Schedule/{schedule_id(world)}/$days?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["issue"][0]["expression"] in (["days"], ["start"])


@pytest.mark.both_databases
def test_a_listing_takes_at_most_three_statements(world: World, system: Make, services: Services) -> None:
    asker = system(facility_id=world.facility.id)
    listing = f"/Slot?schedule={schedule_id(world)}&{TOMORROW}&status=free"
    asker.get(listing)
    for path in (listing, f"/Slot?schedule={schedule_id(world)}&start=2026-11-19"):
        with statements(services) as ran:
            assert asker.get(path).status_code == 200
        assert 0 < len(ran) <= 3, ran


def test_many_schedules_cost_no_more_statements_than_one(
    world: World, system: Make, services: Services
) -> None:
    asker, path = system(), f"/Schedule?actor=Location/{world.site.id}"
    asker.get(path)
    with statements(services) as for_one:
        asker.get(path)
    with database.write(services.engine) as connection:
        for number in range(5):
            doctor = build.practitioner(world.facility.id, name=f"д-р {number}")
            Book(connection, lambda *_: None).add_practitioner(doctor)
    with statements(services) as for_all:
        assert asker.get(path).get_json()["total"] == 6
    assert len(for_all) == len(for_one)


def test_a_token_is_looked_up_once_in_a_while(world: World, system: Make, services: Services) -> None:
    asker = system()
    path = f"/Slot?schedule={schedule_id(world)}&{TOMORROW}"
    with statements(services) as ran:
        for _ in range(5):
            asker.get(path)
    assert len([each for each in ran if "api_token" in each]) == 1


def test_strange_ids_are_not_found(world: World, system: Make) -> None:
    asker = system()
    for wanted in (
        "x",
        "a.b",
        f"{'z' * 22}.consultation",
        f"{'0' * 22}.consultation.{'0' * 22}",
        str(uuid7()),
    ):
        for path in (f"/Slot?schedule={quote(wanted)}", f"/Schedule/{wanted}", f"/Schedule/{wanted}/$days"):
            assert asker.get(path).status_code == 404, path


def test_a_month_passes_and_the_window_moves_with_it(world: World, system: Make, time: FakeClock) -> None:
    time.forward(timedelta(days=30))
    found = slots(system().get(f"/Slot?schedule={schedule_id(world)}&status=free").get_json())
    assert found[0]["start"].startswith("2026-12-17")
