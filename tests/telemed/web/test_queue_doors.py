"""The queue at the doors: a screen without names, a wait in words, urgency, home, the waiting list."""

import re

import pytest
from flask import Flask

from scheduling.ringing import Patience
from scheduling.wait_estimate import Interval
from telemed import database
from telemed.accounts.displays import DisplayStore
from telemed.run.web import create_app
from telemed.texts import Texts
from telemed.visits import queue
from telemed.web.wait_words import ahead_words, wait_words
from tests import build
from tests.telemed.conftest import BuiltAssets, browsable, visitor
from tests.telemed.consulting_room import EGN, NAME, ConsultingRoom


@pytest.fixture
def app(room: ConsultingRoom) -> Flask:
    return browsable(create_app(room.services, BuiltAssets()))


def screen_of(room: ConsultingRoom) -> str:
    with database.write(room.services.engine) as connection:
        return DisplayStore(connection).open(room.world.site.id, build.NOW)


class TestScreen:
    def test_shows_tokens_and_no_names(self, room: ConsultingRoom, app: Flask) -> None:
        for _ in range(2):
            room.comes()
        page = visitor(app).get(f"/display/{screen_of(room)}?lang=en")
        assert re.findall(r"<strong>([A-Z] \d+)</strong>", page.text) == ["A 1", "A 2"]
        assert not any(secret in page.text for secret in (NAME, EGN, "+359888123456"))
        assert "say yet how long it takes" in page.text
        assert page.headers["Cache-Control"] == "no-store"

    def test_says_where_who_is_called_goes(self, room: ConsultingRoom, app: Flask) -> None:
        visit_id = room.comes().visit_id
        room.browser(app).send(f"/clinic/visits/{visit_id}/admit", page=f"/clinic/visits/{visit_id}")
        page = visitor(app).get(f"/display/{screen_of(room)}?lang=en").text
        assert f"<strong>A 1</strong><span>{room.world.kiosk.label}</span>" in page

    def test_leaves_out_who_is_at_home(self, room: ConsultingRoom, app: Flask) -> None:
        *_, visit_id = (room.comes().visit_id for _ in range(4))
        with room.services.unit(room.reader()) as unit:
            queue.go_home(unit, unit.records.encounters.get(visit_id), room.world.kiosk)
        shown = visitor(app).get(f"/display/{screen_of(room)}").text
        assert "A 3" in shown
        assert "A 4" not in shown

    @pytest.mark.parametrize("token", ["x", "x" * 43, "../../etc"])
    def test_opens_to_nobody_who_guesses(self, room: ConsultingRoom, app: Flask, token: str) -> None:
        assert visitor(app).get(f"/display/{token}").status_code == 404

    def test_ends_with_its_address(self, room: ConsultingRoom, app: Flask) -> None:
        token = screen_of(room)
        with database.write(room.services.engine) as connection:
            (screen,) = DisplayStore(connection).of_site(room.world.site.id)
            assert DisplayStore(connection).close(screen.id, build.NOW) == room.world.site.id
            assert DisplayStore(connection).close(screen.id, build.NOW) is None
        assert visitor(app).get(f"/display/{token}").status_code == 404


class TestUrgency:
    def test_is_set_on_the_case_and_seen_on_the_list(self, room: ConsultingRoom, app: Flask) -> None:
        visit_id, doctor = room.comes().visit_id, room.browser(app)
        case = f"/clinic/visits/{visit_id}"
        assert doctor.send(f"{case}/priority", page=case, priority="2").status_code == 303
        assert ">urgent</span>" in doctor.get("/clinic?lang=en").text

    @pytest.mark.parametrize("priority", ["0", "6", "x"])
    def test_has_five_levels(self, room: ConsultingRoom, app: Flask, priority: str) -> None:
        visit_id, doctor = room.comes().visit_id, room.browser(app)
        case = f"/clinic/visits/{visit_id}"
        assert doctor.send(f"{case}/priority", page=case, priority=priority).status_code == 400

    def test_of_another_facilitys_patient_is_nobodys_business(self, room: ConsultingRoom, app: Flask) -> None:
        visit_id, stranger = room.comes().visit_id, room.browser(app, room.stranger)
        refused = stranger.send(f"/clinic/visits/{visit_id}/priority", page="/clinic", priority="1")
        assert refused.status_code == 404


class TestRinging:
    def test_is_plain_to_see(self, room: ConsultingRoom, app: Flask) -> None:
        room.comes()
        with room.services.unit(room.reader()) as unit:
            queue.ring_due(unit, room.world.facility.id, Patience())
        assert "It rings for you" in room.browser(app).get("/clinic?lang=en").text


class TestWaitingList:
    def test_is_the_facilitys_own_and_can_be_left(self, room: ConsultingRoom, app: Flask) -> None:
        room.comes(choice={"kind": "wish", "days": 7})
        doctor, stranger = room.browser(app), room.browser(app, room.stranger)
        page = doctor.get("/clinic/waiting-list?lang=en").text
        assert NAME in page
        assert ">Consultation</td>" in page
        assert NAME not in stranger.get("/clinic/waiting-list").text
        address = re.search(r"/clinic/waiting-list/[0-9a-f-]{36}/leave", page)
        assert address
        refused = stranger.send(address[0], page="/clinic")
        assert refused.status_code == 404
        assert doctor.send(address[0], page="/clinic/waiting-list").status_code == 303
        assert NAME not in doctor.get("/clinic/waiting-list").text


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, "We can't say yet how long it takes."),
        (Interval(0, 10), "Up to 10 minutes"),
        (Interval(20, 45), "About 20 to 45 minutes"),
    ],
)
def test_a_wait_is_said_as_a_person_would(told: Interval | None, words: str) -> None:
    assert wait_words(Texts(), "en", told) == words


def test_how_many_are_before_somebody() -> None:
    assert [ahead_words(Texts(), "en", number) for number in (0, 1, 4)] == [
        "You are next.",
        "One person is before you.",
        "4 people are before you.",
    ]
