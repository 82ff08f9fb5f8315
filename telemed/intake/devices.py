"""What is measured with: whether it may be trusted today, and whose reading it has just sent."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from telemed.intake.drivers import Decoded, Kind

WITH_CONSUMABLES: tuple[Kind, ...] = ("glucose",)
SOON = timedelta(days=30)
FEW = 10
# Nobody sits down, is measured and gets up within this.
TOO_QUICK = timedelta(seconds=10)
# A device knows no zone and may not know of summer time.
CLOCK_MAY_DIFFER = timedelta(minutes=90)

Standing = Literal[
    "calibration_overdue",
    "calibration_soon",
    "calibration_unknown",
    "strips_expired",
    "strips_out",
    "strips_few",
]


@dataclass(frozen=True)
class MeasuringDevice:
    """One device at the table of one kiosk."""

    id: UUID
    kiosk_id: UUID
    kind: Kind
    name: str
    serial: str
    driver: str
    added_at: datetime
    calibrated_on: date | None = None
    calibrate_by: date | None = None
    lot: str = ""
    lot_expires: date | None = None
    remaining: int | None = None
    paired_name: str = ""
    paired_key: str = ""
    retired_at: datetime | None = None
    version: int = 1

    @property
    def paired(self) -> bool:
        """Whether the kiosk's browser knows it."""
        return bool(self.paired_key)

    def standings(self, today: date) -> tuple[Standing, ...]:
        """What somebody should see to, the worst first."""
        return (*_calibration(self.calibrate_by, today), *self._consumables(today))

    def flags(self, today: date) -> tuple[str, ...]:
        """What the doctor must know of a reading taken with it today."""
        told = ("calibration_overdue", "strips_expired")
        return tuple(each for each in self.standings(today) if each in told)

    def _consumables(self, today: date) -> tuple[Standing, ...]:
        if self.kind not in WITH_CONSUMABLES:
            return ()
        found: list[Standing] = []
        if self.lot_expires is not None and self.lot_expires < today:
            found.append("strips_expired")
        if self.remaining is not None and self.remaining <= FEW:
            found.append("strips_few" if self.remaining else "strips_out")
        return tuple(found)


class Used(NamedTuple):
    """A reading that came before, from the same device."""

    digest: str
    session: UUID
    seen_at: datetime


Verdict = Literal["new", "seen_before", "used_before"]


def digest(key: bytes, device_id: UUID, characteristic: str, raw: bytes) -> str:
    """Return by what a reading is known again, and nothing of what it says."""
    told = device_id.bytes + characteristic.encode() + b"\0" + raw
    return hmac.new(key, told, hashlib.sha256).hexdigest()[:32]


def verdict(decoded: Decoded, own: str, earlier: Iterable[Used], session: UUID, now: datetime) -> Verdict:
    """Say whether a reading may be this patient's.

    A stored record that somebody else's visit has used is that somebody's. One that follows another
    patient's too quickly, or looks the same within seconds, is kept and flagged.
    """
    others = [each for each in earlier if each.session != session]
    if decoded.a_record and any(each.digest == own for each in others):
        return "used_before"
    return "seen_before" if any(now - each.seen_at < TOO_QUICK for each in others) else "new"


def filed_flags(
    decoded: Decoded, own: str, earlier: Iterable[Used], filed_elsewhere: bool, now: datetime
) -> tuple[Verdict, ...]:
    """Say what is doubtful of whose reading is filed: another filing's record, or right after another's.

    `earlier` are the readings that this device has sent; `own` is the digest of the one that is filed.
    """
    if decoded.a_record and filed_elsewhere:
        return ("used_before",)
    known = tuple(earlier)
    sent = [each for each in known if each.digest == own]
    sessions, at = {each.session for each in sent}, max((each.seen_at for each in sent), default=now)
    others = (at - each.seen_at for each in known if each.session not in sessions)
    return ("seen_before",) if any(timedelta(0) <= ago < TOO_QUICK for ago in others) else ()


def clock_flags(device_time: datetime | None, here: datetime) -> tuple[str, ...]:
    """Return the flag of a device whose clock is not the wall's; `here` is the local time of the place."""
    if device_time is None or abs(device_time - here.replace(tzinfo=None)) <= CLOCK_MAY_DIFFER:
        return ()
    return ("clock_wrong",)


def _calibration(by: date | None, today: date) -> tuple[Standing, ...]:
    if by is None:
        return ("calibration_unknown",)
    if by < today:
        return ("calibration_overdue",)
    return ("calibration_soon",) if by - today <= SOON else ()
