from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from scheduling.ringing import Duty, Patience, Ring, may_go_home, near, rings
from scheduling.waiting import Ticket
from tests import build
from tests.build import NOW

ANNA, BORIS, VERA = (UUID(int=number) for number in (1, 2, 3))
APPOINTMENT = UUID(int=9)
MINUTE = timedelta(minutes=1)
PATIENCE = Patience(emergency=MINUTE, others=3 * MINUTE)


def came(minutes: int = 0, **changes: Any) -> Ticket:
    return build.queue_entry(entered_at=NOW + minutes * MINUTE, **changes)


def due(
    *tickets: Ticket, duty: tuple[Duty, ...], after: int = 10, booked_with: UUID | None = None
) -> list[Ring]:
    expected = {APPOINTMENT: booked_with} if booked_with else {}
    return rings(tickets, {"consultation": duty}, expected, NOW + after * MINUTE, PATIENCE)


def free(*who: UUID) -> tuple[Duty, ...]:
    return tuple(Duty(each, busy=False) for each in who)


class TestFirstRing:
    def test_the_next_patient_rings_for_a_free_doctor(self) -> None:
        first, second = came(0), came(1)
        assert due(second, first, duty=free(ANNA)) == [Ring(first.id, ANNA)]

    def test_two_patients_ring_for_two_doctors(self) -> None:
        first, second = came(0), came(1)
        assert due(first, second, duty=free(BORIS, ANNA)) == [Ring(first.id, ANNA), Ring(second.id, BORIS)]

    def test_a_booked_patient_rings_for_their_own_doctor(self) -> None:
        booked = came(appointment_id=APPOINTMENT)
        assert due(booked, duty=free(ANNA, BORIS), booked_with=BORIS) == [Ring(booked.id, BORIS)]

    def test_and_waits_while_that_doctor_is_with_somebody(self) -> None:
        booked = came(appointment_id=APPOINTMENT)
        duty = (Duty(ANNA, busy=False), Duty(BORIS, busy=True))
        assert due(booked, duty=duty, booked_with=BORIS) == []

    def test_and_rings_for_another_when_that_doctor_has_not_come(self) -> None:
        booked = came(appointment_id=APPOINTMENT)
        assert due(booked, duty=free(ANNA), booked_with=BORIS) == [Ring(booked.id, ANNA)]

    def test_nobody_rings_before_the_appointment(self) -> None:
        early = came(appointment_id=APPOINTMENT, counts_from=NOW + 30 * MINUTE)
        assert due(early, duty=free(ANNA)) == []

    def test_except_an_emergency_which_rings_at_once(self) -> None:
        early = came(appointment_id=APPOINTMENT, counts_from=NOW + 30 * MINUTE, emergency=True)
        assert due(early, duty=free(ANNA)) == [Ring(early.id, ANNA)]

    def test_who_is_at_home_does_not_ring(self) -> None:
        assert due(came(at_home=True), duty=free(ANNA)) == []

    def test_who_has_left_the_screen_does_not_ring_unless_it_is_an_emergency(self) -> None:
        assert due(came(away_until=NOW), duty=free(ANNA)) == []
        urgent = came(away_until=NOW, emergency=True)
        assert due(urgent, duty=free(ANNA)) == [Ring(urgent.id, ANNA)]

    def test_only_an_emergency_disturbs_a_doctor_with_a_patient(self) -> None:
        duty = (Duty(ANNA, busy=True),)
        emergency = came(5, emergency=True)
        assert due(came(0), emergency, duty=duty) == [Ring(emergency.id, ANNA)]

    def test_a_doctor_who_does_not_offer_the_visit_is_not_asked(self) -> None:
        other = came(visit_type_id="x-ray")
        assert due(other, duty=free(ANNA)) == []


class TestNobodyAnswers:
    def test_within_the_set_time_it_rings_on(self) -> None:
        ringing = came(rings_for=ANNA, rung_at=NOW)
        assert due(ringing, duty=free(ANNA, BORIS), after=2) == []

    def test_then_it_rings_for_the_next_on_duty(self) -> None:
        ringing = came(rings_for=ANNA, rung_at=NOW)
        assert due(ringing, duty=free(ANNA, BORIS, VERA), after=3) == [Ring(ringing.id, BORIS)]

    def test_and_after_the_last_for_the_first_again(self) -> None:
        ringing = came(rings_for=VERA, rung_at=NOW)
        assert due(ringing, duty=free(ANNA, BORIS, VERA), after=3) == [Ring(ringing.id, ANNA)]

    def test_an_emergency_is_passed_on_sooner(self) -> None:
        ringing = came(emergency=True, rings_for=ANNA, rung_at=NOW)
        assert due(ringing, duty=free(ANNA, BORIS), after=1) == [Ring(ringing.id, BORIS)]

    def test_alone_on_duty_only_an_emergency_rings_again(self) -> None:
        assert due(came(rings_for=ANNA, rung_at=NOW), duty=free(ANNA)) == []
        emergency = came(emergency=True, rings_for=ANNA, rung_at=NOW)
        assert due(emergency, duty=free(ANNA)) == [Ring(emergency.id, ANNA)]

    def test_a_doctor_for_whom_somebody_else_rings_is_left_alone(self) -> None:
        first = came(0, rings_for=ANNA, rung_at=NOW + 9 * MINUTE)
        second = came(1, rings_for=BORIS, rung_at=NOW)
        assert due(first, second, duty=free(ANNA, BORIS)) == []

    @given(st.sets(st.uuids(), min_size=1, max_size=6), st.booleans())
    def test_everybody_on_duty_is_asked_before_anybody_is_asked_twice(
        self, doctors: set[UUID], emergency: bool
    ) -> None:
        duty, asked, ringing = free(*doctors), [], came(emergency=emergency)
        for number in range(len(doctors)):
            (ring,) = due(ringing, duty=duty, after=10 * number)
            asked.append(ring.practitioner_id)
            ringing = came(emergency=emergency, rings_for=asked[-1], rung_at=NOW + 10 * number * MINUTE)
        assert set(asked) == doctors


class TestTheClockIsSet:
    def test_back_an_hour_and_a_new_patient_rings_all_the_same(self) -> None:
        walk_in, late = came(), came(1, appointment_id=APPOINTMENT, counts_from=NOW + MINUTE)
        rung = due(walk_in, late, duty=free(ANNA, BORIS), after=-60)
        assert {each.ticket_id for each in rung} == {walk_in.id, late.id}

    def test_back_an_hour_and_unanswered_rings_are_passed_on(self) -> None:
        ringing = came(rings_for=ANNA, rung_at=NOW)
        assert due(ringing, duty=free(ANNA, BORIS), after=-60) == [Ring(ringing.id, BORIS)]

    def test_back_a_moment_as_clocks_of_two_machines_differ_and_it_rings_on(self) -> None:
        assert due(came(rings_for=ANNA, rung_at=NOW), duty=free(ANNA, BORIS), after=-1) == []

    def test_ahead_an_hour_and_it_is_passed_on_once(self) -> None:
        ringing = came(rings_for=ANNA, rung_at=NOW)
        assert due(ringing, duty=free(ANNA, BORIS), after=60) == [Ring(ringing.id, BORIS)]
        passed = came(rings_for=BORIS, rung_at=NOW + 60 * MINUTE)
        assert due(passed, duty=free(ANNA, BORIS), after=60) == []


class TestComeNow:
    def test_goes_to_those_at_home_whose_turn_is_near(self) -> None:
        first, second, third = came(0), came(1, at_home=True), came(2, at_home=True)
        assert near([third, second, first], 2) == [second.id]
        assert near([third, second, first], 3) == [second.id, third.id]

    def test_goes_to_nobody_twice(self) -> None:
        assert near([came(0, at_home=True, called_at=NOW)], 3) == []

    @given(st.integers(0, 6), st.integers(0, 6), st.booleans())
    def test_goes_to_nobody_who_has_just_been_let_go(self, before: int, ahead: int, emergency: bool) -> None:
        others, mine = [came(number) for number in range(before)], came(30, emergency=emergency)
        called = near([*others, replace(mine, at_home=True)], ahead)
        assert may_go_home([*others, mine], mine, ahead) == (not emergency and called == [])
