"""Which carriers the settings name, and whether each can work; said before a process waits for it."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import urlsplit

from telemed.countries import packs
from telemed.messages import gateway_file, modem
from telemed.messages.mailing import Mailbox
from telemed.prompts import calling
from telemed.prompts.building import shipped
from telemed.settings import Settings, SettingsError

HANDSET, TWILIO, TWILIO_VOICE = "handset", "twilio", "twilio_voice"
GATEWAY, SMPP, MODEM, EMAIL = "gateway", "smpp", "modem", "email"
_MICROS = 1_000_000
_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
# A number, a messaging service, or a sender's name of up to eleven letters and digits.
_SENDER = re.compile(r"\+[1-9][0-9]{7,14}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")

ACCOUNT_OF_TWILIO = ("twilio_account_sid", "twilio_auth_token")
"""The settings without which nothing can be asked of Twilio."""

NEEDED: dict[str, tuple[str, ...]] = {
    HANDSET: (),
    TWILIO: (*ACCOUNT_OF_TWILIO, "twilio_from"),
    TWILIO_VOICE: (*ACCOUNT_OF_TWILIO, "twilio_voice_from"),
    GATEWAY: ("gateway_file",),
    SMPP: ("smpp_server", "smpp_user", "smpp_password", "smpp_sender"),
    MODEM: ("modem_spool",),
    EMAIL: ("email_server", "email_sender"),
}
"""What each carrier cannot work without."""


class DemoSendsNothing(SettingsError):
    """A demo's numbers are invented and may belong to somebody: nothing may leave this machine."""


def order(settings: Settings) -> tuple[str, ...]:
    """Return the carriers in their order: those that are named, else the country's that are set up."""
    named = tuple(name.strip() for name in settings.carriers.split(",") if name.strip())
    if named:
        return named
    if settings.demo:
        return (TWILIO, TWILIO_VOICE) if settings.exchange_port else (HANDSET,)
    wanted = packs.PACKS[settings.country].carriers if settings.country in packs.PACKS else ()
    return tuple(name for name in wanted if name in NEEDED and not _missing(settings, name)) or (HANDSET,)


def refuse_unfit(settings: Settings, demo: bool) -> None:
    """Raise SettingsError when a message could never be sent with these settings; nobody is asked."""
    named = order(settings)
    for name in named:
        if name not in NEEDED:
            raise SettingsError(f"TELEMED_CARRIERS={settings.carriers!r}: known are {', '.join(NEEDED)}.")
        if (demo or settings.demo) and not _stays_here(settings, name):
            raise DemoSendsNothing("This is a demo: set TELEMED_CARRIERS=handset or leave it out.")
        missing = [f"TELEMED_{each.upper()}" for each in _missing(settings, name)]
        if missing:
            raise SettingsError(f"TELEMED_CARRIERS names {name}, which also needs {', '.join(missing)}.")
        if name in _CHECKS:
            _CHECKS[name](settings)
    costs(settings)


def costs(settings: Settings) -> dict[str, int]:
    """Return what a segment costs with each carrier, in millionths; SettingsError when it is no number."""
    found = {}
    for each in filter(None, (part.strip() for part in settings.carrier_costs.split(","))):
        name, _, price = (part.strip() for part in each.partition("="))
        try:
            amount = Decimal(price)
        except InvalidOperation:
            amount = Decimal(-1)
        if name not in NEEDED or not amount.is_finite() or not 0 <= amount < 1_000:
            raise SettingsError(f"TELEMED_CARRIER_COSTS={each!r}: write twilio=0.0745,smpp=0.02.")
        found[name] = int(amount * _MICROS)
    if not re.fullmatch(r"[A-Z]{3}", settings.cost_currency):
        raise SettingsError(f"TELEMED_COST_CURRENCY={settings.cost_currency!r}: three letters, like EUR.")
    return found


def _missing(settings: Settings, name: str) -> list[str]:
    return [each for each in NEEDED[name] if not getattr(settings, each)]


def _stays_here(settings: Settings, name: str) -> bool:
    """Tell whether a carrier cannot reach anybody: the handset, or a Twilio simulated on this machine."""
    if name == HANDSET:
        return True
    simulated = urlsplit(settings.twilio_api_url)
    here = simulated.hostname in ("127.0.0.1", "::1", "localhost")
    return name in (TWILIO, TWILIO_VOICE) and simulated.scheme == "http" and here


def check_account(settings: Settings) -> None:
    """Raise SettingsError when the account's name cannot be one."""
    if not _ACCOUNT.fullmatch(settings.twilio_account_sid):
        raise SettingsError("TELEMED_TWILIO_ACCOUNT_SID is no account: it is AC and 32 digits or a–f.")


def _check_twilio(settings: Settings) -> None:
    check_account(settings)
    if not _SENDER.fullmatch(settings.twilio_from):
        raise SettingsError(
            f"TELEMED_TWILIO_FROM={settings.twilio_from!r} is no sender: a number like +35988…, or MG…."
        )


def _check_voice(settings: Settings) -> None:
    check_account(settings)
    if not _NUMBER.fullmatch(settings.twilio_voice_from):
        raise SettingsError(
            f"TELEMED_TWILIO_VOICE_FROM={settings.twilio_voice_from!r}: a number like +35932…."
        )
    if not shipped().has_all(calling.every_clip()):
        raise SettingsError(
            "TELEMED_CARRIERS names twilio_voice: first build what it says: telemed prompts build."
        )


def _check_gateway(settings: Settings) -> None:
    gateway_file.read(Path(settings.gateway_file))


def _check_smpp(settings: Settings) -> None:
    server = urlsplit(f"//{settings.smpp_server}")
    if not server.hostname or server.port is None:
        raise SettingsError(f"TELEMED_SMPP_SERVER={settings.smpp_server!r}: write host:port.")
    if not _SENDER.fullmatch(settings.smpp_sender) or settings.smpp_sender.startswith("MG"):
        raise SettingsError(f"TELEMED_SMPP_SENDER={settings.smpp_sender!r}: a number like +3598…, or a name.")


def _check_modem(settings: Settings) -> None:
    spool = Path(settings.modem_spool)
    missing = [name for name in modem.FOLDERS if not (spool / name).is_dir()]
    if missing:
        raise SettingsError(f"TELEMED_MODEM_SPOOL={settings.modem_spool!r} lacks {', '.join(missing)}.")


def mailbox(settings: Settings) -> Mailbox:
    """Return where e-mail is handed in; SettingsError when it cannot be."""
    server = urlsplit(f"//{settings.email_server}")
    here = server.hostname in ("127.0.0.1", "::1", "localhost")
    if not server.hostname or server.port is None:
        raise SettingsError(f"TELEMED_EMAIL_SERVER={settings.email_server!r}: write host:port.")
    if settings.email_security not in ("starttls", "tls", "none" if here else "tls"):
        raise SettingsError(f"TELEMED_EMAIL_SECURITY={settings.email_security!r}: starttls or tls.")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", settings.email_sender):
        raise SettingsError(f"TELEMED_EMAIL_SENDER={settings.email_sender!r} is no address.")
    account = (settings.email_user, settings.email_password)
    return Mailbox(server.hostname, server.port, settings.email_sender, settings.email_security, *account)


_CHECKS: dict[str, Callable[[Settings], object]] = {
    TWILIO: _check_twilio,
    TWILIO_VOICE: _check_voice,
    GATEWAY: _check_gateway,
    SMPP: _check_smpp,
    MODEM: _check_modem,
    EMAIL: mailbox,
}
