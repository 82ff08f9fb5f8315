"""Whether the settings name a carrier of SMS that can work; said before any process begins to wait for it."""

import re

from telemed.settings import Settings, SettingsError

HANDSET, TWILIO = "handset", "twilio"
_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
# A number, a messaging service, or a sender's name of up to eleven letters and digits.
_SENDER = re.compile(r"\+[1-9][0-9]{7,14}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


class DemoSendsNothing(SettingsError):
    """A demo's numbers are invented and may belong to somebody: only the simulated handset is allowed."""


def refuse_unfit(settings: Settings, demo: bool) -> None:
    """Raise SettingsError when no message could ever be sent with these settings; nobody is asked."""
    if settings.sms_provider == HANDSET:
        return
    if demo or settings.demo:
        raise DemoSendsNothing("This is a demo: set TELEMED_SMS_PROVIDER=handset or leave it out.")
    if settings.sms_provider != TWILIO:
        raise SettingsError(f"TELEMED_SMS_PROVIDER={settings.sms_provider!r}: known are handset and twilio.")
    needed = ("twilio_account_sid", "twilio_auth_token", "twilio_from")
    missing = [f"TELEMED_{name.upper()}" for name in needed if not getattr(settings, name)]
    if missing:
        raise SettingsError(f"TELEMED_SMS_PROVIDER=twilio also needs {', '.join(missing)}.")
    if not _ACCOUNT.fullmatch(settings.twilio_account_sid):
        raise SettingsError("TELEMED_TWILIO_ACCOUNT_SID is no account: it is AC and 32 digits or a–f.")
    if not _SENDER.fullmatch(settings.twilio_from):
        raise SettingsError(
            f"TELEMED_TWILIO_FROM={settings.twilio_from!r} is no sender: a number like +35988…, or MG…."
        )
