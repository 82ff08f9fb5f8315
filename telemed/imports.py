"""Takes in the places a country publishes: sound rows in one transaction, all others reported by line."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine

from scheduling import classifier
from scheduling.classifier import Parsed, PostalPlace, Problem
from scheduling.places import Settlement, Site
from scheduling.store import Book
from telemed import database

_Row = TypeVar("_Row")
TIME_ZONE = "Europe/Sofia"


@dataclass(frozen=True)
class Report:
    """What became of a file; a refused one has changed nothing."""

    summary: str
    problems: tuple[str, ...]
    refused: bool = False


class _Unusable(Exception):
    """The file cannot be taken in at all; the text says why."""


def import_settlements(engine: Engine, file: Path) -> Report:
    """Import `ekatte.csv`, given `Ek_obl.csv` (districts) and `Ek_obst.csv` (municipalities) beside it."""
    return _reporting(file, lambda: _settlements(engine, file))


def import_sites(engine: Engine, file: Path) -> Report:
    """Import a post office for each postal code whose place is a settlement we know.

    Opening hours are not in the file, so nothing can be booked there before a coordinator has set them.
    """
    return _reporting(file, lambda: _sites(engine, file))


IMPORTERS: dict[str, Callable[[Engine, Path], Report]] = {
    "settlements": import_settlements,
    "sites": import_sites,
}
"""What `telemed import` can take in."""


def _settlements(engine: Engine, file: Path) -> Report:
    districts = _whole(file.with_name("Ek_obl.csv"), classifier.parse_districts)
    municipalities = _whole(file.with_name("Ek_obst.csv"), classifier.parse_municipalities)
    parsed = _some(
        file,
        lambda lines: classifier.parse_settlements(
            lines,
            {area.code: area.name for area in districts},
            {area.code: area.name for area in municipalities},
        ),
    )
    with database.write(engine) as connection:
        book = Book(connection, _nobody_looks)
        known = {settlement.code for settlement in book.settlements()}
        new = [settlement for settlement in parsed.rows if settlement.code not in known]
        book.add_settlements(new)
    return _report(file, "settlements", len(new), len(parsed.rows) - len(new), parsed.problems)


def _sites(engine: Engine, file: Path) -> Report:
    places = _some(file, classifier.parse_postal_places)
    with database.write(engine) as connection:
        book = Book(connection, _nobody_looks)
        settlements = book.settlements()
        if not settlements:
            raise _Unusable("no settlements are known yet; run `telemed import settlements` first")
        districts, municipalities = _areas(places.rows, settlements)
        parsed = classifier.post_offices(
            _one_per_code(places.rows), settlements, districts, municipalities, TIME_ZONE, ()
        )
        known = {site.id for site in book.sites()}
        new = [site for site in parsed.rows if site.id not in known]
        _add_sites(book, new)
    problems = sorted((*places.problems, *parsed.problems), key=lambda problem: problem.line)
    return _report(file, "post offices", len(new), len(parsed.rows) - len(new), problems)


def _add_sites(book: Book, sites: Iterable[Site]) -> None:
    for site in sites:
        book.add_site(site)


def _areas(
    places: Sequence[PostalPlace], settlements: Iterable[Settlement]
) -> tuple[dict[str, str], dict[str, str]]:
    """Name the districts and municipalities behind the file's codes: where most of its places lie."""
    named: dict[str, list[Settlement]] = defaultdict(list)
    for settlement in settlements:
        named[settlement.name].append(settlement)
    votes: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for place in places:
        for settlement in named[place.name]:
            votes[place.municipality_code][settlement.district, settlement.municipality] += 1
    winners = {code: counted.most_common(1)[0][0] for code, counted in votes.items()}
    return (
        {code[:3]: district for code, (district, _) in winners.items()},
        {code: municipality for code, (_, municipality) in winners.items()},
    )


def _one_per_code(places: Iterable[PostalPlace]) -> list[PostalPlace]:
    first: dict[str, PostalPlace] = {}
    for place in places:
        first.setdefault(place.zipcode, place)
    return list(first.values())


def _some(file: Path, parse: Callable[[list[str]], Parsed[_Row]]) -> Parsed[_Row]:
    parsed = parse(_lines(file))
    if not parsed.rows:
        raise _Unusable("; ".join(["no usable row", *(_words(each) for each in parsed.problems[:3])]))
    return parsed


def _whole(file: Path, parse: Callable[[list[str]], Parsed[_Row]]) -> tuple[_Row, ...]:
    parsed = _some(file, parse)
    if parsed.problems:
        raise _Unusable(f"{file.name}: {_words(parsed.problems[0])}")
    return parsed.rows


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except FileNotFoundError:
        raise _Unusable(f"{file.name} is missing in the same folder") from None
    except UnicodeDecodeError as error:
        raise _Unusable(f"{file.name} is not UTF-8 (byte {error.start})") from None


def _reporting(file: Path, run: Callable[[], Report]) -> Report:
    try:
        return run()
    except _Unusable as lack:
        return Report(f"{file.name}: nothing imported.", (f"{file.name}: {lack}",), refused=True)


def _report(file: Path, what: str, new: int, known: int, problems: Sequence[Problem]) -> Report:
    summary = f"{file.name}: {new} {what} imported, {known} known before, {len(problems)} lines left out."
    return Report(summary, tuple(f"{file.name}: {_words(problem)}" for problem in problems))


def _words(problem: Problem) -> str:
    return f"line {problem.line}: {problem.text}"


def _nobody_looks(_owner: UUID, _what: str) -> None:
    """Places are nobody's personal data."""
