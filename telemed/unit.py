"""One unit of work: every store over one transaction, one reader, one moment."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from scheduling.line_memory import LineMemory
from scheduling.store import Book
from telemed.accounts.store import AccountStore
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


@dataclass
class Sightings:
    """What the stores of a unit handed out: owner and what was read, each once."""

    seen: dict[tuple[UUID, str], None] = field(default_factory=dict)

    def __call__(self, owner: UUID, what: str) -> None:
        """Note that something of an owner's was handed out."""
        self.seen[(owner, what)] = None


@dataclass(frozen=True)
class Unit:
    """The stores, all in one transaction; ``now`` is the domain's time, ``real_now`` the machine's."""

    connection: Connection
    reader: Reader
    now: datetime
    real_now: datetime
    sightings: Sightings
    book: Book
    intakes: IntakeStore
    alarms: AlarmStore
    again: AgainStore
    written: WrittenStore
    emergencies: EmergencyStore
    limits: LimitStore
    measuring: MeasuringDevices
    records: RecordStore
    outbox: Outbox
    accounts: AccountStore
    notices: Notices
    lines: LineMemory = field(default_factory=LineMemory)
