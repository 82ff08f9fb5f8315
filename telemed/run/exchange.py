"""The demo's telephone exchange: a Twilio simulated on this machine; its telephones stand on a demo page."""

import signal
from threading import Event
from uuid import UUID

import click

from telemed import database, deployment
from telemed.deployment import DemoClock
from telemed.messages.handset import RANG, Handset
from telemed.messages.port import Outgoing
from telemed.messages.simulated_twilio.ledger import Call, Message
from telemed.messages.simulated_twilio.live import LivePhones
from telemed.messages.simulated_twilio.provider import SimulatedTwilio
from telemed.messages.simulated_twilio.server import serve
from telemed.messages.simulated_twilio.webhooks import post_over_http
from telemed.run.refusal import WrongSettings
from telemed.settings import Settings


@click.command(help="Run the simulated Twilio of a demo.")
@click.pass_obj
def command(settings: Settings) -> None:
    """Carry the demo's SMS and calls until the process is told to stop."""
    if not (settings.demo and settings.exchange_port):
        raise WrongSettings("The exchange needs TELEMED_DEMO=1 and TELEMED_EXCHANGE_PORT.")
    engine = database.connect(settings.database_url)
    deployment.guard(engine, settings.demo)
    clock = DemoClock(engine)

    def show(taken: Message | Call) -> None:
        """Let a telephone show what has come; the last part but one of a webhook's address is our message."""
        body = taken.body if isinstance(taken, Message) else RANG
        address = taken.fields.get("StatusCallback", "")
        with database.write(engine) as connection:
            Handset(connection).show(Outgoing(taken.to, body, _reference(address)), clock.now())

    provider = SimulatedTwilio(
        now=clock.now,
        account=settings.twilio_account_sid,
        token=settings.twilio_auth_token,
        post=post_over_http(f"http://{settings.host}:{settings.port}"),
        taken=show,
        phones=LivePhones(),
    )
    over = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with serve(provider, port=settings.exchange_port):
        over.wait()
    engine.dispose()


def _reference(address: str) -> UUID:
    return UUID(address.rstrip("/").split("/")[-2])
