"""Systems that may ask: registered with the public half of their key, let in by tokens of ten minutes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from telemed.accounts.client_tables import api_client, api_token, used_assertion
from telemed.accounts.sessions import new_token, token_hash

TOKEN_LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class ApiClient:
    """One system; without a facility it speaks for the whole deployment."""

    id: str
    name: str
    facility_id: UUID | None
    scopes: tuple[str, ...]
    jwks: dict[str, Any]
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Grant:
    """What a token lets its bearer do, as whom and how long."""

    client_id: str
    name: str
    facility_id: UUID | None
    scopes: tuple[str, ...]
    expires_at: datetime


class ClientStore:
    """The only reader and writer of clients, their tokens and the assertions they have used."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, client: ApiClient) -> None:
        """Register a system."""
        self._connection.execute(
            insert(api_client).values(**{**client.__dict__, "scopes": list(client.scopes)})
        )

    def client(self, client_id: str) -> ApiClient | None:
        """The system with this id, unless revoked."""
        row = self._connection.execute(
            select(api_client).where(api_client.c.id == client_id, api_client.c.revoked_at.is_(None))
        ).one_or_none()
        return _client(row) if row else None

    def clients(self) -> list[ApiClient]:
        """Every system ever registered, oldest first."""
        rows = self._connection.execute(select(api_client).order_by(api_client.c.created_at))
        return [_client(row) for row in rows]

    def revoke(self, client_id: str, now: datetime) -> bool:
        """End a system's access and its tokens; false when there was nothing to end."""
        self._connection.execute(delete(api_token).where(api_token.c.client_id == client_id))
        changed = self._connection.execute(
            update(api_client)
            .where(api_client.c.id == client_id, api_client.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return changed.rowcount == 1

    def issue(self, client_id: str, scopes: list[str], now: datetime) -> str:
        """Make a token; only its hash is kept."""
        token = new_token()
        self.keep(token, client_id, scopes, now + TOKEN_LIFE)
        return token

    def keep(self, token: str, client_id: str, scopes: list[str], expires_at: datetime) -> None:
        """Let a token in until then; one that is known already lives as long as is said now."""
        row = {
            "token_hash": token_hash(token),
            "client_id": client_id,
            "scopes": scopes,
            "expires_at": expires_at,
        }
        changes = {name: row[name] for name in ("scopes", "expires_at")}
        self._connection.execute(
            self._dialect()
            .insert(api_token)
            .values(row)
            .on_conflict_do_update(index_elements=[api_token.c.token_hash], set_=changes)
        )

    def living_tokens(self, client_id: str, now: datetime) -> int:
        """How many tokens of this system let somebody in now."""
        return self._connection.execute(
            select(func.count())
            .select_from(api_token)
            .where(api_token.c.client_id == client_id, api_token.c.expires_at > now)
        ).scalar_one()

    def grant(self, token: str, now: datetime) -> Grant | None:
        """What a token lets its bearer do, unless it is over or its system was revoked."""
        row = self._connection.execute(
            select(
                api_token.c.client_id,
                api_client.c.name,
                api_client.c.facility_id,
                api_token.c.scopes,
                api_token.c.expires_at,
            )
            .join(api_client, api_client.c.id == api_token.c.client_id)
            .where(
                api_token.c.token_hash == token_hash(token),
                api_token.c.expires_at > now,
                api_client.c.revoked_at.is_(None),
            )
        ).one_or_none()
        return (
            Grant(row.client_id, row.name, row.facility_id, tuple(row.scopes), row.expires_at)
            if row
            else None
        )

    def use_assertion(self, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Note that an assertion was used; false when it had been before."""
        row = {
            "client_id": client_id,
            "jti": hashlib.sha256(jti.encode("utf-8", "surrogatepass")).hexdigest(),
            "expires_at": expires_at,
        }
        noted = self._connection.execute(
            self._dialect()
            .insert(used_assertion)
            .values(row)
            .on_conflict_do_nothing()
            .returning(used_assertion.c.jti)
        )
        return noted.one_or_none() is not None

    def forget_before(self, now: datetime) -> int:
        """Drop tokens and assertions that nobody can use any more."""
        dropped = 0
        for table in (api_token, used_assertion):
            dropped += self._connection.execute(delete(table).where(table.c.expires_at < now)).rowcount
        return dropped

    def _dialect(self) -> Any:
        return postgresql if self._connection.dialect.name == "postgresql" else sqlite


def _client(row: Row[Any]) -> ApiClient:
    return ApiClient(
        row.id, row.name, row.facility_id, tuple(row.scopes), row.jwks, row.created_at, row.revoked_at
    )
