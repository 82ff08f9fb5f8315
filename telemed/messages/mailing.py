"""E-mail by SMTP: nothing about the patient in the subject, nothing to answer to, one address at a time."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage

from telemed.messages.port import (
    Accepted,
    CannotTell,
    Channel,
    Found,
    Lost,
    OutcomeUnknown,
    Outgoing,
    Refused,
    TryLater,
)

_TIMEOUT = 10
_BUSY = (421, 450, 451, 452)
_NO_SUCH_BOX = (550, 551, 553)


@dataclass(frozen=True)
class Mailbox:
    """Where we hand letters in and under which name; `security` is starttls, tls or none."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = ""
    subject: str = "Telemed"


class EmailProvider:
    """Hands each message to the mail server; what became of it then no mail server tells."""

    name = "email"
    channel: Channel = "email"

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def send(self, outgoing: Outgoing) -> Accepted:
        """Send one letter; only when its text was on the way can it be unknown whether it went out."""
        try:
            letter, sid = _letter(outgoing, self._mailbox)
        except (ValueError, IndexError, MessageError):
            raise Refused("invalid-number") from None
        underway = False
        try:
            with self._connection() as server:
                _say(server.mail(self._mailbox.sender))
                _say(server.rcpt(outgoing.to))
                underway = True
                _say(server.data(letter.as_bytes()))
        except smtplib.SMTPResponseException as error:
            raise _refusal(error) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if underway:
                raise OutcomeUnknown(type(error).__name__) from None
            raise TryLater("no-connection") from None
        return Accepted(sid, reported=False)

    def find(self, lost: Lost) -> Found | None:
        """Nobody can ask a mail server."""
        raise CannotTell("a mail server cannot be asked")

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        box = self._mailbox
        trust = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(box.host, box.port, timeout=_TIMEOUT, context=trust)
            if box.security == "tls"
            else smtplib.SMTP(box.host, box.port, timeout=_TIMEOUT)
        )
        try:
            if box.security == "starttls":
                server.starttls(context=trust)
            server.ehlo_or_helo_if_needed()
            if box.user:
                server.login(box.user, box.password)
            yield server
            # Whatever it says to our good-bye, it has taken the letter.
            with suppress(OSError, smtplib.SMTPException):
                server.docmd("QUIT")
        finally:
            server.close()


def _say(answer: tuple[int, bytes]) -> None:
    if answer[0] >= 400:
        raise smtplib.SMTPResponseException(*answer)


def _refusal(error: smtplib.SMTPResponseException) -> Refused | TryLater:
    code = int(error.smtp_code)
    if isinstance(error, smtplib.SMTPAuthenticationError) or code in (530, 535):
        return TryLater("sign-in")
    if code in _BUSY:
        return TryLater("throttled")
    if code in _NO_SUCH_BOX:
        return Refused("invalid-number")
    # It would not even greet us, or said nothing that can be read.
    strange = code < 0 or isinstance(error, smtplib.SMTPHeloError)
    return TryLater("no-connection") if strange else Refused(f"smtp-{code}")


def _letter(outgoing: Outgoing, box: Mailbox) -> tuple[EmailMessage, str]:
    host = box.sender.rpartition("@")[2]
    sid = f"{outgoing.reference.hex}@{host}"[:64]
    letter = EmailMessage()
    letter["Subject"] = box.subject
    letter["From"] = Address("Telemed", addr_spec=box.sender)
    letter["To"] = Address(addr_spec=outgoing.to)
    letter["Message-ID"] = f"<{sid}>"
    # Nobody's machine should answer: RFC 3834.
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(outgoing.body + "\n")
    return letter, sid
