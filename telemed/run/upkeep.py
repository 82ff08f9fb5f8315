"""What an operator asks of a database and a configuration: upgrade, check, verify, show."""

import os
import sys

import click

from telemed import database, migrations, offering, settings
from telemed.messages.callbacks import callbacks_of
from telemed.records.access_store import AccessStore
from telemed.settings import Settings


@click.group(help="The database: upgrade it, check its promises.")
def db() -> None:
    """Group the database commands."""


@db.command(help="Bring the database to the newest revision.")
@click.pass_obj
def upgrade(config: Settings) -> None:
    """Run the migrations."""
    migrations.upgrade(database.connect(config.database_url))
    click.echo(f"Database at revision {migrations.head()}.")


@db.command(help="Prove that the database refuses what it must refuse.")
@click.pass_obj
def check(config: Settings) -> None:
    """Try to take a slot twice and to change the access log; both must be refused."""
    problems = migrations.check(database.connect(config.database_url))
    _report(problems, "The database keeps its promises.")


@click.group(help="The access log.")
def audit() -> None:
    """Group the audit commands."""


@audit.command(help="Verify every owner's chain and the daily seals.")
@click.pass_obj
def verify(config: Settings) -> None:
    """Verify the access log; exits 1 and names the broken places."""
    with database.read(database.connect(config.database_url)) as connection:
        log = AccessStore(connection)
        (count, faults), last = log.verify_all(config.key("access-log")), log.last_seal()
    places = [f"{fault.owner_id or 'seal'}, entry {fault.seq}: {fault.reason}" for fault in faults]
    # What was cut off with its seals leaves nothing broken; only what the worker logged that day tells of it.
    if last is not None:
        click.echo(f"The last seal is of {last[0]}: {last[1]}. The worker logged it then as records.sealed.")
    _report(places, f"Every chain of the access log is whole: {count} entries.")


@click.command(help="Print every setting and where it comes from; secrets are masked.")
@click.pass_obj
def config(current: Settings) -> None:
    """Print the settings as a table."""
    for variable, value, source, about in settings.describe(current, os.environ):
        click.echo(f"{variable:28} {value or '-':40} {source:12} {about}")
    speak = ", ".join(offering.spoken(current))
    click.echo(f"The kiosks speak {speak}." if speak else f"Kiosks: {offering.NOT_READY}.")


@click.command(help="Print the addresses at which carriers bring what people write.")
@click.pass_obj
def webhooks(current: Settings) -> None:
    """Print the addresses to enter at the carriers; each but Twilio's holds a secret token."""
    callbacks = callbacks_of(current)
    click.echo(f"twilio   {current.public_origin.rstrip('/')}/sms/inbound")
    click.echo(f"gateway  {callbacks.inbound('gateway')}")


def _report(problems: list[str], all_well: str) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo(all_well)
