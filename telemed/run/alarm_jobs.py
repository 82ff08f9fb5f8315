"""The worker's part in alarms, calls for help and written answers: what nobody sees in time is passed on."""

from datetime import timedelta
from uuid import UUID

from telemed.jobs import Job, in_pieces
from telemed.records.access_log import Reader
from telemed.services import View
from telemed.settings import Settings
from telemed.unit import Unit
from telemed.visits import alarms, emergencies, passing_on

ANSWERS = Reader(
    kind="job", id="worker", facility_id=None, name="Telemed", purpose="passing a written answer on"
)
ALARMS = Reader(kind="job", id="worker", facility_id=None, name="Telemed", purpose="passing an alarm on")


def jobs(settings: Settings) -> dict[str, tuple[Job, timedelta]]:
    """Return the jobs that pass alarms, calls for help and answers on, with their interval."""
    patience = timedelta(seconds=settings.alarm_seconds)
    tick = timedelta(seconds=settings.tick_seconds)

    def find(view: View) -> list[UUID]:
        return view.alarms.to_pass_on(view.now - patience, view.now)

    def step(unit: Unit, alarm_id: UUID) -> int:
        return alarms.pass_on(unit, alarm_id, patience)

    def find_calls(view: View) -> list[UUID]:
        return view.emergencies.to_pass_on(view.now - patience, view.now)

    def step_call(unit: Unit, call_id: UUID) -> int:
        return emergencies.pass_on(unit, call_id, patience)

    def find_answers(view: View) -> list[UUID]:
        return passing_on.to_pass_on(view.connection, view.book, view.now)

    return {
        "alarms.pass_on": (in_pieces("alarms.pass_on", find, step, ALARMS), tick),
        "emergencies.pass_on": (in_pieces("emergencies.pass_on", find_calls, step_call, ALARMS), tick),
        "written.pass_on": (in_pieces("written.pass_on", find_answers, passing_on.pass_on, ANSWERS), tick),
    }
