"""`telemed prompts`: build the spoken prompts, and check that every one of them is there and whole."""

from pathlib import Path

import click

from telemed.prompts import building, calling, sound

_SHOWN = 10
_FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path), default=building.BUILT, show_default=False
)


@click.group()
def prompts() -> None:
    """What is said on the telephone: build and check its sound files."""


@prompts.command()
@_FOLDER
def build(folder: Path) -> None:
    """Make the prompts that are missing or damaged, remove those that nobody says."""
    wanted = calling.every_prompt()
    try:
        made = building.build(folder, wanted, sound.speak)
    except sound.NoVoice as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(wanted)} prompts, {made} of them made now")


@prompts.command()
@_FOLDER
def check(folder: Path) -> None:
    """Fail when a prompt is missing, stale or damaged."""
    findings = building.check(folder, calling.every_prompt())
    for title, names in zip(findings._fields, findings, strict=True):
        if names:
            rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            click.echo(f"{title} ({len(names)}): {', '.join(names[:_SHOWN])}{rest}")
    if not findings.good:
        raise click.ClickException("The prompts are not as they must be; run: telemed prompts build")
    click.echo(f"{len(calling.every_prompt())} prompts, all right")


if __name__ == "__main__":
    prompts()
