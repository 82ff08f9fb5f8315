"""Other systems from the command line: who may ask, for what, with which key."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TextIO
from uuid import UUID

import click
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from scheduling.errors import NotFound
from scheduling.ids import uuid7
from telemed import clock, database, deployment
from telemed.accounts.clients import ApiClient, ClientStore
from telemed.accounts.scopes import is_scope
from telemed.services import Services, build
from telemed.settings import Settings

PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}
SHORTEST_RSA = 2048


@click.group(help="Other systems that may ask over FHIR.")
def clients() -> None:
    """Group the commands about other systems."""


@clients.command(help="Register a system; prints its id and how it gets tokens.")
@click.argument("name")
@click.option("--facility", type=click.UUID, help="The facility whose data it sees; without it, everybody's.")
@click.option("--scope", "scopes", multiple=True, required=True, help="Such as system/Slot.rs; repeat it.")
@click.option("--jwks", type=click.File("r"), required=True, help="File with the public keys of the system.")
@click.pass_obj
def add(config: Settings, name: str, facility: UUID | None, scopes: tuple[str, ...], jwks: TextIO) -> None:
    """Register one system after checking what it brings."""
    wrong = [scope for scope in scopes if not is_scope(scope)]
    if wrong:
        raise click.ClickException(f"{wrong[0]!r} is no scope; one is system/Slot.rs.")
    keys = read_keys(jwks.read())
    with _services(config) as services:
        if facility is not None:
            with services.view() as view:
                view.book.facility(facility)
        client = ApiClient(str(uuid7()), name, facility, scopes, keys, clock.real_now(), None)
        with database.write(services.engine) as connection:
            ClientStore(connection).add(client)
    click.echo(f"client_id  {client.id}")
    click.echo(f"token      {config.public_origin}/oauth/token")
    click.echo(f"FHIR       {config.public_origin}/fhir/R4")


@clients.command("list", help="Print every system, its scopes, and whether it is still let in.")
@click.pass_obj
def show(config: Settings) -> None:
    """Print one line for each system."""
    with _services(config) as services, database.read(services.engine) as connection:
        for each in ClientStore(connection).clients():
            state = f"revoked {each.revoked_at:%Y-%m-%d}" if each.revoked_at else "active"
            place = str(each.facility_id or "every facility")
            click.echo(f"{each.id}  {state:<18}  {place:<36}  {each.name}  {' '.join(each.scopes)}")


@clients.command(help="End a system's access; its tokens are refused within five seconds.")
@click.argument("client_id")
@click.pass_obj
def revoke(config: Settings, client_id: str) -> None:
    """Revoke one system."""
    with _services(config) as services, database.write(services.engine) as connection:
        ended = ClientStore(connection).revoke(client_id, clock.real_now())
    if not ended:
        raise click.ClickException("No system with this id is let in.")
    click.echo("Revoked.")


def read_keys(text: str) -> Any:
    """The public keys in a JWK set; a private key is refused, as nobody else may ever have seen it."""
    try:
        keys: Any = json.loads(text)
        if not _is_set(keys):
            raise click.ClickException('A JWK set is expected: {"keys": [ … ]}.')
        if any(PRIVATE & set(key) for key in keys["keys"]):
            raise click.ClickException(
                "This holds a private key. Give only the public part; make a new pair."
            )
        for key in keys["keys"]:
            if key["kty"] not in ("EC", "RSA"):
                raise click.ClickException("Keys are EC (P-256, P-384) or RSA.")
            # Six bits a letter; said before the library only warns of it.
            if key["kty"] == "RSA" and len(key["n"]) * 6 < SHORTEST_RSA:
                raise click.ClickException(f"An RSA key has at least {SHORTEST_RSA} bits.")
        KeySet.import_key_set(keys)
    except (ValueError, TypeError, KeyError, JoseError) as error:
        raise click.ClickException("The file holds no JWK set that can be read.") from error
    return keys


def _is_set(keys: Any) -> bool:
    return isinstance(keys, dict) and isinstance(keys.get("keys"), list) and bool(keys["keys"])


@contextmanager
def _services(config: Settings) -> Iterator[Services]:
    """The services of one command, closed at its end; what cannot be is said in one line."""
    try:
        with ExitStack() as stack:
            services = build(config)
            stack.callback(services.engine.dispose)
            yield services
    except (deployment.DeploymentError, NotFound) as error:
        raise click.ClickException(str(error)) from error
