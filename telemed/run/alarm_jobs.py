"""The worker's part in alarms: what nobody has seen within the set time is passed on."""

from datetime import timedelta
from uuid import UUID

from telemed.jobs import Job, in_pieces
from telemed.records.access_log import Reader
from telemed.services import View
from telemed.settings import Settings
from telemed.unit import Unit
from telemed.visits import alarms

ALARMS = Reader(kind="job", id="worker", facility_id=None, name="Telemed", purpose="passing an alarm on")


def jobs(settings: Settings) -> dict[str, tuple[Job, timedelta]]:
    """Return the job that passes alarms on, with its interval."""
    patience = timedelta(seconds=settings.alarm_seconds)

    def find(view: View) -> list[UUID]:
        return view.alarms.to_pass_on(view.now - patience)

    def step(unit: Unit, alarm_id: UUID) -> int:
        return alarms.pass_on(unit, alarm_id, patience)

    return {
        "alarms.pass_on": (
            in_pieces("alarms.pass_on", find, step, ALARMS),
            timedelta(seconds=settings.tick_seconds),
        )
    }
