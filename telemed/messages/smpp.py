"""SMPP 3.4, the line to a mobile operator: one bound session, kept by a thread; only the worker loads it."""

import logging
import ssl
import struct
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import RLock, Thread
from typing import Any

from smpplib import consts, smpp
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as LineBroken
from smpplib.exceptions import PDUError, UnknownCommandError

from telemed.messages.port import (
    Accepted,
    CannotTell,
    Channel,
    Found,
    Lost,
    OutcomeUnknown,
    Outgoing,
    Refused,
    SendError,
    TryLater,
)
from telemed.messages.smpp_texts import Came, Receipt, came, cut, receipt

# Returns whether it was stored; what was not, the operator brings again.
Heard = Callable[[Receipt | Came], bool]

_TIMEOUT = 10
_RECEIPT_CLASS, _HEADER_CLASS, _TEMPORARY = 0x04, 0x40, 0x64
_THROTTLED = {0x14: "throttled", 0x58: "throttled"}
_REFUSED = {0x0A: "sender", 0x0B: "invalid-number", 0x33: "invalid-number", 0x48: "sender", 0x61: "sender"}
# The operator's own failure: it may have gone out all the same.
_THEIR_FAULT = (0x08, 0x45, 0x64, 0x65, 0xFF)

_BROKEN: tuple[type[Exception], ...] = (
    *(LineBroken, PDUError, UnknownCommandError, OSError, struct.error),
    *(ValueError, LookupError, AttributeError, TypeError),
)

# The library logs every byte, numbers and texts among them.
_SILENT = "telemed.messages.smpp.sdk"
logging.getLogger(_SILENT).disabled = True


@dataclass(frozen=True)
class Operator:
    """Where the operator's centre is, and who we are there."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    tls: bool = False


class _Line(Client):  # type: ignore[misc]  # the library has no types
    """The library's client, safe to write to from several threads."""

    def __init__(self, operator: Operator) -> None:
        self.lock = RLock()
        trust = ssl.create_default_context() if operator.tls else None
        super().__init__(
            operator.host, operator.port, _TIMEOUT, None, _SILENT, trust, allow_unknown_opt_params=True
        )

    def next_sequence(self) -> Any:
        """Number the next PDU; its reader numbers some as well."""
        with self.lock:
            return super().next_sequence()

    def send_pdu(self, p: Any) -> Any:
        """Write one PDU whole."""
        with self.lock:
            return super().send_pdu(p)


@dataclass
class _Session:
    """One bound line, its reader, and who waits for which answer."""

    line: _Line
    hear: Callable[[Any], int]
    waiting: "dict[int, Future[Any]]" = field(default_factory=dict)
    over: bool = False

    def read(self) -> None:
        """Read until the line breaks; whoever still waits then will never know."""
        self.line.set_message_sent_handler(self._answered)
        self.line.set_message_received_handler(lambda pdu, **_: self.hear(pdu))
        self.line.set_error_pdu_handler(lambda pdu: None)
        try:
            while not self.over:
                self.line.read_once()
        except _BROKEN:
            # Bytes that are no PDU end the session as well: nobody knows where the next would begin.
            return
        finally:
            self.over = True
            self.line.disconnect()
            for waits in list(self.waiting.values()):
                if not waits.done():
                    waits.set_exception(OutcomeUnknown("line-broke"))

    def submit(self, **fields: Any) -> Any:
        """Hand one part over and wait for its answer."""
        pdu = smpp.make_pdu("submit_sm", client=self.line, **fields)
        sequence, waits = int(pdu.sequence), Future[Any]()
        # Before it is written: the reader may have the answer sooner than we go on.
        self.waiting[sequence] = waits
        try:
            self.line.send_pdu(pdu)
        except (LineBroken, PDUError, OSError, AttributeError):
            self.over = True
            self.waiting.pop(sequence, None)
            raise OutcomeUnknown("line-broke") from None
        try:
            return waits.result(_TIMEOUT)
        except TimeoutError:
            raise OutcomeUnknown("no-answer") from None
        finally:
            self.waiting.pop(sequence, None)

    def _answered(self, pdu: Any, **_: Any) -> None:
        waits = self.waiting.get(pdu.sequence)
        if waits is not None and not waits.done():
            waits.set_result(pdu)


class SmppProvider:
    """Sends over one session; binds again by itself, and never repeats what it has handed over."""

    name = "smpp"
    channel: Channel = "sms"

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self._lock = RLock()
        self._session: _Session | None = None
        self._heard: Heard | None = None
        self._series = 0

    def listen(self, heard: Heard) -> None:
        """Bring receipts and answers here; what cannot be stored now the operator is asked to bring again."""
        self._heard = heard

    def stay(self) -> bool:
        """Keep the line up, so that people's answers come in although nothing is sent; false: it is down."""
        try:
            self._bound()
        except SendError:
            return False
        return True

    def close(self) -> None:
        """Put the line down."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.over = True
            session.line.disconnect()

    def send(self, outgoing: Outgoing) -> Accepted:
        """Hand all parts over; once the first is gone, whatever goes wrong leaves the outcome unknown."""
        session = self._bound()
        with self._lock:
            self._series += 1
            parts, coding = cut(outgoing.body, self._series)
        sid = ""
        for number, part in enumerate(parts, 1):
            last = number == len(parts)
            answer = session.submit(**self._fields(outgoing.to, part, coding, len(parts), last))
            if answer.status != consts.SMPP_ESME_ROK:
                raise OutcomeUnknown("half-sent") if number > 1 else _refusal(answer.status)
            sid = _text(answer.message_id)
        if not sid or len(sid) > 64:
            raise OutcomeUnknown("no-id")
        return Accepted(sid)

    def find(self, lost: Lost) -> Found | None:
        """An operator is asked by its own name for a message, which is just what is missing."""
        raise CannotTell("an operator cannot be asked by number and text")

    def _bound(self) -> _Session:
        with self._lock:
            if self._session is not None and not self._session.over:
                return self._session
            line = _Line(self._operator)
            try:
                line.connect()
                line.bind_transceiver(system_id=self._operator.user, password=self._operator.password)
            except PDUError as error:
                line.disconnect()
                denied = len(error.args) > 1 and error.args[1] in (0x0D, 0x0E, 0x0F)
                raise TryLater("sign-in" if denied else "no-connection") from None
            except (LineBroken, OSError, ValueError, KeyError, AttributeError):
                line.disconnect()
                raise TryLater("no-connection") from None
            self._session = _Session(line, self._hear)
            Thread(target=self._session.read, name="smpp", daemon=True).start()
            return self._session

    def _hear(self, pdu: Any) -> int:
        """Store what came; only then is it acknowledged."""
        if self._heard is None or pdu.command != "deliver_sm":
            return _TEMPORARY
        body = pdu.short_message or pdu.message_payload or b""
        told: Receipt | Came | None
        if pdu.esm_class & _RECEIPT_CLASS:
            told = receipt(body, _text(pdu.receipted_message_id) or None, pdu.message_state)
        else:
            told = came(_text(pdu.source_addr), body, pdu.data_coding, bool(pdu.esm_class & _HEADER_CLASS))
        # What cannot be read now cannot be read later either.
        stored = told is None or self._heard(told)
        return int(consts.SMPP_ESME_ROK) if stored else _TEMPORARY

    def _fields(self, to: str, part: bytes, coding: int, parts: int, last: bool) -> dict[str, Any]:
        sender = self._operator.sender
        number = sender.startswith("+")
        return {
            "source_addr_ton": 1 if number else 5,
            "source_addr_npi": 1 if number else 0,
            "source_addr": sender.removeprefix("+"),
            "dest_addr_ton": 1,
            "dest_addr_npi": 1,
            "destination_addr": to.removeprefix("+"),
            "short_message": part,
            "data_coding": coding,
            "esm_class": _HEADER_CLASS if parts > 1 else 0,
            # One receipt is enough: the last part's.
            "registered_delivery": int(last),
        }


def _refusal(status: int) -> Refused | TryLater | OutcomeUnknown:
    if status in _THROTTLED:
        return TryLater(_THROTTLED[status])
    if status in _THEIR_FAULT:
        return OutcomeUnknown(f"smpp-{status:x}")
    return Refused(_REFUSED.get(status, f"smpp-{status:x}"))


def _text(value: Any) -> str:
    raw = value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
    return raw.rstrip("\0")
