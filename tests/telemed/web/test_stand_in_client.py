"""Why a page has no camera or microphone is known, so that the right remedy is said."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.signaling.client.bundled import said_by
from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import ConsultingRoom

BOTH_LACK = {"camera": True, "microphone": True}


@pytest.fixture(scope="module")
def missing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("stand-in")
    told: dict[str, Any] = json.loads(said_by(Path(__file__).with_name("stand_in.mjs"), folder))
    return told


def test_what_is_there_is_not_missing(missing: dict[str, Any]) -> None:
    assert missing["both"] == {"camera": False, "microphone": False}


def test_a_refused_camera_is_another_matter_than_none(missing: dict[str, Any]) -> None:
    assert missing["refused"] == {**BOTH_LACK, "why": "refused"}
    assert missing["none"] == {**BOTH_LACK, "why": "gone"}


def test_the_voice_goes_on_when_only_the_camera_cannot_be_had(missing: dict[str, Any]) -> None:
    for case, why in (("no_camera", "gone"), ("camera_refused", "refused"), ("camera_busy", "busy")):
        assert missing[case] == {"camera": True, "microphone": False, "why": why}


def test_the_doctors_page_has_the_remedy_for_each_reason(room: ConsultingRoom, doctor: Visitor) -> None:
    html = doctor.get(f"/clinic/visits/{room.comes().visit_id}?lang=en").text
    assert 'data-text="camera_refused">The browser may not use your camera. Allow it' in html
    assert 'data-text="camera_busy">Another program uses your camera. Close' in html
