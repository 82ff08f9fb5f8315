"""Reminders while all is killed and the carrier misbehaves: none twice, none lost, none at night."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
import redis
from sqlalchemy import Engine, func, or_, select
from sqlalchemy.exc import OperationalError

from bench.reminder_world import NOW, Reminders
from scheduling import booking
from scheduling.events import Actor as Who
from telemed import database, migrations
from telemed.countries import packs
from telemed.messages.simulated_twilio.behaviour import Behaviour
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import serve
from telemed.messages.simulated_twilio.webhooks import post_over_http
from telemed.messages.tables import message
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.settings import Settings
from telemed.texts import Texts
from tests import servers
from tests.chaos.clockwork import SharedClock
from tests.chaos.stage import Actor, BadDay, Conductor, Doorman, House, Supervisor, installation, redis_actor
from tests.chaos.verdict import Verdict, judge, story

# What a machine that fails keeps, PostgreSQL must keep: its process is killed, its machine is not.
DURABLE = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB")
CLERK = Reader(kind="staff", id="1", facility_id=None, name="Clerk", purpose="test")
LONGEST = 600


@dataclass(frozen=True)
class Profile:
    """How much, how fast, how bad."""

    reminders: int
    kills: int
    every: float
    rate: float
    hanging: float
    cancelled: int
    webs: int
    tick: float
    seed: int = int(os.environ.get("CHAOS_SEED", "7"))


SHORT = Profile(reminders=120, kills=3, every=1.5, rate=12, hanging=0.02, cancelled=4, webs=1, tick=10)
WHOLE = Profile(reminders=1_000, kills=40, every=2.5, rate=5, hanging=0.12, cancelled=30, webs=2, tick=5)


@dataclass
class Fire:
    """One run: the stage, what is killed on it, and the end."""

    profile: Profile
    engine: Engine
    clock: SharedClock
    provider: SimulatedTwilio
    house: House
    actors: list[Actor]
    supervisor: Supervisor
    over: Event
    broker: int | None = None
    killed: list[str] = field(default_factory=list)

    def burn(self) -> None:
        """Kill one after another, cancel some visits, and empty Redis in the middle."""
        dice = random.Random(self.profile.seed)
        for number in range(self.profile.kills):
            time.sleep(self.profile.every * dice.uniform(0.5, 1.5))
            target = dice.choice(self.actors)
            target.kill()
            self.killed.append(target.name)
            if number == self.profile.kills // 2:
                self._empty_redis()
                self._cancel(dice)

    def recover(self) -> None:
        """Let the carrier be well and everybody live."""
        for actor in self.actors:
            actor.wait_until_ready()
        self.provider.script.otherwise(Behaviour)

    def wait_until_settled(self) -> None:
        """Wait until nothing is due, claimed or unknown."""
        until = time.monotonic() + LONGEST
        while (left := self._left()) != 0:
            assert time.monotonic() < until, f"{left} are not settled\n{self.house.log()}"
            time.sleep(0.3)

    def freeze(self) -> None:
        """Let nothing move any more, so that all witnesses speak of the same moment."""
        self.over.set()
        self.supervisor.join()
        for actor in self.actors:
            if actor.name.startswith(("web", "worker")):
                actor.kill()

    def _left(self) -> int:
        columns = message.c
        now = self.clock.now()
        open_ = or_(
            columns.state.in_(("claimed", "unknown")), (columns.state == "due") & (columns.due_at <= now)
        )
        with database.read(self.engine) as connection:
            return connection.execute(select(func.count()).where(open_)).scalar_one()

    def _empty_redis(self) -> None:
        if self.broker is not None:
            with redis.Redis(port=self.broker) as client:
                client.flushall()

    def _cancel(self, dice: random.Random) -> None:
        """Some people cancel; those whose reminder went out already are told so."""
        columns = message.c
        services = Services(Settings(), self.engine, self.clock, Texts(), packs.country("bg"))
        wanted = select(columns.appointment_id).where(columns.kind == "two_hours").order_by(columns.id)
        with database.read(self.engine) as connection:
            ids = list(connection.execute(wanted).scalars())
        for appointment_id in dice.sample(ids, self.profile.cancelled):
            try:
                with services.unit(CLERK) as unit:
                    current = unit.book.appointment(appointment_id)
                    unit.book.change(*booking.cancel(current, unit.now, Who("staff", None)))
            except OperationalError:
                # PostgreSQL has just been killed: whoever got an error knows that nothing was cancelled.
                continue


def run(profile: Profile, fire: Fire) -> Verdict:
    fire.burn()
    recovered_at = fire.clock.now()
    fire.recover()
    fire.wait_until_settled()
    fire.freeze()
    verdict = judge(fire.engine, fire.provider.ledger, fire.clock.now(), recovered_at)
    print(f"\nseed {profile.seed}; killed: {', '.join(fire.killed)}")
    print(f"known unsent ones out after {verdict.unsent_after}")
    print(f"unknown ones settled after {verdict.settled_after}")
    print(verdict.table)
    for wrong in {
        *verdict.twice,
        *verdict.at_night,
        *(each[0] for each in verdict.lost),
        *(each[0] for each in verdict.backwards),
    }:
        print(story(fire.engine, fire.provider.ledger, wrong))
    return verdict


def set_fire(
    stack: ExitStack, profile: Profile, folder: Path, url: str, others: list[Actor], **more: str
) -> Fire:
    """Load the world and start everything."""
    engine = database.connect(url)
    stack.callback(engine.dispose)
    Reminders(profile.reminders, every_at_night=20).load(engine)
    clock_file = folder / "clock"
    clock, over = SharedClock.at(clock_file, NOW), Event()
    provider = SimulatedTwilio(now=clock.now, token="token")
    provider.script.otherwise(BadDay(random.Random(profile.seed), profile.hanging))
    running = stack.enter_context(serve(provider))
    tick = {"TELEMED_TICK_SECONDS": str(profile.tick / profile.rate)}
    house = installation(folder, url, running.address, clock_file, **tick, **more)
    webs = [house.web(number + 1) for number in range(profile.webs)]
    workers = [house.worker(number + 1) for number in range(2)]
    actors = [*webs, *workers, *others]
    supervisor = Supervisor(actors, over)
    for actor in (*webs, *workers):
        actor.begin()
        stack.callback(actor.kill)
    supervisor.start()
    for actor in actors:
        actor.wait_until_ready()
    posts = [post_over_http(f"http://127.0.0.1:{port}") for port in house.ports(webs)]
    doorman = Doorman(posts, over)
    provider.post = doorman
    conductor = Conductor(clock, profile.rate, doorman, provider.agenda, over)
    conductor.start()
    for thread in (conductor, supervisor):
        stack.callback(thread.join)
    stack.callback(over.set)
    return Fire(profile, engine, clock, provider, house, actors, supervisor, over)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_none_twice_none_lost_none_at_night(stack: ExitStack, database_url: str, tmp_path: Path) -> None:
    fire = set_fire(stack, SHORT, tmp_path, database_url, [])
    verdict = run(SHORT, fire)
    assert (verdict.twice, verdict.lost, verdict.at_night, verdict.backwards) == ([], [], [], [])
    assert len(fire.killed) == SHORT.kills
    assert verdict.ends[("due", "")] == SHORT.reminders // 20
    assert [told for told in fire.provider.ledger.told() if told.status >= 400] == []


@pytest.mark.full
def test_a_thousand_while_postgresql_and_redis_are_killed_too(stack: ExitStack, tmp_path: Path) -> None:
    server, start = stack.enter_context(servers.postgres_at_hand(DURABLE))
    postgres = Actor("postgresql", start, server.answers)
    port = servers.free_port()
    broker = redis_actor(port, tmp_path)
    for actor in (postgres, broker):
        actor.begin()
        stack.callback(actor.kill)
        actor.wait_until_ready()
    server.run("CREATE DATABASE fire")
    url = server.url("fire")
    engine = database.connect(url)
    migrations.upgrade(engine)
    engine.dispose()
    more = {"TELEMED_BROKER_URL": f"redis://127.0.0.1:{port}/0"}
    fire = set_fire(stack, WHOLE, tmp_path, url, [postgres, broker], **more)
    fire.broker = port
    verdict = run(WHOLE, fire)
    assert (verdict.twice, verdict.lost, verdict.at_night, verdict.backwards) == ([], [], [], [])
    assert {"postgresql", "redis", "web 1", "web 2", "worker 1", "worker 2"} == set(fire.killed)
    assert verdict.unsent_after <= timedelta(seconds=60)
    assert verdict.settled_after <= timedelta(minutes=10)
