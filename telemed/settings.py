"""Every setting of the service, read from the environment exactly once."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SettingsError(Exception):
    """A setting is missing or cannot be understood; the message names it and the remedy."""


def _setting(default: Any, about: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"about": about, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """What an operator can decide; the variable is ``TELEMED_`` plus the name in capitals."""

    demo: bool = _setting(False, "Demo mode: demo accounts, simulated handset, domain clock.")
    demo_rest_seconds: int = _setting(
        20,
        "How long a demo lets somebody rest before and between measurements; elsewhere five minutes and one.",
    )
    data_dir: Path = _setting(Path("var"), "Folder for the embedded database, broker and spool.")
    database_url: str = _setting(
        "", "SQLAlchemy address of the database; empty means SQLite in the data folder.", secret=True
    )
    broker_url: str = _setting("", "Celery's broker; empty means a spool in the data folder.", secret=True)
    secret_key: str = _setting(
        "", "The one secret (at least 32 characters) from which all keys are made.", secret=True
    )
    public_origin: str = _setting("http://127.0.0.1:8000", "The address people's browsers use.")
    host: str = _setting("127.0.0.1", "Address the web process listens on.")
    port: int = _setting(8000, "Port the web process listens on.")
    web_threads: int = _setting(64, "Threads of the web process; each open socket holds one.")
    proxies: int = _setting(
        0, "Proxies of ours in front: that many say who really asks; with none, nobody is believed."
    )
    media_port: int = _setting(8001, "Loopback port of the media process.")
    country: str = _setting("bg", "Country pack in force.")
    languages: str = _setting(
        "", "Languages of the kiosks in their order, like bg,en,tr; empty: the country's (docs/languages.md)."
    )
    reviews: str = _setting("", "Folder with reviews of the kiosks' texts that were made here.")
    switch_seconds: float = _setting(
        0.0, "How long each button of a kiosk has the focus, for who has one switch only; 0: it stays put."
    )
    time_zone: str = _setting("Europe/Sofia", "Zone of the service itself; each site has its own.")
    tick_seconds: float = _setting(5.0, "How often the worker looks for what is due.")
    send_at_once: int = _setting(16, "How many messages one worker hands to carriers at the same time.")
    ring_seconds: float = _setting(
        180.0, "How long it rings for one doctor before it rings for the next; an emergency a third of it."
    )
    alarm_seconds: float = _setting(
        180.0, "How long a doctor has to say that they saw an alarm or call for help before it is passed on."
    )
    scores: str = _setting(
        "",
        "Decision support shown to clinicians, at least class IIa in the EU, for which you answer "
        "(docs/safety): news2,iitt,bp,bmi,glucose; empty: none.",
    )
    bp_scheme: str = _setting("ESH2023", "Scheme of the blood pressure grade: ESH2023 or ESC2024.")
    desk_phone: str = _setting("", "Whom to call when an SMS comes too late; empty: the counter.")
    carriers: str = _setting(
        "", "Who carries messages, in the order they are tried; empty: the country's order, as far as set up."
    )
    carrier_costs: str = _setting("", "What a segment, a call or an e-mail costs: twilio=0.0745,smpp=0.02.")
    cost_currency: str = _setting("EUR", "The currency of these costs.")
    twilio_account_sid: str = _setting("", "Twilio account.", secret=True)
    twilio_auth_token: str = _setting("", "Twilio token; also verifies its webhooks.", secret=True)
    twilio_from: str = _setting("", "Sender: a number, or the SID of a messaging service (MG…).")
    twilio_voice_from: str = _setting("", "Number from which calls come, like +35932…; empty: no calls.")
    twilio_api_url: str = _setting("", "Other base address for Twilio's API, for tests and gateways.")
    gateway_file: str = _setting("", "File that describes an HTTP gateway for SMS (docs/run/carriers.md).")
    gateway_secret: str = _setting("", "What {secret} stands for in that file.", secret=True)
    smpp_server: str = _setting("", "A mobile operator's SMPP centre, host:port.")
    smpp_user: str = _setting("", "Our name there (system_id).")
    smpp_password: str = _setting("", "Password for it.", secret=True)
    smpp_sender: str = _setting("", "Sender of our SMS there: a number like +3598…, or a name.")
    smpp_tls: bool = _setting(False, "Whether the line to it is encrypted by TLS.")
    modem_spool: str = _setting("", "Folder with gammu-smsd's outbox, sent, error and inbox.")
    email_server: str = _setting("", "Mail server that takes our e-mail, host:port.")
    email_security: str = _setting("starttls", "How to talk to it: starttls, tls or none (loopback only).")
    email_user: str = _setting("", "Name to sign in with at the mail server; empty: no sign-in.")
    email_password: str = _setting("", "Password for it.", secret=True)
    email_sender: str = _setting("", "Address that our e-mail comes from.")
    exchange_port: int = _setting(
        0, "Loopback port of the demo's simulated Twilio; 0: SMS are shown without one, and nobody is rung."
    )
    relays: str = _setting("coturn", "Whose relays carry calls: coturn, or twilio (docs/run/relay.md).")
    turn_urls: str = _setting("", "Relays, comma-separated (turn:host:3478?transport=udp,…).")
    turn_secret: str = _setting("", "Shared secret of the relays (coturn static-auth-secret).", secret=True)
    log_level: str = _setting("INFO", "Least level that is logged.")

    def key(self, purpose: str) -> bytes:
        """Return the 32-byte key for one purpose, derived from the one secret (HKDF, RFC 5869)."""
        derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"telemed:{purpose}".encode())
        return derived.derive(self.secret_key.encode())

    def media_token(self) -> str:
        """What the web process shows the media process, so that nobody else on this machine is answered."""
        return self.key("media").hex()


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings, fill in the embedded defaults and refuse what cannot work."""
    values = {
        item.name: _parse(item.name, environ[_variable(item.name)], item.default)
        for item in fields(Settings)
        if environ.get(_variable(item.name), "") != ""
    }
    _embedded_defaults(values)
    if not values.get("secret_key"):
        if not values.get("demo"):
            raise SettingsError("Set TELEMED_SECRET_KEY to at least 32 random characters.")
        values["secret_key"] = _demo_secret(values["data_dir"])
    if values.get("demo") and values.get("exchange_port"):
        values |= _simulated_account(values["exchange_port"], values["secret_key"])
    if len(values["secret_key"]) < 32:
        raise SettingsError("TELEMED_SECRET_KEY is shorter than 32 characters.")
    return Settings(**values)


def describe(settings: Settings, environ: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """List variable, value (secrets masked), source and meaning of every setting."""
    rows = []
    for item in fields(Settings):
        variable = _variable(item.name)
        value = str(getattr(settings, item.name))
        shown = "********" if item.metadata["secret"] and value else value
        source = "environment" if environ.get(variable) else "default"
        rows.append((variable, shown, source, str(item.metadata["about"])))
    return rows


def _variable(name: str) -> str:
    return f"TELEMED_{name.upper()}"


def _parse(name: str, text: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                text.lower()
            ]
        return type(default)(text)
    except (KeyError, ValueError) as error:
        raise SettingsError(f"{_variable(name)}={text!r} is not a {type(default).__name__}.") from error


def _embedded_defaults(values: dict[str, Any]) -> None:
    data_dir = Path(values.get("data_dir", "var")).absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    values["data_dir"] = data_dir
    values.setdefault("database_url", f"sqlite:///{data_dir / 'telemed.db'}")
    values.setdefault("broker_url", "filesystem://")


def _simulated_account(port: int, secret: str) -> dict[str, str]:
    """The account at the demo's own exchange: whatever else is set, a demo knows no other."""
    return {
        "twilio_api_url": f"http://127.0.0.1:{port}",
        "twilio_account_sid": "AC" + "0" * 32,
        "twilio_auth_token": hashlib.sha256(f"exchange:{secret}".encode()).hexdigest()[:32],
        "twilio_from": "Telemed",
        "twilio_voice_from": "+35920000000",
    }


def _demo_secret(data_dir: Path) -> str:
    """Keep one random secret per demo folder, so that a restart does not sign everybody out."""
    path = data_dir / "demo-secret"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()
