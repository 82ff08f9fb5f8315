"""Tables of the systems that may use the interface, their tokens, and the private calendar feeds."""

from sqlalchemy import JSON, Column, ForeignKey, LargeBinary, String, Table, Uuid

from scheduling.tables import Instant, metadata

api_client = Table(
    "api_client",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    # Without a facility the client speaks for the whole deployment.
    Column("facility_id", ForeignKey("facility.id")),
    Column("scopes", JSON, nullable=False),
    Column("jwks", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

api_token = Table(
    "api_token",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("client_id", ForeignKey("api_client.id"), nullable=False, index=True),
    Column("scopes", JSON, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

# A signed assertion opens the door once.
used_assertion = Table(
    "used_assertion",
    metadata,
    Column("client_id", ForeignKey("api_client.id"), primary_key=True),
    Column("jti", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("practitioner_id", ForeignKey("practitioner.id"), nullable=False, index=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
