"""Telephone calls that join a doctor and a site's handset, and pages to doctors' telephones.

Kept apart from messages: those go to patients, climb and are answered; these ring once or not at all.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from scheduling.tables import Instant, metadata
from telemed.guards import guards

LEG_STEPS: dict[str, tuple[str, ...]] = {
    "due": ("claimed", "over"),
    # Back to due only when the carrier states that it has not looked at it.
    "claimed": ("due", "ringing", "unknown", "joined", "over", "failed"),
    "unknown": ("ringing", "joined", "over", "failed"),
    "ringing": ("joined", "over", "failed"),
    "joined": ("over",),
    "over": (),
    "failed": (),
}
"""From each state of one telephone, where it may go; nothing rings a second time."""

PAGE_STEPS: dict[str, tuple[str, ...]] = {
    "due": ("claimed", "over"),
    "claimed": ("due", "accepted", "unknown", "failed"),
    "unknown": ("accepted", "failed"),
    "accepted": ("failed",),
    "over": (),
    "failed": (),
}
"""The same of an SMS that pages a doctor; one whose outcome nobody knows is not sent again."""

phone_bridge = Table(
    "phone_bridge",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("visit_id", Uuid, ForeignKey("encounter.id"), nullable=False),
    Column("practitioner_id", Uuid, ForeignKey("practitioner.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", String(20)),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("state IN ('ringing', 'talking', 'over', 'failed')", name="state"),
    Index(
        "phone_bridge_one_open",
        "visit_id",
        unique=True,
        sqlite_where=text("state IN ('ringing', 'talking')"),
        postgresql_where=text("state IN ('ringing', 'talking')"),
    ),
    Index("ix_phone_bridge_visit", "visit_id", "asked_at"),
)

phone_leg = Table(
    "phone_leg",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("bridge_id", Uuid, ForeignKey("phone_bridge.id"), nullable=False),
    Column("who", String(6), nullable=False),
    # Emptied when it is over: the number is kept where its owner can take it back.
    Column("phone", String(16), nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", String(40)),
    Column("sid", String(64), unique=True),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("bridge_id", "who", name="phone_leg_once"),
    CheckConstraint("who IN ('kiosk', 'doctor')", name="who"),
    Index("ix_phone_leg_state", "state", "changed_at"),
)

doctor_page = Table(
    "doctor_page",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False),
    # The alarm or the call for help that nobody has answered; known here by id only.
    Column("about_id", Uuid, nullable=False),
    Column("phone", String(16), nullable=False),
    Column("place", Text, nullable=False),
    Column("time_zone", String(40), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", String(40)),
    Column("sid", String(64)),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("about_id", "account_id", name="doctor_page_once"),
    Index("ix_doctor_page_state", "state", "changed_at"),
)


def _back(steps: dict[str, tuple[str, ...]]) -> str:
    past = " OR ".join(
        f"(OLD.state = '{before}'" + "".join(f" AND NEW.state <> '{after}'" for after in allowed) + ")"
        for before, allowed in steps.items()
    )
    return f"OLD.state <> NEW.state AND ({past})"


GUARDS = guards(
    (
        ("phone_leg_forward", "UPDATE OF state ON phone_leg", _back(LEG_STEPS)),
        ("doctor_page_forward", "UPDATE OF state ON doctor_page", _back(PAGE_STEPS)),
        (
            "phone_bridge_forward",
            "UPDATE OF state ON phone_bridge",
            "OLD.state <> NEW.state AND (OLD.state IN ('over', 'failed') OR NEW.state = 'ringing')",
        ),
    ),
    "refuse_ringing_again",
    "a telephone never rings twice for one call",
)
"""Created after the step that makes the tables, and again after each later one."""
