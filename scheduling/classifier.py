"""Reads Bulgaria's settlement classifier (EKATTE) and GeoNames' postal codes, row by row, refusing dirt.

Each parser gives the good rows and the problems with their line numbers; what to do when there are problems
is the caller's choice, so a file can be taken whole or not at all.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from uuid import UUID, uuid5

from scheduling.places import Opening, Settlement, Site

_Row = TypeVar("_Row")
_SITES = UUID("0197a1f0-6c3e-7d55-9a41-5b1c66f0d2aa")
_CYRILLIC_NAME = re.compile(r"[А-Я][А-Яа-я]*(?:[ -][А-Яа-я]+)*(?: \([А-Яа-я ]+\))?")
_LATIN = dict(zip("абвгдезийклмнопрстуфхъь", "abvgdeziyklmnoprstufhay", strict=True)) | {
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sht",
    "ю": "yu",
    "я": "ya",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line of a file."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Parsed(Generic[_Row]):
    """The rows that are sound, in the file's order, and what is wrong with the others."""

    rows: tuple[_Row, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PostalPlace:
    """One row of the postal-code file, with the line it came from."""

    line: int
    zipcode: str
    name: str
    municipality_code: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Area:
    """A district or municipality: its code in the classifier and its name."""

    code: str
    name: str


class _Dirty(Exception):
    """The text says what is wrong with the row."""


def parse_districts(lines: Iterable[str]) -> Parsed[Area]:
    """The districts of `Ek_obl.csv`."""
    return _areas(lines, "oblast", r"[A-Z]{3}")


def parse_municipalities(lines: Iterable[str]) -> Parsed[Area]:
    """The municipalities of `Ek_obst.csv`."""
    return _areas(lines, "obstina", r"[A-Z]{3}\d\d")


def parse_settlements(
    lines: Iterable[str], districts: Mapping[str, str], municipalities: Mapping[str, str]
) -> Parsed[Settlement]:
    """The settlements of `ekatte.csv`, given the names of districts and municipalities by code."""
    table = _Table(lines, ("ekatte", "name", "oblast", "obstina"))
    codes: set[str] = set()
    rows = []
    for row in table:
        with table.reporting():
            code = _matching(row, "ekatte", r"\d{5}")
            _unless(code in codes, f"ekatte {code} was on an earlier line")
            _unless(row["oblast"] not in districts, f"unknown oblast {row['oblast']!r}")
            _unless(row["obstina"] not in municipalities, f"unknown obstina {row['obstina']!r}")
            _unless(not row["obstina"].startswith(row["oblast"]), "obstina lies in another oblast")
            name = _name(row["name"])
            place = districts[row["oblast"]], municipalities[row["obstina"]]
            rows.append(Settlement(code, name, latin(name), *place, latitude=None, longitude=None))
            codes.add(code)
    return Parsed(tuple(rows), tuple(table.problems))


def parse_postal_places(lines: Iterable[str]) -> Parsed[PostalPlace]:
    """The places of GeoNames' postal-code file for Bulgaria."""
    table = _Table(lines, ("country_code", "zipcode", "place", "province_code", "latitude", "longitude"))
    rows = []
    for row in table:
        with table.reporting():
            _unless(row["country_code"] != "BG", f"country {row['country_code']!r} is not BG")
            rows.append(
                PostalPlace(
                    line=table.line,
                    zipcode=_matching(row, "zipcode", r"\d{4}"),
                    name=_name(row["place"].split(" / ")[0]),
                    municipality_code=_matching(row, "province_code", r"[A-Z]{3}\d\d"),
                    latitude=_degrees(row, "latitude", 90),
                    longitude=_degrees(row, "longitude", 180),
                )
            )
    return Parsed(tuple(rows), tuple(table.problems))


def locate(
    settlements: Iterable[Settlement],
    places: Iterable[PostalPlace],
    districts: Mapping[str, str],
    municipalities: Mapping[str, str],
) -> list[Settlement]:
    """The settlements, with coordinates where exactly one postal place fits exactly one settlement."""
    gazetteer = _Gazetteer(settlements, districts, municipalities)
    found: dict[str, PostalPlace | None] = {}
    for place in places:
        fitting = gazetteer.fitting(place)
        if len(fitting) == 1:
            code = fitting[0].code
            found[code] = place if code not in found else None
    located = []
    for settlement in gazetteer.settlements:
        spot = found.get(settlement.code)
        position = (spot.latitude, spot.longitude) if spot else (settlement.latitude, settlement.longitude)
        located.append(replace(settlement, latitude=position[0], longitude=position[1]))
    return sorted(located, key=lambda settlement: settlement.code)


def post_offices(
    places: Iterable[PostalPlace],
    settlements: Iterable[Settlement],
    districts: Mapping[str, str],
    municipalities: Mapping[str, str],
    time_zone: str,
    hours: Sequence[Opening],
) -> Parsed[Site]:
    """A post office for each postal place whose settlement is known; its id is the same at each import."""
    gazetteer = _Gazetteer(settlements, districts, municipalities)
    sites: dict[UUID, Site] = {}
    problems = []
    for place in places:
        fitting = gazetteer.fitting(place)
        if len(fitting) != 1:
            lack = "no settlement" if not fitting else f"{len(fitting)} settlements"
            problems.append(
                Problem(place.line, f"{lack} called {place.name!r} in {place.municipality_code!r}")
            )
            continue
        code = fitting[0].code
        site_id = uuid5(_SITES, f"{code}:{place.zipcode}")
        name = f"{place.name} {place.zipcode}"
        sites[site_id] = Site(site_id, "post_office", code, name, time_zone, tuple(hours))
    return Parsed(tuple(sites.values()), tuple(problems))


def latin(name: str) -> str:
    """A Bulgarian name in Latin letters, as the Transliteration Act of 2009 has it."""
    words = re.split(r"([ -])", name)
    return "".join(_latin_word(word) for word in words)


class _Table:
    """Walks a CSV file and gathers what is wrong with its lines."""

    def __init__(self, lines: Iterable[str], columns: Sequence[str]) -> None:
        texts = (line.removeprefix("\ufeff") for line in lines)
        self._reader = csv.DictReader(texts, strict=True)
        self._columns = columns
        self.line = 1
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        header = self._reader.fieldnames or ()
        missing = [column for column in self._columns if column not in header]
        if missing:
            self.problems.append(Problem(1, f"missing column {', '.join(missing)}"))
            return
        try:
            yield from self._sound_rows()
        except csv.Error as error:
            self.problems.append(Problem(self._reader.line_num, f"not CSV: {error}"))

    def _sound_rows(self) -> Iterator[Mapping[str, str]]:
        for row in self._reader:
            self.line = self._reader.line_num
            if None in row or None in row.values():
                self.problems.append(Problem(self.line, "wrong number of fields"))
            else:
                yield {column: row[column].strip() for column in self._columns}

    def reporting(self) -> "_Reporting":
        return _Reporting(self)


class _Reporting:
    """Turns a dirty row into a problem with its line."""

    def __init__(self, table: _Table) -> None:
        self._table = table

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if isinstance(error, _Dirty):
            self._table.problems.append(Problem(self._table.line, str(error)))
            return True
        return False


class _Gazetteer:
    """Finds the settlements that a postal place may mean."""

    def __init__(
        self,
        settlements: Iterable[Settlement],
        districts: Mapping[str, str],
        municipalities: Mapping[str, str],
    ) -> None:
        self.settlements = tuple(settlements)
        self._districts, self._municipalities = districts, municipalities
        self._named: dict[tuple[str, str, str], list[Settlement]] = defaultdict(list)
        for settlement in self.settlements:
            self._named[settlement.name, settlement.district, settlement.municipality].append(settlement)

    def fitting(self, place: PostalPlace) -> list[Settlement]:
        """The settlements of that name in that municipality."""
        district = self._districts.get(place.municipality_code[:3], "")
        municipality = self._municipalities.get(place.municipality_code, "")
        return self._named.get((place.name, district, municipality), [])


def _areas(lines: Iterable[str], code_column: str, pattern: str) -> Parsed[Area]:
    table = _Table(lines, (code_column, "name"))
    areas: dict[str, Area] = {}
    for row in table:
        with table.reporting():
            code = _matching(row, code_column, pattern)
            _unless(code in areas, f"{code_column} {code} was on an earlier line")
            areas[code] = Area(code, _name(row["name"]))
    return Parsed(tuple(areas.values()), tuple(table.problems))


def _unless(dirty: bool, text: str) -> None:
    if dirty:
        raise _Dirty(text)


def _matching(row: Mapping[str, str], column: str, pattern: str) -> str:
    _unless(re.fullmatch(pattern, row[column], re.ASCII) is None, f"bad {column} {row[column]!r}")
    return row[column]


def _name(text: str) -> str:
    _unless(_CYRILLIC_NAME.fullmatch(text) is None, f"bad name {text!r}")
    return text


def _degrees(row: Mapping[str, str], column: str, limit: int) -> float:
    degrees = float(_matching(row, column, r"-?\d{1,3}(?:\.\d+)?"))
    _unless(abs(degrees) > limit, f"{column} {degrees} is not on Earth")
    return degrees


def _latin_word(word: str) -> str:
    stem, ending = (word[:-2], "ia") if word.lower().endswith("ия") else (word, "")
    letters = "".join(_LATIN.get(letter, letter) for letter in stem.lower()) + ending
    return letters[:1].upper() + letters[1:] if word[:1].isupper() else letters
