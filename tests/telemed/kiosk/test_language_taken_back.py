"""A language that is taken back while somebody answers refuses nobody: another one is used instead."""

import pytest
from sqlalchemy import Engine, select

from scheduling.ids import uuid7
from scheduling.tables import patient
from telemed.countries.packs import country
from telemed.services import Services
from telemed.settings import Settings
from telemed.texts import Texts
from tests import reviewed
from tests.fakes import FakeClock
from tests.telemed.kiosk.conftest import Counter
from tests.telemed.kiosk.test_called_in import told


@pytest.fixture
def services(engine: Engine, settings: Settings, clock: FakeClock) -> Services:
    checked = {code: each for code, each in reviewed.everything().items() if code == "bg"}
    return Services(settings, engine, clock, Texts(), country("bg"), reviews=checked)


def test_it_is_filed_and_told_in_the_first_language_of_the_kiosk(
    counter: Counter, services: Services, engine: Engine
) -> None:
    assert counter.browser.get("/kiosk/tr/welcome").status_code == 404
    body, path = {**told("97"), "language": "tr"}, f"/api/v1/intakes/{uuid7()}"
    answers = [counter.ask("PUT", path, body) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].get_json() == answers[1].get_json()
    with engine.connect() as connection:
        assert connection.scalars(select(patient.c.language)).all().count("tr") == 0
