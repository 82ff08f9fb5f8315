"""The two doors at which pages tell how a call goes, and what they do not take."""

from typing import Any

import pytest
from flask import Flask

from telemed import database
from telemed.call_quality import CallQuality
from telemed.visits import clinic
from tests import build
from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import ConsultingRoom

LOOK = {"n": 0, "ago_ms": 25_000, "rung": "video", "rtt_ms": 80, "sent_bytes": 1, "received_bytes": 2}


@pytest.fixture
def page(room: ConsultingRoom) -> str:
    visit_id = room.comes().visit_id
    with room.services.unit(room.reader()) as unit:
        clinic.admit(unit, visit_id, room.doctor_id)
    return f"/clinic/visits/{visit_id}"


def told(*looks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"page": "a-page-of-mine", "looks": list(looks)} | changes


def post(doctor: Visitor, page: str, body: Any) -> int:
    headers = {"X-CSRF-Token": doctor.token(page)}
    return doctor.post(f"{page}/quality", json=body, headers=headers).status_code


def test_the_doctors_page_tells_and_the_moment_is_ours(room: ConsultingRoom, house: Flask, page: str) -> None:
    assert post(room.browser(house), page, told(LOOK, {**LOOK, "n": 1, "ago_ms": 20_000})) == 204
    with database.read(room.services.engine) as connection:
        [share] = CallQuality(connection).of_site(room.world.site.id, build.NOW.replace(hour=0))
    assert (share.looks, (build.NOW - share.since).total_seconds()) == (2, 25.0)


@pytest.mark.parametrize(
    "body",
    [
        told(),
        told(LOOK, page="x"),
        told(LOOK, address="10.0.0.1"),
        told({**LOOK, "candidate": "10.0.0.1"}),
        told({**LOOK, "rtt_ms": -1}),
        told({**LOOK, "rtt_ms": "80"}),
        told({**LOOK, "loss_percent": 101}),
        told({**LOOK, "rung": "carrier pigeon"}),
        told({**LOOK, "ago_ms": 600_001}),
        told({**LOOK, "sent_bytes": None}),
        told(*[{**LOOK, "n": n} for n in range(121)]),
        [1, 2],
    ],
)
def test_what_is_no_look_is_refused(room: ConsultingRoom, house: Flask, page: str, body: Any) -> None:
    assert post(room.browser(house), page, body) == 422


def test_a_flood_in_one_request_is_too_large(room: ConsultingRoom, house: Flask, page: str) -> None:
    assert post(room.browser(house), page, told(LOOK, page="x" * 40_000)) == 413


def test_without_the_pages_token_nothing_is_taken(room: ConsultingRoom, house: Flask, page: str) -> None:
    assert room.browser(house).post(f"{page}/quality", json=told(LOOK)).status_code == 403


def test_another_facilitys_doctor_finds_no_such_visit(room: ConsultingRoom, house: Flask, page: str) -> None:
    stranger = room.browser(house, room.stranger)
    headers = {"X-CSRF-Token": stranger.token("/clinic")}
    assert stranger.post(f"{page}/quality", json=told(LOOK), headers=headers).status_code == 404
