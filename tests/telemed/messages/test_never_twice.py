"""Whatever happens in whatever order: one SMS per version and kind, none late, none at night, none undone."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from scheduling import tables
from scheduling.booking import Appointment
from scheduling.errors import SchedulingError
from telemed import database
from telemed.messages.port import (
    Accepted,
    CannotTell,
    Channel,
    Found,
    Lost,
    OutcomeUnknown,
    Outgoing,
    Refused,
    TryLater,
)
from telemed.messages.sending import send_due
from telemed.messages.settling import settle_unknown
from telemed.messages.tables import message
from tests.telemed.messages.world import QUIET, ZONE, World, sender

OUTCOMES = ("accepts", "silent", "dies", "busy", "refuses")
ACTIONS = st.one_of(
    st.just(("nothing", 0)),
    st.tuples(st.just("book"), st.sampled_from([1, 3, 26, 70])),
    st.tuples(st.just("cancel"), st.integers(0, 2)),
    st.tuples(st.just("confirm"), st.integers(0, 2)),
    st.tuples(st.just("answer"), st.sampled_from(["1", "2", "какво?"])),
    st.tuples(st.just("report"), st.sampled_from(["accepted", "delivered", "failed"])),
)
# Each step: something happens, time goes by, the worker looks for what is due, the provider does its worst.
STEPS = st.tuples(ACTIONS, st.sampled_from([0, 1, 11, 45, 120, 600, 1440]), st.sampled_from(OUTCOMES))


@dataclass
class Telephone:
    """Receives what goes out, whatever the provider tells us about it, and notes how things stood then."""

    world: World
    mood: str = "accepts"
    received: list[tuple[Outgoing, datetime, str]] = field(default_factory=list)
    name: str = "fake"
    channel: Channel = "sms"

    def send(self, outgoing: Outgoing) -> Accepted:
        """Do as the mood is."""
        if self.mood == "busy":
            raise TryLater("429")
        if self.mood == "refuses":
            raise Refused("21211")
        with database.read(self.world.engine) as connection:
            kind = connection.execute(
                select(message.c.kind).where(message.c.id == outgoing.reference)
            ).scalar_one()
        self.received.append((outgoing, self.world.now, kind))
        if self.mood == "silent":
            raise OutcomeUnknown("ReadTimeout")
        if self.mood == "dies":
            raise KeyboardInterrupt
        return Accepted(f"sid-{outgoing.reference}")

    def find(self, lost: Lost) -> Found | None:
        """Show what was received, unless it is busy."""
        if self.mood == "busy":
            raise CannotTell("429")
        sids = (
            f"sid-{sms.reference}"
            for sms, _, _ in self.received
            if (sms.to, sms.body) == (lost.to, lost.body)
        )
        sid = next((each for each in sids if each not in lost.others), None)
        return None if sid is None else Found(sid, "accepted")


@dataclass
class Story:
    """Plays what happens."""

    world: World
    phone: Telephone
    booked: list[Appointment] = field(default_factory=list)

    def play(self, what: str, how: int | str) -> None:
        """Let one thing happen; what the rules refuse does not."""
        try:
            getattr(self, f"_{what}")(how)
        except (SchedulingError, IndexError):
            return

    def _nothing(self, _: int) -> None:
        """A quiet moment."""

    def _book(self, hours: int) -> None:
        number = len(self.booked) % 2
        pair = ("doctor", "kiosk") if number == 0 else ("doctor2", "kiosk2")
        self.booked.append(self.world.book(timedelta(hours=hours), *pair))

    def _cancel(self, number: int) -> None:
        self.world.cancel(self.booked[number])

    def _confirm(self, number: int) -> None:
        self.world.confirm(self.booked[number])

    def _answer(self, text: str) -> None:
        self.world.answer(text, f"in-{self.world.now}-{text}")

    def tick(self, mood: str) -> None:
        """Let the worker look once."""
        self.phone.mood = mood
        try:
            send_due(sender(self.world, self.phone))
            settle_unknown(sender(self.world, self.phone))
        except KeyboardInterrupt:
            return

    def _report(self, state: str) -> None:
        sms, _, _ = self.phone.received[-1]
        with self.world.unit() as unit:
            unit.outbox.report(sms.reference, f"sid-{sms.reference}", state, None, self.world.now)


@given(steps=st.lists(STEPS, min_size=3, max_size=8))
def test_no_story_makes_a_wrong_message(
    sqlite_template: Path, steps: list[tuple[tuple[str, int | str], int, str]]
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copyfile(sqlite_template, Path(folder) / "story.db")
        engine = database.connect(f"sqlite:///{folder}/story.db")
        world = World(engine).settle()
        story = Story(world, Telephone(world))
        story.play("book", 26)
        for (what, how), minutes, mood in steps:
            story.play(what, how)
            story.world.now += timedelta(minutes=minutes)
            story.tick(mood)
        _judge(world, story.phone)
        engine.dispose()


def _judge(world: World, phone: Telephone) -> None:
    with database.read(world.engine) as connection:
        rows = {row.id: row for row in connection.execute(select(message))}
    sent = [rows[sms.reference] for sms, _, _ in phone.received]
    assert max(Counter((row.appointment_id, row.version, row.kind) for row in sent).values(), default=0) <= 1
    for sms, at, kind in phone.received:
        row = rows[sms.reference]
        assert at < row.starts_at
        assert not QUIET.covers(at.astimezone(ZoneInfo(ZONE)).time())
        cancelled_at = _cancelled_at(world, row.appointment_id)
        assert kind == "cancelled" or cancelled_at is None or at <= cancelled_at


def _cancelled_at(world: World, appointment_id: object) -> datetime | None:
    with database.read(world.engine) as connection:
        return connection.execute(
            select(tables.event.c.at).where(
                tables.event.c.subject_id == appointment_id, tables.event.c.kind == "appointment.cancelled"
            )
        ).scalar()
