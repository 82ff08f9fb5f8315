"""The `telemed` command line: each command lives beside its process and is loaded when it is called.

Only the worker loads Twilio, only web loads the pages, and help answers at once.
"""

import importlib
import os
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from telemed import logs, settings
from telemed.deployment import DeploymentError
from telemed.run.refusal import WrongSettings

COMMANDS = {
    "up": "telemed.run.up:command",
    "web": "telemed.run.server:web",
    "calls": "telemed.run.server:calls",
    "worker": "telemed.run.worker:command",
    "media": "telemed.run.media:command",
    "exchange": "telemed.run.exchange:command",
    "db": "telemed.run.upkeep:db",
    "audit": "telemed.run.upkeep:audit",
    "config": "telemed.run.upkeep:config",
    "webhooks": "telemed.run.upkeep:webhooks",
    "staff": "telemed.run.staff:staff",
    "clients": "telemed.run.clients:clients",
    "demo": "telemed.run.demonstration:demo",
    "import": "telemed.run.take_in:take_in",
    "prompts": "telemed.run.prompts:prompts",
    "texts": "telemed.run.texts:texts",
}


ONLY_HELP = "telemed.only_help"


class OnDemand(click.Group):
    """A group whose commands are imported when they are named."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; settings and databases that cannot do are one line with their remedy."""
        try:
            return super().invoke(ctx)
        except (settings.SettingsError, DeploymentError) as error:
            raise WrongSettings(str(error)) from error
        except OperationalError as error:
            raise click.ClickException(
                "The database does not answer. Check TELEMED_DATABASE_URL and that its server runs."
            ) from error

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note whether only help is asked for: that needs no settings."""
        rest = super().parse_args(ctx, args)
        ctx.meta[ONLY_HELP] = "--help" in rest
        return rest

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that has this name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=OnDemand, help="Telemed: visits to a doctor from a village post office.")
@click.pass_context
def main(context: click.Context) -> None:
    """Read the settings once, for every command."""
    if context.meta[ONLY_HELP]:
        return
    context.obj = settings.read(os.environ)
    logs.configure(context.obj.log_level, context.invoked_subcommand or "telemed")


if __name__ == "__main__":
    main()
