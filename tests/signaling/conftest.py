"""A key, a moment, a room, and the claims that open it."""

from datetime import UTC, datetime, timedelta

import pytest

from signaling.passes import Claims, Role, hashed

KEY = b"k" * 32
NOW = datetime(2026, 3, 3, 9, 40, tzinfo=UTC)
WINDOW = NOW + timedelta(hours=4)
NONCE = "what-only-the-page-knows"
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def window() -> datetime:
    return WINDOW


@pytest.fixture
def patient() -> Claims:
    return _claims("patient", "kiosk-1")


@pytest.fixture
def practitioner() -> Claims:
    return _claims("practitioner", "staff-1")


def _claims(role: Role, session: str) -> Claims:
    return Claims("pass", "room-a", role, session, NOW + timedelta(minutes=2), WINDOW, hashed(NONCE), 1)
