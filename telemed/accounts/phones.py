"""Telephones of those who work here: a doctor's own, by consent and for what was agreed, and a site's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from telemed.accounts.phone_tables import site_phone, staff_phone
from telemed.accounts.tables import account


@dataclass(frozen=True)
class StaffPhone:
    """A doctor's telephone: whether it may be rung for a visit, and paged by SMS."""

    account_id: UUID
    phone: str
    calls: bool
    pages: bool
    agreed_at: datetime


class Phones:
    """The only reader and writer of these numbers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, own: StaffPhone) -> None:
        """Keep a telephone with what it may be used for, in place of the one before."""
        self.forget(own.account_id)
        self._connection.execute(insert(staff_phone).values(**vars(own)))

    def forget(self, account_id: UUID) -> None:
        """Take a telephone back, and with it the consent."""
        self._connection.execute(delete(staff_phone).where(staff_phone.c.account_id == account_id))

    def of(self, account_id: UUID) -> StaffPhone | None:
        """The telephone of one member of staff."""
        row = self._connection.execute(
            select(staff_phone).where(staff_phone.c.account_id == account_id)
        ).one_or_none()
        return None if row is None else StaffPhone(**row._mapping)

    def to_page(self, practitioner_ids: Iterable[UUID]) -> list[StaffPhone]:
        """The telephones of these practitioners that may be paged; of an account that was ended none."""
        joined = select(staff_phone).join(account, account.c.id == staff_phone.c.account_id)
        wanted = account.c.practitioner_id.in_(sorted(set(practitioner_ids)))
        rows = self._connection.execute(joined.where(wanted, account.c.active, staff_phone.c.pages))
        return [StaffPhone(**row._mapping) for row in rows]

    def of_site(self, site_id: UUID) -> str | None:
        """The number of the handset beside a site's kiosk."""
        found: str | None = self._connection.scalar(
            select(site_phone.c.phone).where(site_phone.c.site_id == site_id)
        )
        return found

    def keep_at_site(self, site_id: UUID, phone: str | None, by: UUID, now: datetime) -> None:
        """Set the number of a site's handset, or take it away."""
        self._connection.execute(delete(site_phone).where(site_phone.c.site_id == site_id))
        if phone is not None:
            row = {"site_id": site_id, "phone": phone, "set_by": by, "set_at": now}
            self._connection.execute(insert(site_phone).values(row))
