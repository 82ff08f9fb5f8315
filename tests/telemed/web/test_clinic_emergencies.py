"""A call for help on the pages of doctors and clerks: place and time, one name under it, no patient."""

from datetime import timedelta

from flask import Flask

from scheduling.ids import uuid7
from telemed.visits import emergencies
from tests.telemed.alarming import breathless
from tests.telemed.conftest import Visitor
from tests.telemed.consulting_room import KIOSK, ConsultingRoom, words

SAID = "Emergency at a kiosk"


def calls(room: ConsultingRoom) -> str:
    call_id = uuid7()
    with room.services.unit(KIOSK) as unit:
        emergencies.call_for_help(unit, call_id, "danger", room.world.kiosk)
    return f"/clinic/emergencies/{call_id}/seen"


def test_the_doctor_reads_place_kiosk_and_time_before_everything_else(
    room: ConsultingRoom, doctor: Visitor
) -> None:
    breathless(room)
    calls(room)
    shown = words(doctor.get("/clinic?lang=en").text)
    assert "Post office Avren Гише 1" in shown
    assert "Yes to the question about danger." in shown
    assert "you are asked to say that you have seen it" in shown
    assert shown.index(SAID) < shown.index("Value beyond your facility’s limit")


def test_a_press_puts_the_doctors_name_under_it_where_the_clerk_reads_it(
    room: ConsultingRoom, doctor: Visitor, clerk: Visitor
) -> None:
    seen = calls(room)
    before = words(clerk.get("/counter?lang=en").text)
    assert "Emergency: Гише 1" in before
    assert "A doctor is being called." in before
    assert doctor.send(seen, "/clinic").status_code == 303
    assert SAID not in doctor.get("/clinic?lang=en").text
    assert "д-р Илиева is seeing to it since" in words(clerk.get("/counter?lang=en").text)


def test_both_lists_are_new_when_somebody_calls_or_answers(
    room: ConsultingRoom, doctor: Visitor, clerk: Visitor
) -> None:
    pages = {"/clinic/list": doctor, "/counter/emergencies": clerk}
    for change in (lambda: calls(room), lambda: doctor.send(calls(room), "/clinic")):
        marks = {page: who.get(page).headers["ETag"] for page, who in pages.items()}
        for page, who in pages.items():
            assert who.get(page, headers={"If-None-Match": marks[page]}).status_code == 304
        change()
        for page, who in pages.items():
            assert who.get(page, headers={"If-None-Match": marks[page]}).status_code == 200, page
        room.clock.forward(timedelta(minutes=2))


def test_another_facilitys_doctor_neither_reads_nor_answers_it(room: ConsultingRoom, house: Flask) -> None:
    seen = calls(room)
    stranger = room.browser(house, room.stranger)
    assert SAID not in stranger.get("/clinic?lang=en").text
    assert stranger.send(seen, "/clinic/limits").status_code == 404
    with room.services.view() as view:
        assert view.emergencies.count_open(room.world.facility.id) == 1


def test_a_clerk_cannot_answer_in_a_doctors_place(room: ConsultingRoom, clerk: Visitor) -> None:
    seen = calls(room)
    assert clerk.send(seen, "/counter").status_code == 403
    with room.services.view() as view:
        assert view.emergencies.count_open(room.world.facility.id) == 1
