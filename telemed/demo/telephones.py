"""The telephones of the demo: each doctor's own, and the one at every post office; all of them simulated."""

from datetime import datetime

from sqlalchemy import Connection

from telemed.accounts.phones import Phones, StaffPhone
from telemed.accounts.store import AccountStore
from telemed.demo.places import Map

DOCTORS_FROM = 359_887_000_100
SITES_FROM = 35_929_000_000


def hand_out(connection: Connection, where: Map, real_now: datetime) -> None:
    """Give every doctor and every post office a telephone; doctors agree to be rung and paged."""
    phones, staff = Phones(connection), AccountStore(connection).all_staff()
    doctors = sorted((each for each in staff if "doctor" in each.roles), key=lambda each: each.email)
    for nth, doctor in enumerate(doctors):
        phones.keep(StaffPhone(doctor.id, f"+{DOCTORS_FROM + nth}", True, True, real_now))
    for nth, site in enumerate(where.sites):
        phones.keep_at_site(site.id, f"+{SITES_FROM + nth}", doctors[0].id, real_now)
