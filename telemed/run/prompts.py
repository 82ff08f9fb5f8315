"""`telemed prompts`: build the spoken prompts, and check that every one of them is there and whole."""

from collections.abc import Callable
from pathlib import Path

import click

from telemed.prompts import building, calling, recordings
from telemed.prompts.prompt import Clip, Prompt
from telemed.prompts.recordings import BadRecording, Recording
from telemed.prompts.speaking import NoVoice
from telemed.web import kiosk_spoken

_SHOWN = 10
_FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path), default=building.BUILT, show_default=False
)
_RECORDINGS = click.option(
    "--recordings",
    "spoken",
    type=click.Path(path_type=Path),
    default=recordings.FOLDER,
    show_default=False,
    help="What people have spoken: a folder with a recordings.toml.",
)


@click.group()
def prompts() -> None:
    """What is said on the telephone and at the kiosk: build and check its sound files."""


@prompts.command()
@_FOLDER
@_RECORDINGS
def build(folder: Path, spoken: Path) -> None:
    """Make the prompts that are missing or damaged, remove those that nobody says."""
    wanted = every_clip()
    try:
        made = building.build(folder, wanted, recordings=_read(spoken))
    except NoVoice as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(wanted)} prompts, {made} of them made now")


@prompts.command()
@_FOLDER
@_RECORDINGS
def check(folder: Path, spoken: Path) -> None:
    """Fail when a prompt is missing, stale or damaged; name the recordings that nobody hears."""
    wanted, found = every_clip(), _read(spoken)
    findings = building.check(folder, wanted, found)
    for title, names in zip(findings._fields, findings, strict=True):
        _list(title, names)
    _list("recorded, but the words have changed", recordings.stale(found, [clip.prompt for clip in wanted]))
    if not findings.good:
        raise click.ClickException("The prompts are not as they must be; run: telemed prompts build")
    click.echo(f"{len(wanted)} prompts, all right; {len(found)} of them spoken by people")


def every_clip() -> tuple[Clip, ...]:
    """Return everything that is said anywhere, each in the form in which it is played."""
    sources: tuple[Callable[[], tuple[Clip, ...]], ...] = (calling.every_clip, kiosk_spoken.every_clip)
    return tuple(clip for source in sources for clip in source())


def _read(spoken: Path) -> dict[Prompt, Recording]:
    try:
        return recordings.read(spoken)
    except BadRecording as error:
        raise click.ClickException(str(error)) from error


def _list(title: str, names: tuple[str, ...]) -> None:
    if names:
        rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        click.echo(f"{title} ({len(names)}): {', '.join(names[:_SHOWN])}{rest}")


if __name__ == "__main__":
    prompts()
