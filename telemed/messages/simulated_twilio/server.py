"""The simulated provider on a loopback port: as much HTTP as Twilio's API uses, and its misbehaviour."""

import base64
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from telemed.messages.simulated_twilio import faults, people, resources
from telemed.messages.simulated_twilio.behaviour import Answering, Behaviour
from telemed.messages.simulated_twilio.faults import Fault
from telemed.messages.simulated_twilio.ledger import Asked
from telemed.messages.simulated_twilio.provider import SimulatedTwilio

_RESOURCE = re.compile(r"/2010-04-01/Accounts/(AC\w{32})/(Messages|Calls|Tokens)(?:/(\w{34}))?\.json")
TOKENS = "tokens"
"""Under this name the script says what requests for tokens meet: they are about no number."""

# How often webhooks that have fallen due are looked for (real seconds).
_PUMP = 0.02
_LONGEST_HANG = 60.0


class Answer(NamedTuple):
    """One HTTP answer."""

    status: int
    body: dict[str, Any]
    headers: tuple[tuple[str, str], ...] = ()


class RunningTwilio(NamedTuple):
    """A provider and the address under which the SDK finds it."""

    provider: SimulatedTwilio
    address: str


@contextmanager
def serve(provider: SimulatedTwilio, *, port: int = 0, pumping: bool = True) -> Iterator[RunningTwilio]:
    """Serve the API until the block ends; without pumping, webhooks go only when `deliver` is called."""
    over = Event()
    server = _Server(("127.0.0.1", port), _handler(provider, over))
    threads = [Thread(target=server.serve_forever, kwargs={"poll_interval": _PUMP})]
    if pumping:
        threads.append(Thread(target=_pump, args=(provider, over)))
    for thread in threads:
        thread.start()
    try:
        yield RunningTwilio(provider, f"http://127.0.0.1:{server.server_port}")
    finally:
        over.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        # A worker that was killed, or that waited long enough, is no error of ours.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # any socket


def _pump(provider: SimulatedTwilio, over: Event) -> None:
    while not over.wait(_PUMP):
        provider.deliver()


def _handler(provider: SimulatedTwilio, over: Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One packet an answer: two of them wait for each other's acknowledgement.
        wbufsize = 65_536

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._handle(_flat(self.rfile.read(length).decode()))

        def do_GET(self) -> None:
            self._handle(None)

        def _handle(self, fields: dict[str, str] | None) -> None:
            parts = urlsplit(self.path)
            found = _RESOURCE.fullmatch(parts.path)
            if not _is_ours(provider, self.headers.get("Authorization", "")):
                self._send(_refused(faults.UNAUTHENTICATED))
            elif parts.path.startswith("/phones/"):
                self._send(Answer(200, people.ask(provider, parts.path, fields or _flat(parts.query))))
            elif found is None or found[1] != provider.account:
                self._send(_refused(faults.NOT_FOUND))
            elif fields is not None and found[3]:
                self._send(_ended(provider, found[2], found[3], fields))
            elif fields is None:
                self._send(_read(provider, found[2], found[3], parts.path, _flat(parts.query)))
            else:
                self._create(found[2], parts.path, fields)

        def _create(self, kind: str, path: str, fields: dict[str, str]) -> None:
            behaviour = provider.behaviour(TOKENS if kind == "Tokens" else fields.get("To", ""))
            over.wait(behaviour.pause)
            answer = _created(provider, kind, fields, behaviour)
            how = behaviour.answering
            outcome = how.name if answer.status in (201, 429, 500) else str(answer.body["code"])
            provider.ledger.add(Asked("POST", path, fields.get("To", ""), provider.now(), outcome))
            if how in (Answering.HANGS_BEFORE, Answering.HANGS_AFTER):
                over.wait(_LONGEST_HANG)
            if how in (Answering.HANGS_BEFORE, Answering.HANGS_AFTER, Answering.DROPS_AFTER):
                self.close_connection = True
            elif how is Answering.GARBLES_AFTER:
                self._write(201, b"<html>\xff\xfe", ())
            else:
                self._send(answer)

        def _send(self, answer: Answer) -> None:
            self._write(answer.status, json.dumps(answer.body).encode(), answer.headers)

        def _write(self, status: int, body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
            self.send_response(status)
            for name, value in (("Content-Type", "application/json"), *headers):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the ledger has it."""

    return Handler


def _created(provider: SimulatedTwilio, kind: str, fields: dict[str, str], behaviour: Behaviour) -> Answer:
    how = behaviour.answering
    if how is Answering.THROTTLES:
        wait = behaviour.retry_after
        return _refused(faults.THROTTLED, () if wait is None else (("Retry-After", str(wait)),))
    refusal = _REFUSALS[kind](provider, fields)
    if refusal is not None:
        return _refused(refusal)
    if not how.takes:
        return _refused(faults.BROKEN)
    if kind == "Messages":
        message = provider.accept(fields, behaviour)
        made = resources.message_json(message, provider.account, message.at)
    elif kind == "Tokens":
        token = provider.make_token(fields)
        made = resources.token_json(token, provider.account, provider.relays(token))
    else:
        made = resources.call_json(provider.accept_call(fields, behaviour), provider.account)
    return _refused(faults.BROKEN) if how is Answering.FAILS_AFTER else Answer(201, made)


_REFUSALS: dict[str, Callable[[SimulatedTwilio, dict[str, str]], Fault | None]] = {
    "Messages": lambda provider, fields: provider.refusal(fields),
    "Calls": lambda _provider, fields: faults.fault_of_a_call(fields),
    "Tokens": lambda _provider, fields: faults.fault_of_a_token(fields),
}


def _ended(provider: SimulatedTwilio, kind: str, sid: str, fields: dict[str, str]) -> Answer:
    """Change one call: it can only be ended."""
    call = provider.end_call(sid) if kind == "Calls" and fields.get("Status") == "completed" else None
    if call is None:
        return _refused(faults.NOT_FOUND)
    return Answer(200, resources.call_json(call, provider.account))


def _read(provider: SimulatedTwilio, kind: str, sid: str | None, path: str, query: dict[str, str]) -> Answer:
    now = provider.now()
    if kind == "Tokens":
        return _refused(faults.NOT_FOUND)
    if kind == "Messages":
        shown = (
            provider.ledger.messages() if sid else resources.listed(provider.ledger.messages(), query, now)
        )
        entries = [resources.message_json(each, provider.account, now) for each in shown]
    else:
        calls = reversed(provider.ledger.calls(query.get("To")))
        entries = [resources.call_json(each, provider.account) for each in calls]
    if sid is None:
        return Answer(200, resources.page(entries, query, path, kind.lower()))
    found = [each for each in entries if each["sid"] == sid]
    return Answer(200, found[0]) if found else _refused(faults.NOT_FOUND)


def _refused(fault: Fault, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(fault.status, resources.fault_json(fault), headers)


def _is_ours(provider: SimulatedTwilio, header: str) -> bool:
    expected = base64.b64encode(f"{provider.account}:{provider.token}".encode()).decode()
    return header == f"Basic {expected}"


def _flat(encoded: str) -> dict[str, str]:
    """A field given several times (the events of a call) is joined by spaces."""
    fields: Mapping[str, list[str]] = parse_qs(encoded, keep_blank_values=True)
    return {name: " ".join(values) for name, values in fields.items()}
