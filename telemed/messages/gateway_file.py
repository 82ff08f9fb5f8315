"""What an operator writes down about an HTTP gateway: how it is asked, how its answers are read."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from telemed.settings import SettingsError

PLACES = ("to", "body", "reference", "callback", "secret")
STATES = ("accepted", "delivered", "undelivered", "failed")
# In what a gateway calls a code: somebody's number or address, or a sentence that may hold one.
_TELLING = re.compile(r"\d{7}|[@\s]")
_PLACE = re.compile(r"\{([a-z_]*)\}")


@dataclass(frozen=True)
class Gateway:
    """One gateway; fields and headers are templates, paths like `messages.0.id` lead into its JSON."""

    url: str
    fields: Mapping[str, str]
    method: str = "POST"
    body: str = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    ok: tuple[int, ...] = (200, 201, 202)
    id: str = "id"
    error: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    report: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    inbound: Mapping[str, str] = field(default_factory=dict)


def read(path: Path) -> Gateway:
    """Read the file; SettingsError names what cannot be understood."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        request, answer = told["request"], told.get("answer", {})
        report = dict(told.get("report", {}))
        states = report.pop("states", {})
        gateway = Gateway(
            url=request["url"],
            fields=request["fields"],
            method=request.get("method", "POST"),
            body=request.get("body", "json"),
            headers=request.get("headers", {}),
            ok=tuple(answer.get("ok", Gateway.ok)),
            id=answer.get("id", Gateway.id),
            error=answer.get("error", ""),
            errors=answer.get("errors", {}),
            report=report,
            states=states,
            inbound=told.get("inbound", {}),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as error:
        raise SettingsError(f"TELEMED_GATEWAY_FILE={str(path)!r} cannot be read: {error!r}.") from error
    _check(gateway, path)
    return gateway


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values into the places of a template."""
    return _PLACE.sub(lambda found: values[found[1]], template)


def at(told: Any, path: str) -> str:
    """Return what stands at a path of a JSON answer, as text; empty when nothing does."""
    for step in path.split("."):
        if isinstance(told, list) and step.isdecimal() and int(step) < len(told):
            told = told[int(step)]
        elif isinstance(told, Mapping):
            told = told.get(step)
        else:
            return ""
    return str(told) if isinstance(told, str | int) and not isinstance(told, bool) else ""


def code_kept(code: str, errors: Mapping[str, str]) -> str:
    """Return what is kept of an error: the operator's word for it, or the bare code, never an address."""
    return errors.get(code) or ("other" if _TELLING.search(code) else code)


def _check(gateway: Gateway, path: Path) -> None:
    address = urlsplit(gateway.url)
    here = address.hostname in ("127.0.0.1", "::1", "localhost")
    templates = [gateway.url, *gateway.fields.values(), *gateway.headers.values()]
    unknown = {place for each in templates for place in _PLACE.findall(str(each)) if place not in PLACES}
    problems = {
        "url must be https": address.scheme != "https" and not (here and address.scheme == "http"),
        "no person may stand in the url": any(f"{{{each}}}" in gateway.url for each in ("to", "body")),
        "method is POST or PUT": gateway.method not in ("POST", "PUT"),
        "body is json or form": gateway.body not in ("json", "form"),
        "fields need {to} and {body}": not all(
            any(f"{{{each}}}" in str(value) for value in gateway.fields.values()) for each in ("to", "body")
        ),
        f"unknown places {sorted(unknown)}": bool(unknown),
        f"states are {', '.join(STATES)}": not set(gateway.states.values()) <= set(STATES),
    }
    wrong = [problem for problem, is_so in problems.items() if is_so]
    if wrong:
        raise SettingsError(f"TELEMED_GATEWAY_FILE={str(path)!r}: {'; '.join(wrong)}.")
