"""What keeps the records in order: sealing the access log, ending what is over, forgetting what is old."""

from datetime import timedelta

from telemed import call_seats
from telemed.accounts.clients import ClientStore
from telemed.unit import Unit

NOTICES_KEPT = timedelta(days=1)


def seal_access_log(unit: Unit, key: bytes) -> str | None:
    """Seal the chains' heads, once a day of the real calendar; the caller keeps the digest elsewhere."""
    return unit.records.access.seal(key, unit.real_now.date(), unit.real_now)


def end_stale_sessions(unit: Unit) -> int:
    """End the sessions that passed a limit, close their sockets, and forget old notices, seats and tokens."""
    ended = unit.accounts.sessions.expire(unit.real_now)
    for session in ended:
        unit.notices.say("close-session", str(session), unit.real_now)
    unit.notices.forget_before(unit.real_now - NOTICES_KEPT)
    call_seats.forget_before(unit.connection, unit.real_now - NOTICES_KEPT)
    ClientStore(unit.connection).forget_before(unit.real_now)
    return len(ended)


def forget_readings(unit: Unit) -> int:
    """Forget what was measured of the lines so long ago that it says nothing any more."""
    return unit.book.forget_readings(unit.now)
