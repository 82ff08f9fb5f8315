"""E-mail against a small mail server of our own: what it gets, and what each of its answers means."""

import socketserver
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from threading import Thread

import pytest

from scheduling.ids import uuid7
from telemed.messages.mailing import EmailProvider, Mailbox
from telemed.messages.port import CannotTell, Lost, OutcomeUnknown, Outgoing, Refused, SendError, TryLater
from tests.build import NOW

ADDRESS = "ana@example.org"


@dataclass
class FakeMailServer:
    """Answers each command as it is told; it can hang up once the letter has come."""

    says: dict[str, str] = field(default_factory=dict)
    hangs_up_after: str = ""
    letters: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def server() -> Iterator[FakeMailServer]:
    fake = FakeMailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline():
                word = line.decode().split()[0].upper() if line.strip() else ""
                fake.commands.append(line.decode().strip())
                if word == "DATA" and "DATA" not in fake.says:
                    self.say("354 go on")
                    fake.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    word = "LETTER"
                if fake.hangs_up_after == word:
                    return
                self.say(fake.says.get(word, "250 ok"))
                if word == "QUIT":
                    return

        def say(self, answer: str) -> None:
            self.wfile.write(answer.encode() + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as tcp:
        tcp.daemon_threads = True
        fake.port = tcp.server_address[1]
        thread = Thread(target=tcp.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield fake
        tcp.shutdown()
        thread.join()


def provider(server: FakeMailServer, **account: str) -> EmailProvider:
    return EmailProvider(Mailbox("127.0.0.1", server.port, "telemed@example.org", security="none", **account))


def letter() -> Outgoing:
    return Outgoing(ADDRESS, "Телемед: утре 9:20, поща Коритен", uuid7())


def sent(server: FakeMailServer) -> Message:
    [raw] = server.letters
    return message_from_bytes(raw, policy=default)


def test_the_letter_says_nothing_in_its_subject_and_wants_no_answer(server: FakeMailServer) -> None:
    outgoing = letter()
    accepted = provider(server).send(outgoing)
    came = sent(server)
    assert (came["Subject"], came["To"], came["Auto-Submitted"]) == ("Telemed", ADDRESS, "auto-generated")
    assert came["Message-ID"] == f"<{accepted.sid}>"
    assert not accepted.reported
    assert came.get_payload(decode=True).decode().strip() == outgoing.body  # type: ignore[union-attr]  # one part


@pytest.mark.parametrize(
    ("says", "expected", "reason"),
    [
        ({"RCPT": "550 no such user"}, Refused, "invalid-number"),
        ({"RCPT": "451 greylisted"}, TryLater, "throttled"),
        ({"LETTER": "554 spam"}, Refused, "smtp-554"),
        ({"LETTER": "452 full"}, TryLater, "throttled"),
        ({"MAIL": "530 sign in first"}, TryLater, "sign-in"),
        ({"EHLO": "500 what", "HELO": "500 what"}, TryLater, "no-connection"),
    ],
)
def test_what_each_answer_means(
    server: FakeMailServer, says: dict[str, str], expected: type[SendError], reason: str
) -> None:
    server.says = says
    with pytest.raises(SendError) as refused:
        provider(server).send(letter())
    assert (type(refused.value), refused.value.reason) == (expected, reason)
    assert ADDRESS not in str(refused.value)


def test_a_server_that_hangs_up_after_the_letter_leaves_the_outcome_unknown(server: FakeMailServer) -> None:
    server.hangs_up_after = "LETTER"
    with pytest.raises(OutcomeUnknown):
        provider(server).send(letter())
    assert len(server.letters) == 1


@pytest.mark.parametrize("goodbye", ["250 ok", "421 closing", "554 no"])
def test_whatever_it_says_at_the_end_it_has_taken_the_letter(server: FakeMailServer, goodbye: str) -> None:
    server.says = {"QUIT": goodbye}
    assert provider(server).send(letter()).sid
    assert len(server.letters) == 1


def test_a_server_that_hangs_up_before_it_has_seen_nothing(server: FakeMailServer) -> None:
    server.hangs_up_after = "MAIL"
    with pytest.raises(TryLater):
        provider(server).send(letter())
    assert server.letters == []


def test_a_line_in_an_address_adds_no_header_and_no_recipient(server: FakeMailServer) -> None:
    with pytest.raises(SendError):
        provider(server).send(Outgoing("ana@example.org\r\nBcc: eve@example.org", "текст", uuid7()))
    assert server.letters == []


def test_nobody_can_ask_a_mail_server(server: FakeMailServer) -> None:
    with pytest.raises(CannotTell):
        provider(server).find(Lost(ADDRESS, "текст", NOW))
