"""The importers from the command line."""

import sys
from pathlib import Path

import click

from telemed import database, imports
from telemed.settings import Settings


@click.group(help="Take in the places a country publishes.")
def take_in() -> None:
    """Group the importers."""


def _importer(name: str, about: str) -> None:
    @take_in.command(name, help=about)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.pass_obj
    def run(config: Settings, file: Path) -> None:
        report = imports.IMPORTERS[name](database.connect(config.database_url), file)
        for problem in report.problems:
            click.echo(str(problem), err=True)
        click.echo(report.summary)
        if report.refused:
            sys.exit(1)


_importer("settlements", "Import the settlement classifier (EKATTE, comma-separated).")
_importer("sites", "Import post offices from the postal-code file (GeoNames, comma-separated).")
