"""A GSM modem in an office without a contract: gammu-smsd's spool of files, one file a message.

We write OUT…, the daemon sends it and moves the file to `sent` or `error`; answers lie in `inbox`.
https://docs.gammu.org/smsd/files.html
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from telemed.messages.port import Accepted, Channel, Found, Lost, Outgoing, Refused, TryLater

FOLDERS = ("outbox", "sent", "error", "inbox")
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
# OUT<priority><date>_<time>_<serial>_<recipient>_<note>.<ext>; the note is our reference.
_OUT = re.compile(r"OUT[A-Z]\d{8}_\d{6}_\d{2}_(?P<to>\+\d+)_(?P<note>[0-9a-f]{32})\.txtd?")
_IN = re.compile(
    r"IN(?P<day>\d{8})_(?P<time>\d{6})_(?P<serial>\d{2})_(?P<sender>\+?\d+)_(?P<part>\d{2})\.txt"
)
_PLACES = {"outbox": ("accepted", None), "sent": ("accepted", None), "error": ("undelivered", "once-more")}


@dataclass(frozen=True)
class Came:
    """One SMS that somebody wrote: its name in the spool, its sender, its text."""

    name: str
    sender: str
    text: str


class ModemProvider:
    """Puts messages into the spool; the folder a file lies in says how far it has come."""

    name = "modem"
    channel: Channel = "sms"

    def __init__(self, spool: Path) -> None:
        self._spool = spool

    def send(self, outgoing: Outgoing) -> Accepted:
        """Put one message into the outbox whole: the daemon never sees half a file."""
        if _NUMBER.fullmatch(outgoing.to) is None:
            raise Refused("invalid-number")
        now = datetime.now(UTC)
        name = f"OUTC{now:%Y%m%d}_{now:%H%M%S}_00_{outgoing.to}_{outgoing.reference.hex}.txt"
        sid = outgoing.reference.hex
        if self._where(sid) is not None:
            # The same message handed over again, after a crash: it lies there already.
            return Accepted(sid, reported=False)
        beside = self._spool / "outbox" / f".{name}.part"
        try:
            # A byte order mark is how the daemon knows that a text is Unicode.
            beside.write_bytes(outgoing.body.encode("utf-16"))
            os.replace(beside, self._spool / "outbox" / name)
        except OSError:
            beside.unlink(missing_ok=True)
            raise TryLater("no-connection") from None
        return Accepted(sid, reported=False)

    def find(self, lost: Lost) -> Found | None:
        """Look for the file: the spool is on this machine, so what is not there was never handed over."""
        for folder, (state, reason) in _PLACES.items():
            for sid, path in self._files(folder):
                ours = path.name.split("_")[3] == lost.to and sid not in lost.others
                if ours and _text(path) == lost.body:
                    return Found(sid, state, reason, reported=False)
        return None

    def failed(self) -> list[tuple[UUID, Path]]:
        """Return the messages that the network did not take, each with the file that says so."""
        return [(UUID(sid), path) for sid, path in self._files("error")]

    def came(self) -> list[Came]:
        """Return what people wrote, oldest first; the parts of a long one together."""
        whole: dict[tuple[str, str, str, str], list[Path]] = {}
        for path in sorted((self._spool / "inbox").glob("IN*.txt")):
            found = _IN.fullmatch(path.name)
            if found is not None:
                key = (found["day"], found["time"], found["serial"], found["sender"])
                whole.setdefault(key, []).append(path)
        return [
            Came("_".join(key[:3]), _with_plus(key[3]), "".join(_text(path) for path in paths))
            for key, paths in whole.items()
        ]

    def forget(self, came: Came) -> None:
        """Take what was stored out of the inbox."""
        for path in (self._spool / "inbox").glob(f"IN{came.name}_*.txt"):
            path.unlink(missing_ok=True)

    def _where(self, sid: str) -> str | None:
        return next(
            (folder for folder in _PLACES if any(sid == each for each, _ in self._files(folder))), None
        )

    def _files(self, folder: str) -> Iterator[tuple[str, Path]]:
        for path in sorted((self._spool / folder).glob("OUT*")):
            found = _OUT.fullmatch(path.name)
            if found is not None:
                yield found["note"], path


def _text(path: Path) -> str:
    raw = path.read_bytes()
    unicode_marks = (b"\xff\xfe", b"\xfe\xff")
    return raw.decode("utf-16" if raw.startswith(unicode_marks) else "utf-8", "replace")


def _with_plus(number: str) -> str:
    return number if number.startswith("+") else f"+{number}"
