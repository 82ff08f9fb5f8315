"""Whose relays carry the calls: our own coturn's, or a provider's; what cannot work is said at the start."""

from telemed.messages import carrier
from telemed.settings import Settings, SettingsError

COTURN, TWILIO = "coturn", "twilio"
KNOWN = (COTURN, TWILIO)


def refuse_unfit(settings: Settings) -> None:
    """Raise SettingsError when these settings could never bring a relay; nobody is asked."""
    if settings.relays not in KNOWN:
        raise SettingsError(f"TELEMED_RELAYS={settings.relays!r}: known are {', '.join(KNOWN)}.")
    if settings.relays != TWILIO:
        return
    if settings.demo:
        raise carrier.DemoSendsNothing("This is a demo: its relays are coturn's, leave TELEMED_RELAYS out.")
    missing = [name for name in carrier.ACCOUNT_OF_TWILIO if not getattr(settings, name)]
    if missing:
        listed = ", ".join(f"TELEMED_{name.upper()}" for name in missing)
        raise SettingsError(f"TELEMED_RELAYS=twilio also needs {listed}.")
    carrier.check_account(settings)
