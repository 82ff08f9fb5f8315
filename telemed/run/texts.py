"""Checking what the kiosks say: a sheet to read, a name under it, and how every language stands."""

from collections.abc import Sequence
from pathlib import Path

import click

from telemed import clock, offering, reviews
from telemed.intake.steps.groups import groups
from telemed.reviews import GROUPS, Group, Review, Reviews, Said
from telemed.settings import Settings
from telemed.texts import Texts

_language = click.option("--language", required=True, type=click.Choice(list(Texts().languages)))
_group = click.option("--group", required=True, type=click.Choice(GROUPS))


@click.group(help="The kiosks' texts: read a group, sign that it is right, see how each language stands.")
def texts() -> None:
    """Group the commands about texts."""


@texts.command(help="Print the texts of one group beside the English ones: a sheet to check.")
@_language
@_group
def show(language: str, group: Group) -> None:
    """Print a sheet; what is not translated says so."""
    _sheet(_said(Texts(), language, group), language)


@texts.command(help="Show a group and, once you agree, write down that you have checked it as it is now.")
@_language
@_group
@click.option("--by", required=True, help="Name and profession of whoever has read every text.")
@click.pass_obj
def review(settings: Settings, language: str, group: Group, by: str) -> None:
    """Write the entry into the operator's own folder: texts that came with the service stay untouched."""
    if not settings.reviews:
        raise click.ClickException("Set TELEMED_REVIEWS to the folder where your reviews are kept.")
    if not by.strip():
        raise click.ClickException("A review needs the name of whoever made it.")
    known = Texts()
    found = _said(known, language, group)
    _sheet(found, language)
    gaps = reviews.missing(found)
    if gaps:
        raise click.ClickException(f"{len(gaps)} texts are not translated yet: this group cannot be signed.")
    click.confirm(f"Has {by.strip()} read each of these {len(found)} texts, and are they right?", abort=True)
    path = Path(settings.reviews) / known.languages[language].folder / reviews.FILE
    reviews.sign(path, group, Review(by.strip(), clock.real_now().date(), reviews.digest(found)))
    click.echo(f"Written to {path}. It counts when the service starts again.")


@texts.command(help="Print who has checked what, and which languages the kiosks speak.")
@click.pass_obj
def status(settings: Settings) -> None:
    """Print one line for each group of each language."""
    known, signed = Texts(), offering.checked(settings)
    for code, offer in offering.offers(known, signed).items():
        click.echo(f"{code:8} {known.languages[code].name}: {offer}")
        for group in GROUPS:
            click.echo(f"         {group:10} {_state(code, group, signed, _said(known, code, group))}")
    speak = ", ".join(offering.spoken(settings))
    click.echo(f"The kiosks speak {speak}." if speak else f"Kiosks: {offering.NOT_READY}.")


def _said(known: Texts, language: str, group: Group) -> Sequence[Said]:
    return reviews.said(known, language, groups())[group]


def _sheet(found: Sequence[Said], language: str) -> None:
    for number, each in enumerate(found, start=1):
        about = f"  ({each.context})" if each.context else ""
        click.echo(f"{number:4} en  {each.message}{about}")
        click.echo(f"     {language}  {each.string or '— not translated —'}")


def _state(language: str, group: Group, signed: Reviews, found: Sequence[Said]) -> str:
    gaps = len(reviews.missing(found))
    entry = signed.get(language, {}).get(group)
    if entry is None:
        said = "nobody has checked it"
    elif entry.texts == reviews.digest(found):
        said = f"checked by {entry.by} on {entry.on.isoformat()}"
    else:
        said = f"changed since {entry.by} checked it on {entry.on.isoformat()}"
    return f"{said}; {gaps} of {len(found)} texts not translated" if gaps else said
