"""The doctor's waiting room at the doors: the line, calling later, for whom it rings, calling the clerk."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from scheduling.ringing import Patience
from telemed.clerk_calls import ClerkCalls
from telemed.visits import board, queue
from telemed.visits.lines import Measured, take_readings
from telemed.web.kiosk_waiting import waiting_here
from tests import build
from tests.telemed.alarming import breathless
from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import NAME, ConsultingRoom, words

MINUTE = timedelta(minutes=1)


def measured(room: ConsultingRoom, kbps: int) -> None:
    with room.services.unit(room.reader()) as unit:
        take_readings(unit, room.world.kiosk.id, [Measured(unit.now, kbps, kbps, 80, 0.5, "probe")])


def ring(room: ConsultingRoom) -> int:
    with room.services.unit(room.reader()) as unit:
        return queue.ring_due(unit, room.world.facility.id, Patience())


def kiosk_says(room: ConsultingRoom) -> dict[str, str]:
    return waiting_here(room.services, room.world.kiosk.id, "en")


def put_off(room: ConsultingRoom, doctor: Visitor, visit_id: UUID, minutes: str = "20") -> int:
    case = f"/clinic/visits/{visit_id}"
    return doctor.send(f"{case}/later", page=case, minutes=minutes, why="no_answer").status_code


class TestLine:
    @pytest.mark.parametrize(
        ("kbps", "said"),
        [
            (900, "Line: sound and picture"),
            (80, "Line: sound, no picture"),
            (10, "Line: too weak for a call"),
        ],
    )
    def test_is_said_on_the_list_and_on_the_case(
        self, room: ConsultingRoom, doctor: Visitor, kbps: int, said: str
    ) -> None:
        visit_id = room.comes().visit_id
        measured(room, kbps)
        assert said in words(doctor.get("/clinic?lang=en").text)
        assert said in words(doctor.get(f"/clinic/visits/{visit_id}?lang=en").text)

    def test_that_nobody_measured_lately_is_said_to_be_unknown(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        measured(room, 900)
        room.clock.forward(3 * 60 * MINUTE)
        room.comes()
        assert "Line: not known" in words(doctor.get("/clinic?lang=en").text)

    def test_that_changes_makes_the_list_new(self, room: ConsultingRoom, doctor: Visitor) -> None:
        room.comes()
        mark = doctor.get("/clinic/list").headers["ETag"]
        measured(room, 80)
        assert doctor.get("/clinic/list", headers={"If-None-Match": mark}).status_code == 200


class TestLater:
    def test_the_list_the_kiosk_and_the_screen_know_of_it(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        assert put_off(room, doctor, room.comes().visit_id) == 303
        shown = words(doctor.get("/clinic?lang=en").text)
        assert "called later, at" in shown
        assert "Nobody is waiting for you" in shown
        said = kiosk_says(room)
        assert (said["ahead"], said["wait"]) == ("", "The doctor will call you in about 20 minutes.")
        with room.services.view() as view:
            assert board.board(view.book, room.world.site.id, view.now).next == ()

    def test_it_rings_again_by_itself_and_the_list_is_new(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        put_off(room, doctor, room.comes().visit_id)
        assert ring(room) == 0
        mark = doctor.get("/clinic/list").headers["ETag"]
        room.clock.forward(20 * MINUTE)
        assert doctor.get("/clinic/list", headers={"If-None-Match": mark}).status_code == 200
        assert ring(room) == 1

    def test_whoever_has_a_mobile_may_wait_at_home_and_is_called_in_time(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        visit_id = room.comes().visit_id
        assert kiosk_says(room)["home"] == ""
        put_off(room, doctor, visit_id)
        assert kiosk_says(room)["home"] == "yes"
        with room.services.unit(room.reader()) as unit:
            queue.go_home(unit, unit.records.encounters.get(visit_id), room.world.kiosk)
            assert queue.call_near(unit, room.world.facility.id) == 0
        room.clock.forward(10 * MINUTE)
        with room.services.unit(room.reader()) as unit:
            assert queue.call_near(unit, room.world.facility.id) == 1

    def test_whom_nobody_could_reach_waits_again(self, room: ConsultingRoom, doctor: Visitor) -> None:
        visit_id = room.comes().visit_id
        case = f"/clinic/visits/{visit_id}"
        doctor.send(f"{case}/admit", page=case)
        assert put_off(room, doctor, visit_id, "10") == 303
        with room.services.unit(room.reader()) as unit:
            assert unit.records.encounters.get(visit_id).status == "waiting"
        assert doctor.send(f"{case}/admit", page=case).status_code == 303

    def test_with_whom_the_doctor_has_talked_is_not_put_off(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        visit_id = room.comes().visit_id
        case = f"/clinic/visits/{visit_id}"
        doctor.send(f"{case}/admit", page=case)
        doctor.send(f"{case}/identity", page=case)
        assert put_off(room, doctor, visit_id) == 409

    def test_an_emergency_is_refused_and_not_offered(self, room: ConsultingRoom, doctor: Visitor) -> None:
        visit_id = breathless(room).visit_id
        assert "Call back later" not in doctor.get(f"/clinic/visits/{visit_id}?lang=en").text
        assert put_off(room, doctor, visit_id) == 409

    @pytest.mark.parametrize("wrong", [{"minutes": "15"}, {"why": "lunch"}, {"minutes": ""}])
    def test_nothing_but_the_short_lists_is_taken(
        self, room: ConsultingRoom, doctor: Visitor, wrong: dict[str, str]
    ) -> None:
        case = f"/clinic/visits/{room.comes().visit_id}"
        fields = {"minutes": "10", "why": "line", **wrong}
        assert doctor.send(f"{case}/later", page=case, **fields).status_code == 400

    def test_another_facilitys_patient_is_nobodys_business(self, room: ConsultingRoom, house: Flask) -> None:
        visit_id, stranger = room.comes().visit_id, room.browser(house, room.stranger)
        answer = stranger.send(f"/clinic/visits/{visit_id}/later", "/clinic/limits", minutes="10", why="line")
        assert answer.status_code == 404


class TestRing:
    def test_sounds_for_the_doctor_it_is_for_and_says_who_by_number_only(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        room.comes()
        assert doctor.get("/clinic/rings?lang=en").json == {"rings": False, "said": ""}
        ring(room)
        assert doctor.get("/clinic/rings?lang=en").json == {"rings": True, "said": "It rings for you: A 1"}

    def test_sounds_for_a_value_beyond_the_limit_until_somebody_has_seen_it(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        visit_id = breathless(room).visit_id
        said = "Value beyond your facility’s limit"
        assert doctor.get("/clinic/rings?lang=en").json == {"rings": True, "said": said}
        doctor.send(f"/clinic/visits/{visit_id}/seen", "/clinic/limits", shown="1")
        assert doctor.get("/clinic/rings?lang=en").json == {"rings": False, "said": ""}

    def test_goes_to_the_next_doctor_and_the_pages_say_to_whom(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        second = build.practitioner(room.world.facility.id, name="д-р Втора")
        with room.services.unit(room.reader()) as unit:
            unit.book.add_practitioner(second)
            for shift in build.roster(second):
                unit.book.add_shift(shift)
            unit.book.set_offers(second.id, ["consultation"])
        visit_id = room.comes().visit_id
        ring(room)
        first = doctor.get("/clinic/rings").json
        room.clock.forward(3 * MINUTE)
        ring(room)
        assert doctor.get("/clinic/rings").json != first
        room.clock.forward(3 * MINUTE)
        for page in ("/clinic?lang=en", f"/clinic/visits/{visit_id}?lang=en"):
            shown = words(doctor.get(page).text)
            assert "passed on 1 ×" in shown
            assert re.search(r"rings for (you|д-р \S+) since", shown)


class TestEndAtOnce:
    def stopped(self, room: ConsultingRoom, doctor: Visitor) -> str:
        case = f"/clinic/visits/{room.comes().visit_id}"
        doctor.send(f"{case}/admit", page=case)
        assert doctor.send(f"{case}/stop", page=case, why="collapsed").status_code == 303
        return case

    def test_calls_the_clerk_with_sound_and_no_name(
        self, room: ConsultingRoom, doctor: Visitor, clerk: Visitor
    ) -> None:
        assert clerk.get("/counter/rings").json == {"rings": False, "said": ""}
        self.stopped(room, doctor)
        assert clerk.get("/counter/rings?lang=en").json == {
            "rings": True,
            "said": "The doctor calls you to the kiosk",
        }
        page = clerk.get("/counter/emergencies?lang=en").text
        assert "Гише 1" in page
        assert "The patient has collapsed" in page
        assert NAME not in page

    def test_leaves_the_visit_open_for_its_note(self, room: ConsultingRoom, doctor: Visitor) -> None:
        case = self.stopped(room, doctor)
        shown = doctor.get(f"{case}?lang=en").text
        assert "data-note-form" in shown
        assert "You called the clerk at" in shown
        assert "data-auto-join" not in shown

    def test_the_clerk_says_that_they_go_and_the_doctor_reads_it(
        self, room: ConsultingRoom, doctor: Visitor, clerk: Visitor
    ) -> None:
        case = self.stopped(room, doctor)
        address = re.search(r"/counter/clerk-calls/[0-9a-f-]{36}/seen", clerk.get("/counter").text)
        assert address
        assert clerk.send(address[0], page="/counter").status_code == 303
        assert clerk.send(address[0], page="/counter/pin").status_code == 303
        assert clerk.get("/counter/rings").json == {"rings": False, "said": ""}
        assert "Somebody has gone there at" in doctor.get(f"{case}?lang=en").text

    def test_a_second_press_calls_nobody_twice(
        self, room: ConsultingRoom, doctor: Visitor, clerk: Visitor
    ) -> None:
        case = self.stopped(room, doctor)
        doctor.send(f"{case}/stop", page=case, why="danger")
        assert clerk.get("/counter?lang=en").text.count("The doctor has ended the call.") == 1

    def test_needs_a_reason_and_a_visit_of_ones_own(self, room: ConsultingRoom, doctor: Visitor) -> None:
        visit_id = room.comes().visit_id
        case = f"/clinic/visits/{visit_id}"
        assert doctor.send(f"{case}/stop", page=case, why="").status_code == 400
        assert doctor.send(f"{case}/stop", page=case, why="abuse").status_code == 409

    def test_the_kiosk_hears_of_it_for_half_an_hour(self, room: ConsultingRoom, doctor: Visitor) -> None:
        visit_id = UUID(self.stopped(room, doctor).rsplit("/", 1)[1])
        heard = []
        for _ in range(2):
            with room.services.view() as view:
                heard.append(ClerkCalls(view.connection).comes_to(visit_id, view.now))
            room.clock.forward(30 * MINUTE)
        assert heard == [True, False]
