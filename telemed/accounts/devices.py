"""Enrolled kiosks: a code that works once, a cookie token, and the public half of the kiosk's own key."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from scheduling.ids import uuid7
from scheduling.tables import kiosk
from telemed.accounts.sessions import new_token, token_hash
from telemed.accounts.tables import enrolment_code, kiosk_device

CODE_LIFE = timedelta(minutes=10)
# Letters and digits nobody confuses when a code is read out over the phone.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10


class CodeRefused(Exception):
    """The enrolment code is unknown, used or too old: the coordinator makes another one."""


@dataclass(frozen=True)
class KioskDevice:
    """The browser on a counter that has been enrolled for a kiosk."""

    id: UUID
    kiosk_id: UUID
    site_id: UUID
    label: str
    public_key: dict[str, str] | None
    enrolled_at: datetime
    seen_at: datetime

    @property
    def reference(self) -> str:
        """What passes and notices call this device."""
        return f"kiosk:{self.id}"


def plain(code: str) -> str:
    """A code as it was made, whatever spaces, dashes or small letters it was typed with."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


class DeviceStore:
    """The only reader and writer of enrolment codes and kiosk devices."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def make_code(self, kiosk_id: UUID, now: datetime) -> str:
        """Make a code for one enrolment within ten minutes; only its hash is kept."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        self._connection.execute(
            insert(enrolment_code).values(
                id=uuid7(),
                kiosk_id=kiosk_id,
                code_hash=_code_hash(code),
                made_at=now,
                expires_at=now + CODE_LIFE,
            )
        )
        return f"{code[:5]}-{code[5:]}"

    def enrol(self, code: str, public_key: dict[str, str] | None, now: datetime) -> tuple[KioskDevice, str]:
        """Spend a code; returns the device and its cookie token. An older device of the kiosk is revoked."""
        kiosk_id = self._spend(code, now)
        self.revoke(kiosk_id, now)
        token = new_token()
        self._connection.execute(
            insert(kiosk_device).values(
                id=uuid7(),
                kiosk_id=kiosk_id,
                token_hash=token_hash(token),
                public_key=json.dumps(public_key) if public_key else None,
                enrolled_at=now,
                seen_at=now,
            )
        )
        device = self.of_kiosk(kiosk_id)
        assert device is not None
        return device, token

    def by_token(self, token: str) -> KioskDevice | None:
        """The enrolled device a cookie belongs to, unless revoked."""
        return self._one(kiosk_device.c.token_hash == token_hash(token))

    def of_kiosk(self, kiosk_id: UUID) -> KioskDevice | None:
        """The enrolled device of a kiosk, if it has one."""
        return self._one(kiosk_device.c.kiosk_id == kiosk_id)

    def enrolled(self) -> dict[UUID, KioskDevice]:
        """Every enrolled device, by kiosk."""
        return {device.kiosk_id: device for device in self._matching()}

    def touch(self, device_id: UUID, now: datetime) -> None:
        """Note that the device was heard of."""
        self._connection.execute(
            update(kiosk_device).where(kiosk_device.c.id == device_id).values(seen_at=now)
        )

    def revoke(self, kiosk_id: UUID, now: datetime) -> bool:
        """End the enrolment of a kiosk; false when it had none."""
        changed = self._connection.execute(
            update(kiosk_device)
            .where(kiosk_device.c.kiosk_id == kiosk_id, kiosk_device.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return changed.rowcount > 0

    def _spend(self, code: str, now: datetime) -> UUID:
        # One statement, so that of two kiosks typing the same code only one finds it unused.
        kiosk_id: UUID | None = self._connection.execute(
            update(enrolment_code)
            .where(
                enrolment_code.c.code_hash == _code_hash(plain(code)),
                enrolment_code.c.used_at.is_(None),
                enrolment_code.c.expires_at > now,
            )
            .values(used_at=now)
            .returning(enrolment_code.c.kiosk_id)
        ).scalar()
        if kiosk_id is None:
            raise CodeRefused
        return kiosk_id

    def _one(self, condition: ColumnElement[bool]) -> KioskDevice | None:
        return next(iter(self._matching(condition)), None)

    def _matching(self, *conditions: ColumnElement[bool]) -> list[KioskDevice]:
        rows = self._connection.execute(
            select(kiosk_device, kiosk.c.site_id, kiosk.c.label)
            .join(kiosk, kiosk.c.id == kiosk_device.c.kiosk_id)
            .where(kiosk_device.c.revoked_at.is_(None), *conditions)
        )
        return [_device(row) for row in rows]


def _code_hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _device(row: Row[tuple[object, ...]]) -> KioskDevice:
    return KioskDevice(
        row.id,
        row.kiosk_id,
        row.site_id,
        row.label,
        json.loads(row.public_key) if row.public_key else None,
        row.enrolled_at,
        row.seen_at,
    )
