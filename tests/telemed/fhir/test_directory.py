"""Places, people and what is offered, as another system finds them; and the statement of what there is."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from scheduling.ids import uuid7
from telemed.fhir.table import SERVED, doors
from telemed.web.access import ACCESS
from telemed.web.fhir import PATH
from tests.build import World
from tests.telemed.conftest import ORIGIN
from tests.telemed.fhir.conftest import BASE, System
from tests.telemed.fhir.shapes import faults

Make = Callable[..., System]


def ids(bundle: dict[str, Any]) -> list[str]:
    """The ids of what was found."""
    return [entry["resource"]["id"] for entry in bundle.get("entry", [])]


DIRECTORY = [
    "/Location",
    "/HealthcareService",
    "/Practitioner",
    "/PractitionerRole",
]


@pytest.mark.parametrize("path", DIRECTORY)
def test_everything_found_is_as_r4_has_it_and_can_be_read(world: World, system: Make, path: str) -> None:
    asker = system()
    answer = asker.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/fhir+json"
    found = answer.get_json()
    assert found["total"] == len(found["entry"]) > 0
    assert faults(found) == []
    for entry in found["entry"]:
        alone = asker.get(f"{path}/{entry['resource']['id']}")
        assert alone.get_json() == entry["resource"]


def test_a_site_and_its_kiosk_are_locations(world: World, system: Make) -> None:
    asker = system()
    assert set(ids(asker.get("/Location").get_json())) == {str(world.site.id), str(world.kiosk.id)}
    assert ids(asker.get(f"/Location?partof=Location/{world.site.id}").get_json()) == [str(world.kiosk.id)]
    assert ids(asker.get("/Location?address-city=авр").get_json()) == [str(world.site.id)]
    assert ids(asker.get("/Location?name=nowhere").get_json()) == []
    site = asker.get(f"/Location/{world.site.id}").get_json()
    assert site["hoursOfOperation"][0] == {
        "daysOfWeek": ["mon"],
        "openingTime": "09:00:00",
        "closingTime": "17:00:00",
    }
    assert site["extension"][0]["valueCode"] == "Europe/Sofia"


def test_a_role_tells_where_when_and_what(world: World, system: Make) -> None:
    role = system().get(f"/PractitionerRole?practitioner=Practitioner/{world.practitioner.id}").get_json()
    resource = role["entry"][0]["resource"]
    assert resource["practitioner"]["reference"] == f"Practitioner/{world.practitioner.id}"
    assert resource["organization"]["display"] == world.facility.name
    assert len(resource["availableTime"]) == 5
    service = resource["healthcareService"][0]["reference"].split("/")[1]
    assert ids(system().get(f"/PractitionerRole?service=HealthcareService/{service}").get_json())
    assert ids(system().get("/PractitionerRole?specialty=general").get_json())
    assert not ids(system().get("/PractitionerRole?specialty=surgery").get_json())


def test_pages_follow_each_other_by_their_links(world: World, another: World, system: Make) -> None:
    asker = system()
    first = asker.get("/Practitioner?_count=1").get_json()
    links = {link["relation"]: link["url"] for link in first["link"]}
    assert first["total"] == 2
    second = asker.get(links["next"].removeprefix(BASE)).get_json()
    assert {*ids(first), *ids(second)} == {str(world.practitioner.id), str(another.practitioner.id)}
    assert [link["relation"] for link in second["link"]] == ["self"]
    count = asker.get("/Practitioner?_summary=count").get_json()
    assert count["total"] == 2
    assert "entry" not in count


def test_a_facility_sees_only_its_own_people(world: World, another: World, system: Make) -> None:
    asker = system(facility_id=world.facility.id)
    assert ids(asker.get("/Practitioner").get_json()) == [str(world.practitioner.id)]
    assert ids(asker.get("/PractitionerRole").get_json()) == [str(world.practitioner.id)]
    services = asker.get("/HealthcareService").get_json()["entry"]
    assert {each["resource"]["providedBy"]["display"] for each in services} == {world.facility.name}
    for kind in ("Practitioner", "PractitionerRole"):
        answer = asker.get(f"/{kind}/{another.practitioner.id}")
        assert answer.status_code == 404
        assert faults(answer.get_json()) == []


def test_unknown_ids_are_not_found(world: World, system: Make) -> None:
    asker = system()
    for kind in (each.type for each in SERVED):
        for wanted in (str(uuid7()), "nonsense", "x" * 64, "%00", "a.b.c"):
            answer = asker.get(f"/{kind}/{wanted}")
            assert answer.status_code == 404, (kind, wanted)
            assert answer.get_json()["issue"][0]["code"] == "not-found"


def test_what_there_is_not_is_an_outcome_too(world: World, system: Make) -> None:
    asker = system()
    for method, path, status in (
        ("GET", "/Observation", 404),
        ("GET", "/", 404),
        ("DELETE", f"/Slot/{uuid7()}", 405),
        ("POST", "/Location", 405),
    ):
        answer = asker.ask(method, path)
        assert answer.status_code == status, path
        assert answer.mimetype == "application/fhir+json"
        assert faults(answer.get_json()) == []


def test_the_statement_says_exactly_what_the_doors_do(app: Flask) -> None:
    statement = app.test_client().get(f"{PATH}/metadata", base_url=ORIGIN).get_json()
    said = {
        (each["type"], interaction["code"])
        for each in statement["rest"][0]["resource"]
        for interaction in each["interaction"]
    }
    done = set()
    for rule in app.url_map.iter_rules():
        parts = rule.rule.removeprefix(PATH + "/").split("/")
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if (
            rule.rule.startswith(PATH)
            and parts[0][0].isupper()
            and len(parts) < 3
            and parts[1:] != ["_search"]
        ):
            [method] = methods
            one = len(parts) == 2
            codes = {("GET", True): "read", ("GET", False): "search-type", ("POST", False): "create"}
            done.add((parts[0], codes.get((method, one), "update")))
    assert said == done


def test_every_stated_parameter_and_operation_is_understood(world: World, system: Make, app: Flask) -> None:
    asker = system()
    statement = asker.get("/metadata").get_json()
    samples = {"date": "2026-11-24", "reference": str(uuid7()), "token": "x", "string": "x"}
    for each in statement["rest"][0]["resource"]:
        for param in each.get("searchParam", ()):
            path = f"/{each['type']}?{param['name']}={samples[param['type']]}"
            answer = asker.get(path, Prefer="handling=strict")
            assert "not supported" not in answer.text, path
            assert answer.status_code in (200, 400, 404), path
        for operation in each.get("operation", ()):
            definition = asker.get(operation["definition"].removeprefix(BASE)).get_json()
            assert definition["resourceType"] == "OperationDefinition"
            assert (definition["code"], definition["resource"]) == (operation["name"], [each["type"]])


def test_a_door_asks_for_the_scope_that_its_table_says() -> None:
    for door in doors():
        assert ACCESS[door.endpoint].who == ((door.scope,) if door.scope else ("anybody",))


def test_where_tokens_are_had_is_said_to_everybody(app: Flask) -> None:
    said = app.test_client().get(f"{PATH}/.well-known/smart-configuration", base_url=ORIGIN).get_json()
    assert said["token_endpoint"] == f"{ORIGIN}/oauth/token"
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert "system/Appointment.crus" in said["scopes_supported"]


def test_without_a_token_nothing_opens(app: Flask, world: World, system: Make) -> None:
    asker = app.test_client()
    for header in (None, "", "Bearer", "Bearer x", "Basic eA==", f"Bearer {'x' * 43}", "Bearer \xff" * 9):
        headers = {} if header is None else {"Authorization": header}
        answer = asker.get(f"{PATH}/Location", headers=headers, base_url=ORIGIN)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert faults(answer.get_json()) == []


def test_a_scope_opens_only_its_own_door(world: World, system: Make) -> None:
    asker = system("system/Slot.rs", "system/Location.r")
    assert asker.get(f"/Location/{world.site.id}").status_code == 200
    for path in ("/Location", "/Practitioner", f"/Practitioner/{world.practitioner.id}"):
        answer = asker.get(path)
        assert answer.status_code == 403, path
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    assert asker.post("/Appointment", {}).status_code == 403


@pytest.mark.parametrize(
    "scope", ["system/*.read", "system/Location.read", "system/*.*", "system/Location.rs"]
)
def test_older_and_wider_scopes_are_understood(world: World, system: Make, scope: str) -> None:
    assert system(scope).get("/Location").status_code == 200


def test_other_media_types_are_declined(world: World, system: Make) -> None:
    asker = system()
    for accept in ("application/fhir+xml", "text/html", "application/pdf, text/*;q=0.5"):
        answer = asker.get("/Location", Accept=accept)
        assert answer.status_code == 406, accept
    assert asker.get("/Location?_format=xml").status_code == 406
    for accept in ("application/json", "*/*", "application/*", "text/html, application/fhir+json;q=0.1", "§"):
        answer = asker.get("/Location", Accept=accept)
        assert answer.status_code in (200, 406), accept
    assert asker.get("/Location?_format=application/fhir%2Bjson").status_code == 200


def test_a_search_may_come_as_a_form(world: World, system: Make) -> None:
    asker = system()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    found = asker.ask("POST", "/Location/_search", "name=" + "%D0%9F", **form)
    assert found.status_code == 200, found.text
    assert len(ids(found.get_json())) == 2
    assert asker.post("/Location/_search", {}).status_code == 415
