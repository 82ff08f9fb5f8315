"""The demo world from the command line."""

import click

from telemed.demo import world
from telemed.deployment import DeploymentError
from telemed.settings import Settings


@click.group(help="The demo world.")
@click.pass_obj
def demo(config: Settings) -> None:
    """Refuse everything about the demo outside demo mode."""
    if not config.demo:
        raise click.ClickException("The demo world needs TELEMED_DEMO=1.")


@demo.command(help="Fill an empty database with the demo world; does nothing when it is there.")
@click.option("--seed", "number", type=int, default=7, show_default=True)
@click.pass_obj
def seed(config: Settings, number: int) -> None:
    """Create the demo world."""
    try:
        click.echo(world.seed(config, number))
    except DeploymentError as error:
        raise click.ClickException(str(error)) from None


@demo.command(help="Print the demo sign-ins.")
@click.pass_obj
def accounts(config: Settings) -> None:
    """Print one line per demo account."""
    for line in world.accounts(config):
        click.echo(line)
