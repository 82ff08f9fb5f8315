"""What nobody answers in time: a patient's words in writing, and a doctor's call for the clerk."""

from datetime import timedelta

import pytest
from flask import Flask

from scheduling.ids import uuid7
from telemed import database
from telemed.accounts.phones import Phones
from telemed.accounts.store import AccountStore
from telemed.clerk_calls import ClerkCalls
from telemed.intake.written import Written
from telemed.visits import in_writing, passing_on
from tests import build
from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import KIOSK, NAME, ConsultingRoom, add_doctor, words

MINUTE = timedelta(minutes=1)
HANDSET = "+35952000001"
UNREAD = "Nobody has read a written answer."


@pytest.fixture
def coordinator(room: ConsultingRoom, house: Flask) -> Visitor:
    with database.write(room.services.engine) as connection:
        staff = AccountStore(connection).add_staff(
            email="desk@telemed.example",
            name="Desk",
            roles=frozenset({"coordinator"}),
            password_hash="",
            sealed_totp=None,
            now=build.NOW,
            facility_id=room.world.facility.id,
        )
    return room.browser(house, staff)


@pytest.fixture
def colleague(room: ConsultingRoom, house: Flask) -> Visitor:
    """Another doctor on duty in the same facility."""
    second = build.practitioner(room.world.facility.id, name="д-р Втора")
    with room.services.unit(KIOSK) as unit:
        unit.book.add_practitioner(second)
        for shift in build.roster(second):
            unit.book.add_shift(shift)
    return room.browser(house, add_doctor(room.services, second))


def answered(room: ConsultingRoom, doctor: Visitor) -> str:
    """The case of a visit whose patient has answered in writing."""
    visit_id = room.comes().visit_id
    case = f"/clinic/visits/{visit_id}"
    doctor.send(f"{case}/admit", page=case)
    doctor.send(f"{case}/written", page=case)
    doctor.send(f"{case}/questions", page=case, words="Как сте?")
    room.clock.forward(MINUTE)
    with room.services.unit(KIOSK) as unit:
        question = in_writing.wanted_at(unit, visit_id)
        assert question is not None
        in_writing.answer(unit, visit_id, uuid7(), Written(question=question, words="Зле"), room.world.kiosk)
    return case


def later(room: ConsultingRoom, minutes: int) -> None:
    """So much time goes by, and the worker looks."""
    room.clock.forward(minutes * MINUTE)
    with room.services.view() as view:
        found = passing_on.to_pass_on(view.connection, view.book, view.now)
    for visit_id in found:
        with room.services.unit(KIOSK) as unit:
            passing_on.pass_on(unit, visit_id)


class TestAnswerInWriting:
    def test_the_list_and_the_case_say_that_nobody_has_read_it(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        case = answered(room, doctor)
        assert UNREAD in words(doctor.get("/clinic?lang=en").text)
        shown_page = doctor.get(f"{case}?lang=en").text
        shown = words(shown_page)
        assert UNREAD in shown
        assert "Call back later" not in shown
        assert 'name="shown" value="1"' in shown_page
        assert doctor.send(f"{case}/read", page=case).status_code == 303
        assert UNREAD in words(doctor.get("/clinic?lang=en").text)
        assert doctor.send(f"{case}/read", page=case, shown="1").status_code == 303
        assert UNREAD not in words(doctor.get("/clinic?lang=en").text)
        assert UNREAD not in words(doctor.get(f"{case}?lang=en").text)

    def test_the_doctors_page_sounds_once_they_were_told(self, room: ConsultingRoom, doctor: Visitor) -> None:
        answered(room, doctor)
        assert doctor.get("/clinic/rings?lang=en").json == {"rings": False, "said": ""}
        later(room, 5)
        said = "A patient has answered in writing"
        assert doctor.get("/clinic/rings?lang=en").json == {"rings": True, "said": said}

    def test_a_colleague_finds_it_on_the_list_and_answers_instead(
        self, room: ConsultingRoom, doctor: Visitor, colleague: Visitor
    ) -> None:
        case = answered(room, doctor)
        mark = {"If-None-Match": colleague.get("/clinic/list?lang=en").headers["ETag"]}
        assert colleague.send(f"{case}/take-over", page=case).status_code == 409
        later(room, 15)
        listed = colleague.get("/clinic/list?lang=en", headers=mark)
        assert listed.status_code == 200
        assert "passed on from д-р Илиева" in words(listed.text)
        shown = colleague.get(f"{case}?lang=en").text
        assert "I answer instead" in shown
        assert "Call back later" not in shown
        assert colleague.send(f"{case}/take-over", page=case).status_code == 303
        assert "data-note-form" in colleague.get(case).text
        assert "data-note-form" not in doctor.get(case).text

    def test_the_coordinator_reads_who_and_where_and_no_patient(
        self, room: ConsultingRoom, doctor: Visitor, coordinator: Visitor
    ) -> None:
        answered(room, doctor)
        assert "Nothing waits" in coordinator.get("/admin/unanswered?lang=en").text
        later(room, 30)
        later(room, 0)
        page = words(coordinator.get("/admin/unanswered?lang=en").text)
        assert "A patient’s answer in writing was not read д-р Илиева Post office Avren" in page
        assert NAME not in page
        assert "Nobody has answered: 1" in words(coordinator.get("/admin?lang=en").text)


class TestClerkWhoDoesNotCome:
    def called(self, room: ConsultingRoom, doctor: Visitor) -> str:
        case = f"/clinic/visits/{room.comes().visit_id}"
        doctor.send(f"{case}/admit", page=case)
        doctor.send(f"{case}/stop", page=case, why="collapsed")
        with database.write(room.services.engine) as connection:
            Phones(connection).keep_at_site(room.world.site.id, HANDSET, room.doctor.id, build.NOW)
        return case

    def test_after_a_minute_the_doctor_reads_and_hears_whom_to_ring(
        self, room: ConsultingRoom, doctor: Visitor
    ) -> None:
        case = self.called(room, doctor)
        before = doctor.get(f"{case}/clerk?lang=en")
        assert HANDSET not in before.text
        assert doctor.get("/clinic/rings").json == {"rings": False, "said": ""}
        mark = {"If-None-Match": before.headers["ETag"]}
        assert doctor.get(f"{case}/clerk?lang=en", headers=mark).status_code == 304
        room.clock.forward(MINUTE)
        shown = doctor.get(f"{case}/clerk?lang=en", headers=mark).text
        assert "Ring 112 and say where: Post office Avren." in words(shown)
        assert HANDSET in shown
        assert 'role="alert"' in shown
        said = "Nobody at the counter has answered"
        assert doctor.get("/clinic/rings?lang=en").json == {"rings": True, "said": said}

    def test_the_coordinator_reads_it_too(
        self, room: ConsultingRoom, doctor: Visitor, coordinator: Visitor
    ) -> None:
        self.called(room, doctor)
        assert "Nothing waits" in coordinator.get("/admin/unanswered?lang=en").text
        room.clock.forward(MINUTE)
        page = words(coordinator.get("/admin/unanswered?lang=en").text)
        assert "No clerk has gone to the kiosk Post office Avren" in page
        assert "The patient has collapsed" in page
        assert HANDSET in page
        assert NAME not in page

    def test_a_clerk_who_comes_after_all_ends_it(
        self, room: ConsultingRoom, doctor: Visitor, coordinator: Visitor
    ) -> None:
        case = self.called(room, doctor)
        room.clock.forward(2 * MINUTE)
        with room.services.unit(room.reader()) as unit:
            calls = ClerkCalls(unit.connection)
            [call] = calls.of_site(room.world.site.id, unit.now)
            calls.see(call.id, room.world.site.id, room.doctor.id, unit.now)
        assert "Somebody has gone there at" in doctor.get(f"{case}/clerk?lang=en").text
        assert doctor.get("/clinic/rings").json == {"rings": False, "said": ""}
        assert "Nothing waits" in coordinator.get("/admin/unanswered?lang=en").text

    def test_another_facilitys_coordinator_reads_nothing_of_it(
        self, room: ConsultingRoom, doctor: Visitor, house: Flask
    ) -> None:
        self.called(room, doctor)
        room.clock.forward(MINUTE)
        with database.write(room.services.engine) as connection:
            staff = AccountStore(connection).add_staff(
                email="other@telemed.example",
                name="Other",
                roles=frozenset({"coordinator"}),
                password_hash="",
                sealed_totp=None,
                now=build.NOW,
                facility_id=room.stranger.facility_id,
            )
        assert "Nothing waits" in room.browser(house, staff).get("/admin/unanswered?lang=en").text

    def test_the_part_of_a_visit_of_another_facility_is_not_there(
        self, room: ConsultingRoom, doctor: Visitor, house: Flask
    ) -> None:
        case = self.called(room, doctor)
        assert room.browser(house, room.stranger).get(f"{case}/clerk").status_code == 404
