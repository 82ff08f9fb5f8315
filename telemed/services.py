"""The wiring: settings become services here and nowhere else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, Engine

from scheduling.calendar_cache import CalendarCache
from scheduling.line_memory import LineMemory
from scheduling.national_holidays import national_holidays
from scheduling.store import Book
from telemed import clock, database, deployment, offering, reviews
from telemed.accounts.store import AccountStore
from telemed.call_seats import CallSeats
from telemed.clock import Clock, SystemClock
from telemed.countries import packs
from telemed.countries.pack import Country
from telemed.deployment import DemoClock
from telemed.intake.again_store import AgainStore
from telemed.intake.alarm_store import AlarmStore
from telemed.intake.device_store import MeasuringDevices
from telemed.intake.emergency_store import EmergencyStore
from telemed.intake.limit_store import LimitStore
from telemed.intake.store import IntakeStore
from telemed.intake.written_store import WrittenStore
from telemed.messages.outbox import Outbox
from telemed.notices import Notices
from telemed.records.access_log import Reader
from telemed.records.store import RecordStore
from telemed.relays import choice
from telemed.relays.tokens import RelayTokens
from telemed.reviews import Offer, Reviews
from telemed.settings import Settings, SettingsError
from telemed.texts import Texts
from telemed.unit import Sightings, Unit
from telemed.visits import scores
from telemed.visits.posting import post_events
from telemed.visits.telling_owners import tell_owners


@dataclass(frozen=True)
class View:
    """A look at what is nobody's personal data: places, rosters, free times, accounts."""

    connection: Connection
    now: datetime
    real_now: datetime
    book: Book
    accounts: AccountStore
    notices: Notices
    lines: LineMemory
    alarms: AlarmStore
    again: AgainStore
    written: WrittenStore
    emergencies: EmergencyStore
    limits: LimitStore
    measuring: MeasuringDevices


class PersonalDataInView(Exception):
    """A door read personal data outside a unit: that read would not be logged. A fault of ours."""


@dataclass(frozen=True)
class Services:
    """All that a door may use."""

    settings: Settings
    engine: Engine
    clock: Clock
    texts: Texts
    country: Country
    calendars: CalendarCache = field(default_factory=CalendarCache)
    lines: LineMemory = field(default_factory=LineMemory)
    # Who has checked which texts; where nobody did, only a demonstration speaks the language.
    reviews: Reviews = field(default_factory=dict)
    # Where views look; services made by hand let them look where units write.
    reader: Engine | None = None

    @property
    def reading(self) -> Engine:
        """The engine for what only looks."""
        return self.reader or self.engine

    @cached_property
    def offers(self) -> Mapping[str, Offer]:
        """What each language is: reviewed, a draft, or changed since its review."""
        return offering.offers(self.texts, self.reviews)

    @cached_property
    def kiosk_languages(self) -> tuple[str, ...]:
        """The languages that the kiosks speak, in their order; none where nobody has checked any."""
        wanted = offering.wanted(self.settings, self.country, self.texts)
        return reviews.spoken(wanted, self.offers, demo=self.settings.demo)

    @contextmanager
    def unit(self, reader: Reader) -> Iterator[Unit]:
        """Open a transaction for a named reader; commit what was written, what was read and what must go out.

        The access log is part of the same commit, so nothing read in a unit can reach anybody unlogged
        as long as the answer is sent after the block.
        """
        with database.write(self.engine) as connection:
            unit = self._unit(connection, reader)
            yield unit
            post_events(unit)
            tell_owners(unit)
            unit.records.note_reads(reader, unit.sightings.seen, unit.now)

    @contextmanager
    def view(self) -> Iterator[View]:
        """Open a transaction that reads nothing personal and writes nothing."""
        with database.read(self.reading) as connection:
            yield View(
                connection,
                self.clock.now(),
                clock.real_now(),
                Book(connection, _refuse_personal, self.calendars, self.country.forbidden_services),
                AccountStore(connection),
                Notices(connection),
                self.lines,
                AlarmStore(connection, _refuse_personal),
                AgainStore(connection, _refuse_personal),
                WrittenStore(connection, _refuse_personal),
                EmergencyStore(connection),
                LimitStore(connection),
                MeasuringDevices(connection),
            )

    @cached_property
    def call_seats(self) -> CallSeats:
        """The book of call seats, which has transactions of its own."""
        return CallSeats(self.engine)

    @cached_property
    def relay_tokens(self) -> RelayTokens:
        """The tokens for a provider's relays, which have transactions of their own."""
        return RelayTokens(self.engine, self.settings.key("relay-tokens"))

    def remember_calendars(self, most: int = 500) -> None:
        """Load calendars before the first patient asks: cold, each costs as much as five warm answers."""
        with self.view() as view:
            view.book.remember_calendars(most)

    @cached_property
    def _slip_key(self) -> bytes:
        return self.settings.key("slip-code")

    def _unit(self, connection: Connection, reader: Reader) -> Unit:
        sightings = Sightings()
        return Unit(
            connection=connection,
            reader=reader,
            now=self.clock.now(),
            real_now=clock.real_now(),
            sightings=sightings,
            book=Book(connection, sightings, self.calendars, self.country.forbidden_services),
            intakes=IntakeStore(connection, sightings),
            alarms=AlarmStore(connection, sightings),
            again=AgainStore(connection, sightings),
            written=WrittenStore(connection, sightings),
            emergencies=EmergencyStore(connection),
            limits=LimitStore(connection),
            measuring=MeasuringDevices(connection),
            records=RecordStore(connection, sightings, self._slip_key),
            outbox=Outbox(connection, sightings),
            accounts=AccountStore(connection),
            notices=Notices(connection),
            lines=self.lines,
        )


def build(settings: Settings) -> Services:
    """Construct the services of one process; refuses a demo database outside demo mode and the reverse."""
    texts, country = Texts(), packs.country(settings.country)
    _require_known_scores(settings)
    choice.refuse_unfit(settings)
    offering.wanted(settings, country, texts)
    checked = offering.checked(settings)
    engine = database.connect(settings.database_url)
    try:
        deployment.guard(engine, settings.demo)
    except deployment.DeploymentError:
        engine.dispose()
        raise
    return Services(
        settings=settings,
        engine=engine,
        # A unit asks the time while others wait for that unit, holding every connection of the pool.
        clock=DemoClock(database.connect(settings.database_url, pooled=False))
        if settings.demo
        else SystemClock(),
        texts=texts,
        country=country,
        calendars=CalendarCache(national_holidays(settings.country)),
        reviews=checked,
        reader=database.connect_reader(engine),
    )


def _require_known_scores(settings: Settings) -> None:
    try:
        scores.rule_sets(settings.scores, settings.bp_scheme)
    except scores.UnknownRule as unknown:
        raise SettingsError(
            f"TELEMED_SCORES or TELEMED_BP_SCHEME names {unknown}, which does not exist."
        ) from unknown


def _refuse_personal(_owner: object, what: str) -> None:
    raise PersonalDataInView(what)
