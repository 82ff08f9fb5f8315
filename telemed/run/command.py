"""The `telemed` command line."""

import os
import sys
from pathlib import Path

import click

from telemed import database, deployment, imports, logs, migrations, services, settings
from telemed.demo import world
from telemed.records import access_log
from telemed.run import calls, media, server, up, worker
from telemed.run.web import create_app
from telemed.settings import Settings


@click.group(help="Telemed: visits to a doctor from a village post office.")
@click.pass_context
def cli(context: click.Context) -> None:
    """Read the settings once, for every command."""
    try:
        context.obj = settings.read(os.environ)
    except settings.SettingsError as error:
        raise click.ClickException(str(error)) from error
    logs.configure(context.obj.log_level, context.invoked_subcommand or "telemed")


@cli.command("up", help="Run web, worker and media; restart what dies; stop all on Ctrl-C.")
@click.pass_obj
def run_up(config: Settings) -> None:
    """Supervise every process of a small installation."""
    _guard(config)
    up.Supervisor(up.children(("web", "worker", "media"))).run()


@cli.command("web", help="Serve pages, API and call signaling.")
@click.pass_obj
def run_web(config: Settings) -> None:
    """Serve the whole application in one process."""
    server.Server(config, config.port, lambda: create_app(services.build(config))).run()


@cli.command("calls", help="Serve call signaling only, for installations with many calls.")
@click.option("--port", type=int, required=True)
@click.pass_obj
def run_calls(config: Settings, port: int) -> None:
    """Serve the Socket.IO namespace and health checks only."""
    server.Server(config, port, lambda: calls.create_calls(services.build(config))).run()


@cli.command("worker", help="Run the periodic jobs.")
@click.pass_obj
def run_worker(config: Settings) -> None:
    """Run Celery's worker and beat."""
    worker.main(config)


@cli.command("media", help="Run the line probe.")
@click.pass_obj
def run_media(config: Settings) -> None:
    """Run the aiortc process."""
    media.main(config)


@cli.group("db", help="The database: upgrade it, check its promises.")
def db() -> None:
    """Group the database commands."""


@db.command("upgrade", help="Bring the database to the newest revision.")
@click.pass_obj
def db_upgrade(config: Settings) -> None:
    """Run the migrations."""
    engine = database.connect(config.database_url)
    migrations.upgrade(engine)
    click.echo(f"Database at revision {migrations.head()}.")


@db.command("check", help="Prove that the database refuses what it must refuse.")
@click.pass_obj
def db_check(config: Settings) -> None:
    """Try to take a slot twice and to change the access log; both must be refused."""
    problems = migrations.check(database.connect(config.database_url))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo("The database keeps its promises.")


@cli.group("demo", help="The demo world.")
def demo() -> None:
    """Group the demo commands."""


@demo.command("seed", help="Fill an empty database with the demo world; does nothing when it is there.")
@click.option("--seed", type=int, default=7, show_default=True)
@click.pass_obj
def demo_seed(config: Settings, seed: int) -> None:
    """Create the demo world."""
    if not config.demo:
        raise click.ClickException("The demo world needs TELEMED_DEMO=1.")
    click.echo(world.seed(config, seed))


@demo.command("accounts", help="Print the demo sign-ins.")
@click.pass_obj
def demo_accounts(config: Settings) -> None:
    """Print one line per demo account."""
    if not config.demo:
        raise click.ClickException("There are no demo accounts outside demo mode.")
    for line in world.accounts(config):
        click.echo(line)


@cli.group("import", help="Take in the places a country publishes.")
def take_in() -> None:
    """Group the importers."""


def _importer(name: str, about: str) -> None:
    @take_in.command(name, help=about)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.pass_obj
    def run(config: Settings, file: Path) -> None:
        engine = database.connect(config.database_url)
        report = imports.IMPORTERS[name](engine, file)
        for problem in report.problems:
            click.echo(str(problem), err=True)
        click.echo(report.summary)
        if report.refused:
            sys.exit(1)


_importer("settlements", "Import the settlement classifier (EKATTE, comma-separated).")
_importer("sites", "Import post offices from the postal-code file (GeoNames, comma-separated).")


@cli.command("config", help="Print every setting and where it comes from; secrets are masked.")
@click.pass_obj
def config_command(config: Settings) -> None:
    """Print the settings as a table."""
    for variable, value, source, about in settings.describe(config, os.environ):
        click.echo(f"{variable:28} {value or '-':40} {source:12} {about}")


@cli.group("audit", help="The access log.")
def audit() -> None:
    """Group the audit commands."""


@audit.command("verify", help="Verify every owner's chain and the daily seals.")
@click.pass_obj
def audit_verify(config: Settings) -> None:
    """Verify the access log; exits 1 and names the broken chains."""
    with database.read(database.connect(config.database_url)) as connection:
        broken = access_log.verify_all(connection)
    for line in broken:
        click.echo(line, err=True)
    if broken:
        sys.exit(1)
    click.echo("Every chain of the access log is whole.")


def _guard(config: Settings) -> None:
    engine = database.connect(config.database_url)
    try:
        deployment.guard(engine, config.demo)
    except deployment.DeploymentError as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()
