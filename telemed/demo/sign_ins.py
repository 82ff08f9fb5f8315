"""Who can sign in to the demo; these accounts are made here and nowhere else."""

from dataclasses import dataclass
from datetime import datetime

from telemed.accounts.credentials import DEMO_PASSWORD, demo_totp_secret, hash_password, seal_totp
from telemed.accounts.store import AccountStore
from telemed.demo.people import DOCTORS, Cast
from telemed.demo.places import Map
from telemed.settings import Settings


@dataclass(frozen=True)
class SignIn:
    """One account: the first part of its address says what it is for."""

    email: str
    role: str
    facility: int
    practitioner: int | None
    name: str


SIGN_INS = (
    SignIn("doctor@telemed.example", "doctor", 0, 0, ""),
    SignIn("doctor2@telemed.example", "doctor", 1, DOCTORS[0], ""),
    SignIn("coordinator@telemed.example", "coordinator", 0, None, "Невена Златева"),
    SignIn("clerk@telemed.example", "clerk", 0, None, "Росица Колева"),
)


def add_sign_ins(
    accounts: AccountStore, where: Map, cast: Cast, settings: Settings, real_now: datetime
) -> None:
    """Make the demo's accounts; every one has the same password and shows its six digits when asked."""
    key = settings.key("totp")
    hashed = hash_password(DEMO_PASSWORD)
    facilities = list(dict.fromkeys(each.facility_id for each in cast.practitioners))
    for each in SIGN_INS:
        acts_as = None if each.practitioner is None else cast.practitioners[each.practitioner]
        accounts.add_staff(
            email=each.email,
            name=each.name or (acts_as.name if acts_as else each.role),
            roles=frozenset({each.role}),
            password_hash=hashed,
            sealed_totp=seal_totp(key, demo_totp_secret(key, each.email)),
            now=real_now,
            practitioner_id=acts_as.id if acts_as else None,
            facility_id=None if each.role == "clerk" else facilities[each.facility],
            site_id=where.home().id if each.role == "clerk" else None,
        )
