"""Passwords and six-digit codes outside of a request: made for new accounts, shown for demo accounts."""

import hashlib
import hmac
import unicodedata
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from passlib.totp import TOTP  # type: ignore[import-untyped]  # the library carries no types

ISSUER = "Telemed"
PERIOD = 30
MIN_PASSWORD = 12
# Shown on the sign-in page of a demo; accounts with it are only ever made by the demo's own seed.
DEMO_PASSWORD = "telemed-demo-2025"


class WeakPassword(ValueError):
    """The password is too short."""


def totp_secrets(key: bytes) -> dict[str, str]:
    """The wallet that seals TOTP secrets; Flask-Security opens them with the same one."""
    return {"1": key.hex()}


def hash_password(password: str) -> str:
    """Hash a password as sign-in will verify it (argon2id over the NFKD form)."""
    if len(password) < MIN_PASSWORD:
        raise WeakPassword(f"a password has at least {MIN_PASSWORD} characters")
    return PasswordHasher().hash(unicodedata.normalize("NFKD", password))


def seal_totp(key: bytes, secret: bytes) -> str:
    """Seal a TOTP secret for keeping."""
    return str(_factory(key)(key=secret, format="raw").to_json(encrypt=True))


def demo_totp_secret(key: bytes, email: str) -> bytes:
    """The secret of a demo account: the same on every start of the same demo."""
    return hmac.new(key, email.lower().encode(), hashlib.sha256).digest()[:20]


def code_now(key: bytes, sealed: str, last_counter: int, now: datetime) -> str:
    """The six digits that sign-in accepts at this moment: the next ones when the current were used."""
    counter = max(int(now.timestamp()) // PERIOD, last_counter + 1)
    return str(_factory(key).from_json(sealed).generate(counter * PERIOD).token)


def _factory(key: bytes) -> Any:
    return TOTP.using(issuer=ISSUER, secrets=totp_secrets(key))
