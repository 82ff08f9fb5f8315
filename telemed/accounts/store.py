"""Staff accounts: who may sign in, as whom, and how often they may fail."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from scheduling.ids import uuid7
from telemed.accounts.clerks import ClerkStore
from telemed.accounts.devices import DeviceStore
from telemed.accounts.sessions import SessionStore
from telemed.accounts.tables import account, account_role, attempt_failure, role

ROLES = ("doctor", "coordinator", "clerk")
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Staff:
    """One member of staff as the doors see them; `uniquifier` is what their sessions are filed under."""

    id: UUID
    email: str
    name: str
    roles: frozenset[str]
    practitioner_id: UUID | None
    facility_id: UUID | None
    uniquifier: str
    active: bool
    site_id: UUID | None = None


class AccountStore:
    """The only reader and writer of staff accounts; sessions, devices and PINs have stores of their own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.sessions = SessionStore(connection)
        self.devices = DeviceStore(connection)
        self.clerks = ClerkStore(connection)

    def add_staff(
        self,
        *,
        email: str,
        name: str,
        roles: frozenset[str],
        password_hash: str,
        sealed_totp: str | None,
        now: datetime,
        practitioner_id: UUID | None = None,
        facility_id: UUID | None = None,
        site_id: UUID | None = None,
    ) -> Staff:
        """Add an account; without a TOTP secret its first sign-in asks for setting one up."""
        staff = Staff(
            uuid7(),
            email.lower(),
            name,
            roles,
            practitioner_id,
            facility_id,
            secrets.token_hex(32),
            active=True,
            site_id=site_id,
        )
        self._connection.execute(
            insert(account).values(
                id=staff.id,
                email=staff.email,
                name=name,
                password=password_hash,
                active=True,
                fs_uniquifier=staff.uniquifier,
                tf_primary_method="authenticator" if sealed_totp else None,
                tf_totp_secret=sealed_totp,
                tf_last_counter=0,
                practitioner_id=practitioner_id,
                facility_id=facility_id,
                site_id=site_id,
                created_at=now,
            )
        )
        for name_of_role in sorted(roles):
            self._connection.execute(
                insert(account_role).values(account_id=staff.id, role_id=self._role_id(name_of_role))
            )
        return staff

    def staff(self, uniquifier: str) -> Staff | None:
        """The active member of staff a session belongs to."""
        row = self._connection.execute(
            select(account).where(account.c.fs_uniquifier == uniquifier)
        ).one_or_none()
        return self._staff(row) if row and row.active else None

    def all_staff(self) -> list[Staff]:
        """Everybody with an account, by name."""
        rows = self._connection.execute(select(account).order_by(account.c.name)).all()
        return [self._staff(row) for row in rows]

    def sealed_totp(self, uniquifier: str) -> tuple[str, int] | None:
        """An account's sealed TOTP secret and the last counter used, for showing a demo account's digits."""
        row = self._connection.execute(
            select(account.c.tf_totp_secret, account.c.tf_last_counter).where(
                account.c.fs_uniquifier == uniquifier
            )
        ).one_or_none()
        return (row.tf_totp_secret, row.tf_last_counter) if row and row.tf_totp_secret else None

    def use_counter(self, uniquifier: str, counter: int) -> bool:
        """Spend a TOTP counter; false when this or a later one was spent before."""
        changed = self._connection.execute(
            update(account)
            .where(account.c.fs_uniquifier == uniquifier, account.c.tf_last_counter < counter)
            .values(tf_last_counter=counter)
        )
        return changed.rowcount == 1

    def one_try_at_a_time(self, key: bytes, tried: str) -> None:
        """Let nobody else count tries of this until the transaction ends; SQLite has one writer anyway."""
        if self._connection.dialect.name == "postgresql":
            lock = int.from_bytes(_blind(key, tried)[:8], "big", signed=True)
            self._connection.execute(select(func.pg_advisory_xact_lock(lock)))

    def note_failure(self, key: bytes, tried: str, now: datetime) -> None:
        """Count one failed try under a keyed hash of what was tried, and forget the old ones."""
        self._connection.execute(delete(attempt_failure).where(attempt_failure.c.at <= now - WINDOW))
        self._connection.execute(insert(attempt_failure).values(key_hash=_blind(key, tried), at=now))

    def take_back_failure(self, key: bytes, tried: str) -> None:
        """The try was right: the last one counted was no failure."""
        last = select(func.max(attempt_failure.c.id)).where(attempt_failure.c.key_hash == _blind(key, tried))
        self._connection.execute(
            delete(attempt_failure).where(attempt_failure.c.id == last.scalar_subquery())
        )

    def failures(self, key: bytes, tried: str, now: datetime) -> int:
        """How often this failed within the last window."""
        return self._connection.execute(
            select(func.count())
            .select_from(attempt_failure)
            .where(attempt_failure.c.key_hash == _blind(key, tried), attempt_failure.c.at > now - WINDOW)
        ).scalar_one()

    def _role_id(self, name: str) -> int:
        if name not in ROLES:
            raise ValueError(f"there is no role {name!r}")
        found: int | None = self._connection.execute(select(role.c.id).where(role.c.name == name)).scalar()
        if found is None:
            self._connection.execute(insert(role).values(name=name))
            return self._role_id(name)
        return found

    def _staff(self, row: Row[tuple[object, ...]]) -> Staff:
        names = self._connection.execute(
            select(role.c.name).join(account_role).where(account_role.c.account_id == row.id)
        ).scalars()
        return Staff(
            row.id,
            row.email,
            row.name,
            frozenset(names),
            row.practitioner_id,
            row.facility_id,
            row.fs_uniquifier,
            row.active,
            row.site_id,
        )


def _blind(key: bytes, tried: str) -> bytes:
    return hmac.new(key, tried.strip().lower().encode(), hashlib.sha256).digest()
