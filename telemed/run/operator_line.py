"""The job that keeps the line to a mobile operator up, and what is done with what comes over it."""

import hashlib
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from telemed.jobs import Job
from telemed.messages.by_name import message_named
from telemed.messages.smpp import Heard, SmppProvider
from telemed.messages.smpp_texts import Came, Receipt
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits.replies import take_reply

READER = Reader("job", "sms", None, "Telemed", "answer by SMS")
_TEN_MINUTES = 600


def job(provider: SmppProvider) -> Job:
    """Return the job; a line that is down is tried again at the next tick."""

    listening: list[Heard] = []

    def stay(services: Services) -> int:
        if not listening:
            # Once: it keeps the parts of texts that have not come whole.
            listening.append(heard_by(services))
            provider.listen(listening[0])
        provider.stay()
        return 0

    return stay


def heard_by(services: Services) -> Heard:
    """Return what stores a receipt or an answer, and says whether it is stored."""
    parts: dict[tuple[str, int | None], dict[int, str]] = {}

    def hear(told: Receipt | Came) -> bool:
        try:
            return _report(services, told) if isinstance(told, Receipt) else _answer(services, told, parts)
        except SQLAlchemyError:
            # The database is away: the operator keeps it and brings it again.
            return False

    return hear


def _report(services: Services, told: Receipt) -> bool:
    with services.unit(READER) as unit:
        message_id = message_named(unit.connection, SmppProvider.name, told.sid)
        if message_id is not None:
            unit.outbox.report(message_id, told.sid, told.state, told.reason, unit.now)
    # A receipt may be quicker than our note of the operator's name for the message: then it comes again.
    return message_id is not None


def _answer(services: Services, told: Came, parts: dict[tuple[str, int | None], dict[int, str]]) -> bool:
    text = told.text
    if told.parts > 1:
        got = parts.setdefault((told.sender, told.series), {})
        got[told.part] = told.text
        if len(got) < told.parts:
            return True
        text = "".join(got[number] for number in sorted(got))
        del parts[(told.sender, told.series)]
    with services.unit(READER) as unit:
        take_reply(unit, SmppProvider.name, _name(told.sender, text, unit.now), told.sender, text)
    return True


def _name(sender: str, text: str, now: datetime) -> str:
    """An operator names no text: the same one brought again within minutes is taken for the same."""
    said = f"{sender}/{int(now.timestamp()) // _TEN_MINUTES}/{text}"
    return hashlib.sha256(said.encode()).hexdigest()
