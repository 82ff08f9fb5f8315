"""A process that holds a slot and books it, and says where it is before each commit, to be killed there."""

import sys
from datetime import datetime
from uuid import UUID

from scheduling.booking import Request
from scheduling.calendar import Slot
from scheduling.store import Book
from telemed import database
from tests.build import CLERK, NOW

HELD, BOOKING = "held", "booking"


def main(url: str, practitioner: str, kiosk: str, site: str, begins: str, ends: str, patient: str) -> None:
    """Hold and commit; book, and wait before committing that."""
    starts_at, ends_at = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    slot = Slot(UUID(practitioner), UUID(kiosk), UUID(site), starts_at, ends_at)
    engine = database.connect(url)
    with database.write(engine) as connection:
        held = Book(connection, lambda *_: None).hold(slot, "consultation", NOW, CLERK)
    _say(HELD)
    with database.write(engine) as connection:
        request = Request(UUID(patient), slot, "consultation", "video", held.id, hold_id=held.id)
        Book(connection, lambda *_: None).book(request, NOW, CLERK)
        _say(BOOKING)


def _say(point: str) -> None:
    """Say it, and go on only when told to."""
    print(point, flush=True)
    if not sys.stdin.readline():
        sys.exit("nobody listens any more")


if __name__ == "__main__":
    main(*sys.argv[1:])
