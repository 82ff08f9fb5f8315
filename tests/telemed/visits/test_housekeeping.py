"""What is too old to say anything is forgotten, and nothing else."""

from datetime import timedelta

from sqlalchemy import select

from scheduling import lines, tables
from scheduling.ids import uuid7
from scheduling.lines import Reading
from telemed import database
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits import housekeeping
from tests.telemed.conftest import Place

WORKER = Reader("job", "worker", None, "Telemed", "tidying")


def test_readings_of_the_line_are_kept_for_as_long_as_they_tell(services: Services, place: Place) -> None:
    with services.unit(WORKER) as unit:
        ages = (lines.LOOK_BACK + timedelta(minutes=1), lines.LOOK_BACK, timedelta())
        unit.book.add_readings(
            Reading(uuid7(), place.kiosk_id, unit.now - age, 900, 900, 60, 0.0, "probe") for age in ages
        )
        assert housekeeping.forget_readings(unit) == 1
    with database.read(services.engine) as connection:
        assert len(connection.scalars(select(tables.line_reading.c.id)).all()) == 2
