"""The story of a message: its steps in the order of their moments, carriers and answers in words."""

from datetime import timedelta

import pytest

from scheduling.booking import Appointment
from telemed.messages import steps
from telemed.messages.replies import Meaning
from telemed.messages.timeline import Timeline
from telemed.services import Services
from telemed.web import message_words
from tests.telemed.web.coordinators_desk import READER, Desk, open_desk
from tests.telemed.web.test_admin_messages import TOMORROW, first_message, goes


@pytest.fixture
def desk(services: Services) -> Desk:
    return open_desk(services)


@pytest.fixture
def booked(desk: Desk) -> Appointment:
    return desk.books(TOMORROW)


def test_a_carrier_is_called_by_its_name_in_words_in_the_story_too(desk: Desk, booked: Appointment) -> None:
    goes(desk, first_message(desk, booked), "claimed", "accepted", carrier="twilio_voice")
    page = desk.browser().get(f"/admin/messages/of/{booked.id}").text
    assert "Twilio (telephone calls)" in page
    assert "twilio_voice" not in page


@pytest.mark.parametrize("meaning", Meaning)
def test_every_meaning_of_an_answer_has_words(meaning: Meaning) -> None:
    assert (message_words.MEANINGS[meaning.value] == "not understood") == (meaning is Meaning.UNCLEAR)


def test_the_steps_of_a_message_are_told_in_the_order_of_their_moments(
    desk: Desk, booked: Appointment
) -> None:
    told = first_message(desk, booked)
    late, early = (
        desk.services.clock.now() + timedelta(hours=2),
        desk.services.clock.now() + timedelta(hours=1),
    )
    with desk.services.unit(READER) as unit:
        steps.write_down(unit.connection, [steps.Taken(told, "accepted")], late)
        steps.write_down(unit.connection, [steps.Taken(told, "claimed")], early)
        (found,) = (
            each for each in Timeline(unit.connection, unit.sightings).of(booked.id) if each.id == told
        )
    assert [step.state for step in found.steps] == ["due", "claimed", "accepted"]
