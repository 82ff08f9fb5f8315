"""Devices at the table: what each sort sends becomes readings in kept units, or says why it is none."""

from telemed.intake.drivers.decoding import DRIVERS, LONGEST, DisagreementError, agrees, as_sent, decode
from telemed.intake.drivers.driver import KINDS, Decoded, Driver, Kind, Taken

__all__ = [
    "DRIVERS",
    "KINDS",
    "LONGEST",
    "Decoded",
    "DisagreementError",
    "Driver",
    "Kind",
    "Taken",
    "agrees",
    "as_sent",
    "decode",
]
