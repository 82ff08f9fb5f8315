"""Devices at the table, clerks' PINs at the kiosk, calls for help, readings a doctor asks for again."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _devices()
    _clerk_pins()
    _emergency_calls()
    _asked_again()


def downgrade() -> None:
    """Nothing to undo yet."""


def _devices() -> None:
    """What is measured with."""


def _clerk_pins() -> None:
    """With which a clerk opens the technical side of a kiosk."""


def _emergency_calls() -> None:
    """Who pressed the Emergency button where, and who has seen it."""


def _asked_again() -> None:
    """What a doctor wants measured once more."""
