"""The job that empties a GSM modem's spool: messages the network did not take, and what people wrote."""

from pathlib import Path

from telemed.jobs import Job
from telemed.messages.modem import ModemProvider
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.visits.replies import take_reply

READER = Reader("job", "sms", None, "Telemed", "answer by SMS")


def job(spool: Path) -> Job:
    """Return the job; a file goes only once what it says is stored."""
    modem = ModemProvider(spool)

    def look(services: Services) -> int:
        done = 0
        for message_id, path in modem.failed():
            with services.unit(READER) as unit:
                unit.outbox.report(message_id, message_id.hex, "undelivered", "once-more", unit.now)
            path.unlink(missing_ok=True)
            done += 1
        for came in modem.came():
            with services.unit(READER) as unit:
                take_reply(unit, modem.name, came.name, came.sender, came.text)
            modem.forget(came)
            done += 1
        return done

    return look
