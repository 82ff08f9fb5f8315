"""The jobs that some carriers need: a modem's spool is emptied, a mobile operator's line is kept up."""

from datetime import timedelta
from pathlib import Path

from telemed.jobs import Job, one_at_a_time
from telemed.messages.carrier import MODEM, SMPP
from telemed.messages.carriers import Carriers
from telemed.messages.smpp import SmppProvider
from telemed.run import operator_line, spool
from telemed.settings import Settings


def jobs(settings: Settings, carriers: Carriers) -> dict[str, tuple[Job, timedelta]]:
    """Return the jobs of the carriers that are in use."""
    every = timedelta(seconds=settings.tick_seconds)
    found: dict[str, tuple[Job, timedelta]] = {}
    if carriers.named(MODEM) is not None:
        found["messages.spool"] = (one_at_a_time(spool.job(Path(settings.modem_spool))), every)
    operator = carriers.named(SMPP)
    if isinstance(operator, SmppProvider):
        found["messages.operator_line"] = (one_at_a_time(operator_line.job(operator)), every)
    return found
