"""What is free, as files for everybody: true when written, whole, and without anybody's name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from telemed.run.worker import jobs
from telemed.services import Services
from tests.build import World
from tests.telemed.conftest import ORIGIN
from tests.telemed.fhir.conftest import System, book
from tests.telemed.fhir.shapes import faults

MANIFEST = "/scheduling-links/$bulk-publish"


@pytest.fixture
def publish(services: Services, world: World) -> Callable[[], int]:
    """The worker's job."""
    job, _ = jobs(services)["scheduling_links.publish"]
    return lambda: job(services)


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    """Somebody without any proof."""
    return app.test_client()


def output(anybody: FlaskClient) -> dict[str, list[dict[str, Any]]]:
    """Every resource in every file that the manifest names."""
    manifest = anybody.get(MANIFEST, base_url=ORIGIN, buffered=True).get_json()
    found = {}
    for each in manifest["output"]:
        answer = anybody.get(each["url"].removeprefix(ORIGIN), base_url=ORIGIN, buffered=True)
        assert answer.status_code == 200
        assert answer.mimetype == "application/fhir+ndjson"
        found[each["type"]] = [json.loads(line) for line in answer.text.splitlines()]
    return found


def test_every_free_time_of_two_weeks_stands_there(
    publish: Callable[[], int], anybody: FlaskClient, world: World
) -> None:
    number = publish()
    found = output(anybody)
    assert len(found["Slot"]) == number > 100
    assert [faults(each) for kind in found.values() for each in kind if faults(each)] == []
    assert [each["id"] for each in found["Location"]] == [str(world.site.id)]
    [schedule] = found["Schedule"]
    assert schedule["actor"] == [{"reference": f"Location/{world.site.id}"}]
    assert {each["schedule"]["reference"] for each in found["Slot"]} == {f"Schedule/{schedule['id']}"}
    assert len({each["id"] for each in found["Slot"]}) == number
    assert min(each["start"] for each in found["Slot"]) == "2026-11-17T07:40:00Z"


def test_nobody_is_named(
    publish: Callable[[], int], anybody: FlaskClient, world: World, services: Services
) -> None:
    publish()
    folder = services.settings.data_dir / "scheduling-links"
    text = "".join(path.read_text() for path in folder.iterdir())
    for secret in (
        world.patient.name,
        str(world.patient.id),
        world.practitioner.name,
        str(world.practitioner.id),
    ):
        assert secret not in text


def test_what_was_taken_is_gone_at_the_next_writing(
    publish: Callable[[], int], anybody: FlaskClient, world: World, system: Callable[..., System]
) -> None:
    before = publish()
    book(system(), world, "2026-11-18T09:00:00+02:00")
    assert publish() == before - 1
    assert "2026-11-18T07:00:00Z" not in {each["start"] for each in output(anybody)["Slot"]}


def test_a_file_that_says_the_same_is_not_sent_again(
    publish: Callable[[], int], anybody: FlaskClient
) -> None:
    publish()
    path = "/scheduling-links/slots.ndjson"
    first = anybody.get(path, base_url=ORIGIN, buffered=True)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    publish()
    again = anybody.get(
        path, headers={"If-None-Match": first.headers["ETag"]}, base_url=ORIGIN, buffered=True
    )
    assert again.status_code == 304


def test_nothing_else_of_the_folder_is_given_out(
    publish: Callable[[], int], anybody: FlaskClient, services: Services
) -> None:
    assert anybody.get(MANIFEST, base_url=ORIGIN, buffered=True).status_code == 404
    publish()
    Path(services.settings.data_dir / "scheduling-links" / "secret.ndjson").write_text("x")
    for name in ("secret.ndjson", "..%2Ftelemed.db", "manifest.json", ".slots.ndjson.1"):
        assert anybody.get(f"/scheduling-links/{name}", base_url=ORIGIN, buffered=True).status_code == 404
