"""Importing what a country publishes: all sound rows or, where the file makes no sense, nothing."""

import csv
import os
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Engine

from scheduling.store import Book
from telemed import database
from telemed.demo.places import draw_map
from telemed.imports import import_settlements, import_sites

SHARED = Path(os.environ.get("TELEMED_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
EKATTE = SHARED / "bg_ekatte_nsi" / "ekatte.csv"
POSTAL = SHARED / "bg_settlements_geonames" / "zipcodes.bg.csv"
VILLAGES = Path(__file__).parents[2] / "telemed" / "demo" / "settlements.csv"
real_files = pytest.mark.skipif(
    not (EKATTE.exists() and POSTAL.exists()),
    reason="MISSING the real classifier and postal codes (set TELEMED_SHARED_DATA)",
)

DISTRICTS = "oblast,ekatte,name\nKRZ,40909,Кърджали\nVAR,10135,Варна\n"
MUNICIPALITIES = "obstina,ekatte,name\nKRZ15,39970,Крумовград\nVAR01,00084,Аврен\n"
SETTLEMENTS = """ekatte,name,oblast,obstina
00093,Аврен,KRZ,KRZ15
00084,Аврен,VAR,VAR01
27036,Егрек,KRZ,KRZ15
15878,Голямо Каменяне,KRZ,KRZ15
"""
POSTAL_HEADER = "country_code,zipcode,place,province_code,latitude,longitude\n"
PLACES = """BG,6930,Аврен / Avren,KRZ15,41.35,25.7167
BG,6931,Егрек / Egrek,KRZ15,41.3333,25.6167
BG,9135,Аврен / Avren,VAR01,43.1167,27.6667
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Ek_obl.csv").write_text(DISTRICTS, encoding="utf-8-sig")
    (tmp_path / "Ek_obst.csv").write_text(MUNICIPALITIES, encoding="utf-8")
    (tmp_path / "ekatte.csv").write_text(SETTLEMENTS, encoding="utf-8")
    (tmp_path / "zip.csv").write_text(POSTAL_HEADER + PLACES, encoding="utf-8")
    return tmp_path


def codes(engine: Engine) -> list[str]:
    with database.read(engine) as connection:
        return [settlement.code for settlement in Book(connection, _unseen).settlements()]


def offices(engine: Engine) -> dict[str, str]:
    with database.read(engine) as connection:
        return {site.name: site.settlement_code for site in Book(connection, _unseen).sites()}


def _unseen(_owner: UUID, _what: str) -> None:
    return None


class TestSettlements:
    def test_sound_rows_are_taken_in(self, engine: Engine, folder: Path) -> None:
        report = import_settlements(engine, folder / "ekatte.csv")
        assert codes(engine) == ["00084", "00093", "15878", "27036"]
        assert report.problems == ()
        assert "4 settlements imported" in report.summary

    def test_dirty_rows_are_left_out_and_named_by_line(self, engine: Engine, folder: Path) -> None:
        file = folder / "ekatte.csv"
        dirty = "123,Кратко,KRZ,KRZ15\n30183,Загорци,XYZ,XYZ01\n27036,Егрек,KRZ,KRZ15\n"
        file.write_text(SETTLEMENTS + dirty, encoding="utf-8")
        report = import_settlements(engine, file)
        assert len(codes(engine)) == 4
        assert [problem.split(": ")[1] for problem in report.problems] == ["line 6", "line 7", "line 8"]
        assert not report.refused

    def test_a_second_import_adds_nothing(self, engine: Engine, folder: Path) -> None:
        import_settlements(engine, folder / "ekatte.csv")
        report = import_settlements(engine, folder / "ekatte.csv")
        assert "0 settlements imported, 4 known before" in report.summary
        assert len(codes(engine)) == 4

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("ekatte.csv", b""),
            ("ekatte.csv", b"something,else\n1,2\n"),
            ("ekatte.csv", SETTLEMENTS.encode("cp1251")),
            ("Ek_obl.csv", b"oblast,name\nKRZ,\n"),
            ("Ek_obst.csv", (MUNICIPALITIES + "KRZ15,1,Пак\n").encode()),
        ],
    )
    def test_a_file_that_makes_no_sense_is_refused_whole(
        self, engine: Engine, folder: Path, name: str, content: bytes
    ) -> None:
        (folder / name).write_bytes(content)
        report = import_settlements(engine, folder / "ekatte.csv")
        assert report.refused
        assert report.problems
        assert codes(engine) == []

    def test_a_missing_neighbour_is_named(self, engine: Engine, folder: Path) -> None:
        (folder / "Ek_obl.csv").unlink()
        report = import_settlements(engine, folder / "ekatte.csv")
        assert report.refused
        assert "Ek_obl.csv is missing" in report.problems[0]


class TestSites:
    def test_one_office_for_each_code_that_joins(self, engine: Engine, folder: Path) -> None:
        import_settlements(engine, folder / "ekatte.csv")
        report = import_sites(engine, folder / "zip.csv")
        assert offices(engine) == {"Аврен 6930": "00093", "Егрек 6931": "27036", "Аврен 9135": "00084"}
        assert report.problems == ()

    def test_places_that_share_a_code_share_the_office(self, engine: Engine, folder: Path) -> None:
        import_settlements(engine, folder / "ekatte.csv")
        shared = "BG,6931,Голямо Каменяне / Golyamo Kamenyane,KRZ15,41.4167,25.7167\n"
        (folder / "zip.csv").write_text(POSTAL_HEADER + PLACES + shared, encoding="utf-8")
        import_sites(engine, folder / "zip.csv")
        assert len(offices(engine)) == 3

    def test_unknown_and_dirty_rows_are_named_by_line(self, engine: Engine, folder: Path) -> None:
        import_settlements(engine, folder / "ekatte.csv")
        bad = "BG,6999,Никъде / Nikade,KRZ15,41,25\nBG,12,Егрек / Egrek,KRZ15,41,25\n"
        (folder / "zip.csv").write_text(POSTAL_HEADER + PLACES + bad, encoding="utf-8")
        report = import_sites(engine, folder / "zip.csv")
        assert [problem.split(": ")[1] for problem in report.problems] == ["line 5", "line 6"]
        assert len(offices(engine)) == 3

    def test_a_second_import_adds_nothing(self, engine: Engine, folder: Path) -> None:
        import_settlements(engine, folder / "ekatte.csv")
        import_sites(engine, folder / "zip.csv")
        assert "0 post offices imported, 3 known before" in import_sites(engine, folder / "zip.csv").summary

    def test_without_settlements_the_remedy_is_named(self, engine: Engine, folder: Path) -> None:
        report = import_sites(engine, folder / "zip.csv")
        assert report.refused
        assert "telemed import settlements" in report.problems[0]


@real_files
def test_the_real_files_as_they_are(engine: Engine) -> None:
    settled = import_settlements(engine, EKATTE)
    assert len(codes(engine)) == 5_255
    assert settled.problems == ()
    report = import_sites(engine, POSTAL)
    assert len(offices(engine)) > 4_200
    assert 0 < len(report.problems) < 100
    assert any("'Bov'" in problem for problem in report.problems)


@real_files
def test_the_demos_villages_are_as_the_real_files_have_them(engine: Engine) -> None:
    import_settlements(engine, EKATTE)
    with database.read(engine) as connection:
        book = Book(connection, _unseen)
        for village in draw_map(Random(1)).settlements:
            real = book.settlement(village.code)
            assert (real.name, real.name_latin) == (village.name, village.name_latin)
            assert (real.district, real.municipality) == (village.district, village.municipality)
    with POSTAL.open(encoding="utf-8", newline="") as file:
        spots = {
            (row["place"].split(" / ")[0], row["province"].split(" / ")[0], row["zipcode"]): row
            for row in csv.DictReader(file)
        }
    for row in csv.DictReader(VILLAGES.read_text(encoding="utf-8").splitlines()):
        spot = spots[row["name"], row["municipality"], row["postal_code"]]
        assert spot["latitude"] == row["latitude"]
        assert spot["longitude"] == row["longitude"]
