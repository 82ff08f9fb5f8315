"""Staff accounts from the command line: how an installation gets its first coordinator."""

from contextlib import ExitStack
from uuid import UUID

import click
from sqlalchemy.exc import IntegrityError

from scheduling.errors import NotFound
from telemed import clock, deployment
from telemed.accounts.credentials import DEMO_PASSWORD, MIN_PASSWORD, hash_password
from telemed.accounts.store import ROLES
from telemed.records.access_log import Reader
from telemed.services import build
from telemed.settings import Settings

OPERATOR = Reader("job", "operator", None, "operator", "accounts")


@click.group(help="Staff accounts.")
def staff() -> None:
    """Group the account commands."""


@staff.command(help="Add an account; the phone's six digits are set up at the first sign-in.")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--practitioner", type=click.UUID, help="The practitioner a doctor signs in as.")
@click.option("--facility", type=click.UUID, help="The facility a coordinator works for.")
@click.option("--site", type=click.UUID, help="The site whose counter a clerk works at.")
@click.password_option(help="Asked for when left out.")
@click.pass_obj
def add(
    config: Settings,
    email: str,
    name: str,
    role: str,
    practitioner: UUID | None,
    facility: UUID | None,
    site: UUID | None,
    password: str,
) -> None:
    """Add one account after checking what cannot be mended later."""
    if len(password) < MIN_PASSWORD or password == DEMO_PASSWORD:
        raise click.ClickException(f"Choose a password of at least {MIN_PASSWORD} characters.")
    if (role == "doctor") != (practitioner is not None):
        raise click.ClickException("A doctor needs --practitioner, and nobody else may have one.")
    if (role == "clerk") != (site is not None) or (facility is not None and role != "coordinator"):
        raise click.ClickException("A clerk needs --site; only a coordinator may have --facility.")
    try:
        with ExitStack() as stack:
            services = build(config)
            stack.callback(services.engine.dispose)
            unit = stack.enter_context(services.unit(OPERATOR))
            acts_as = unit.book.practitioner(practitioner) if practitioner else None
            works_for = unit.book.facility(facility).id if facility else None
            stands_at = unit.book.site(site).id if site else None
            unit.accounts.add_staff(
                email=email,
                name=name,
                roles=frozenset({role}),
                password_hash=hash_password(password),
                sealed_totp=None,
                now=clock.real_now(),
                practitioner_id=practitioner,
                facility_id=acts_as.facility_id if acts_as else works_for,
                site_id=stands_at,
            )
    except (deployment.DeploymentError, NotFound) as error:
        raise click.ClickException(str(error)) from error
    except IntegrityError as error:
        raise click.ClickException(f"{email} has an account already.") from error
    click.echo(f"{email} may sign in at {config.public_origin}/staff/sign-in")
