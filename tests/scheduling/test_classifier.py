from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.classifier import (
    Area,
    PostalPlace,
    Problem,
    latin,
    locate,
    parse_districts,
    parse_municipalities,
    parse_postal_places,
    parse_settlements,
    post_offices,
)
from scheduling.places import Opening
from tests import build

DISTRICTS = {"VAR": "Варна", "RSE": "Русе"}
MUNICIPALITIES = {"VAR01": "Аврен", "VAR05": "Бяла", "RSE04": "Бяла"}
SETTLEMENTS_HEADER = "ekatte,t_v_m,name,oblast,obstina,kmetstvo,kind,category,altitude,document,tsb,abc"
POSTAL_HEADER = "country_code,zipcode,place,state,state_code,province,province_code,community,community_code,latitude,longitude"  # noqa: E501 (as the file has it)
AVREN = "00084,с.,Аврен,VAR,VAR01,VAR01-00,3,5,4,1999,NE,7"
AVREN_POST = "BG,9135,Аврен / Avren,Варна / Varna,VAR,Аврен / Avren,VAR01,,VAR01-00,43.1167,27.6667"


def settlements(*lines: str) -> tuple[list[str], list[Problem]]:
    parsed = parse_settlements([SETTLEMENTS_HEADER, *lines], DISTRICTS, MUNICIPALITIES)
    return [row.code for row in parsed.rows], list(parsed.problems)


def postal(*lines: str) -> tuple[list[PostalPlace], list[str]]:
    parsed = parse_postal_places([POSTAL_HEADER, *lines])
    return list(parsed.rows), [f"{problem.line}: {problem.text}" for problem in parsed.problems]


class TestAreas:
    def test_districts_and_municipalities_have_code_and_name(self) -> None:
        districts = parse_districts(
            ["oblast,ekatte,name,region,document,abc\n", "VAR,10135,Варна,BG33,1896,3\n"]
        )
        assert districts.rows == (Area("VAR", "Варна"),)
        municipalities = parse_municipalities(
            ["obstina,ekatte,name,category,document,abc", "VAR01,00084,Аврен,4,1896,2"]
        )
        assert municipalities.rows == (Area("VAR01", "Аврен"),)

    def test_a_name_may_have_brackets(self) -> None:
        assert parse_districts(["oblast,name", "SOF,София (столица)"]).problems == ()

    def test_a_code_comes_once_and_has_its_form(self) -> None:
        parsed = parse_districts(["oblast,name", "VAR,Варна", "VAR,Варна", "Var,Варна"])
        assert [problem.line for problem in parsed.problems] == [3, 4]
        assert len(parsed.rows) == 1


class TestSettlements:
    def test_a_sound_row_gives_a_settlement_without_coordinates(self) -> None:
        parsed = parse_settlements([SETTLEMENTS_HEADER, AVREN], DISTRICTS, MUNICIPALITIES)
        assert parsed.rows == (build.settlement(latitude=None, longitude=None),)
        assert parsed.problems == ()

    def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(self) -> None:
        parsed = parse_settlements(
            ["\ufeff" + SETTLEMENTS_HEADER + "\r\n", AVREN + "\r\n"], DISTRICTS, MUNICIPALITIES
        )
        assert [row.name for row in parsed.rows] == ["Аврен"]

    @pytest.mark.parametrize(
        ("line", "lack"),
        [
            (AVREN.replace("00084", "84"), "bad ekatte '84'"),
            (AVREN.replace("00084", "0008٤"), "bad ekatte '0008٤'"),
            (AVREN.replace("VAR,VAR01", "QQQ,VAR01"), "unknown oblast 'QQQ'"),
            (AVREN.replace("VAR,VAR01", "VAR,VAR99"), "unknown obstina 'VAR99'"),
            (AVREN.replace("VAR,VAR01", "RSE,VAR01"), "obstina lies in another oblast"),
            (AVREN.replace("Аврен", ""), "bad name ''"),
            (AVREN.replace("Аврен", "Ушeвци"), "bad name 'Ушeвци'"),
            (AVREN.replace("Аврен", "<b>"), "bad name '<b>'"),
            ("00084,с.,Аврен", "wrong number of fields"),
            (AVREN + ",more", "wrong number of fields"),
        ],
    )
    def test_a_dirty_row_is_left_out_and_named_by_its_line(self, line: str, lack: str) -> None:
        good = AVREN.replace("00084", "00093")
        assert settlements(good, line) == (["00093"], [Problem(3, lack)])

    def test_a_code_comes_once(self) -> None:
        assert settlements(AVREN, AVREN) == (["00084"], [Problem(3, "ekatte 00084 was on an earlier line")])

    def test_a_file_of_another_kind_gives_nothing(self) -> None:
        parsed = parse_settlements([POSTAL_HEADER, AVREN_POST], DISTRICTS, MUNICIPALITIES)
        assert (parsed.rows, parsed.problems) == (
            (),
            (Problem(1, "missing column ekatte, name, oblast, obstina"),),
        )

    def test_an_empty_file_gives_nothing(self) -> None:
        assert parse_settlements([], DISTRICTS, MUNICIPALITIES).problems[0].line == 1

    def test_a_quote_that_is_never_closed_is_a_problem(self) -> None:
        codes, problems = settlements(AVREN, '"00093,с.,Аврен')
        assert codes == ["00084"]
        assert problems[0].text.startswith("not CSV")


class TestPostalPlaces:
    def test_a_sound_row_keeps_its_line(self) -> None:
        places, problems = postal(AVREN_POST)
        assert places == [PostalPlace(2, "9135", "Аврен", "VAR01", 43.1167, 27.6667)]
        assert problems == []

    @pytest.mark.parametrize(
        ("line", "lack"),
        [
            (AVREN_POST.replace("BG,", "RO,"), "2: country 'RO' is not BG"),
            (AVREN_POST.replace("9135", "913"), "2: bad zipcode '913'"),
            (AVREN_POST.replace("Аврен / Avren,Варна", "Avren,Варна"), "2: bad name 'Avren'"),
            (AVREN_POST.replace("VAR01,", "SFO,"), "2: bad province_code 'SFO'"),
            (AVREN_POST.replace("43.1167", ""), "2: bad latitude ''"),
            (AVREN_POST.replace("43.1167", "nan"), "2: bad latitude 'nan'"),
            (AVREN_POST.replace("43.1167", "93.1"), "2: latitude 93.1 is not on Earth"),
        ],
    )
    def test_a_dirty_row_is_named_by_its_line(self, line: str, lack: str) -> None:
        assert postal(line) == ([], [lack])


class TestJoining:
    def place(self, **changes: object) -> PostalPlace:
        fields: dict[str, object] = {
            "line": 2,
            "zipcode": "9135",
            "name": "Аврен",
            "municipality_code": "VAR01",
        }
        return PostalPlace(**{**fields, "latitude": 43.5, "longitude": 27.5, **changes})  # type: ignore[arg-type]  # changes name the fields

    def test_a_place_gives_its_coordinates_to_the_settlement_of_that_name(self) -> None:
        found = locate([build.settlement()], [self.place()], DISTRICTS, MUNICIPALITIES)
        assert [(row.latitude, row.longitude) for row in found] == [(43.5, 27.5)]

    def test_municipalities_of_the_same_name_are_told_apart_by_district(self) -> None:
        in_varna = build.settlement(code="00001", municipality="Бяла", latitude=None)
        in_ruse = build.settlement(code="00002", municipality="Бяла", district="Русе", latitude=None)
        place = self.place(municipality_code="RSE04")
        found = locate([in_varna, in_ruse], [place], DISTRICTS, MUNICIPALITIES)
        assert [row.latitude for row in found] == [None, 43.5]

    def test_what_fits_twice_is_not_guessed(self) -> None:
        unknown = build.settlement(latitude=None, longitude=None)
        twice = [self.place(), self.place(latitude=44.0)]
        assert locate([unknown], twice, DISTRICTS, MUNICIPALITIES) == [unknown]
        town = build.settlement(code="00085", latitude=None, longitude=None)
        assert locate([unknown, town], [self.place()], DISTRICTS, MUNICIPALITIES) == [unknown, town]

    def test_each_known_place_gets_a_post_office_that_is_the_same_at_each_import(self) -> None:
        hours = [Opening(0, time(8), time(12))]
        places = [self.place(), self.place(line=3, name="Никъде")]
        first, second = (
            post_offices(places, [build.settlement()], DISTRICTS, MUNICIPALITIES, build.SOFIA, hours)
            for _ in "12"
        )
        assert first == second
        assert first.problems == (Problem(3, "no settlement called 'Никъде' in 'VAR01'"),)
        (office,) = first.rows
        assert (office.kind, office.settlement_code, office.name) == ("post_office", "00084", "Аврен 9135")
        assert office.hours == tuple(hours)


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("София", "Sofia"),
        ("Щръклево", "Shtraklevo"),
        ("Горна Оряховица", "Gorna Oryahovitsa"),
        ("Гьоврен", "Gyovren"),
        ("Долни Лом", "Dolni Lom"),
    ],
)
def test_names_are_spelt_as_the_act_has_it(name: str, spelt: str) -> None:
    assert latin(name) == spelt


@given(st.lists(st.text(alphabet='абVAR01,"\n\r 0\x00', max_size=60), max_size=6))
def test_no_rubbish_breaks_a_parser(lines: list[str]) -> None:
    parsed = parse_settlements([SETTLEMENTS_HEADER, *lines], DISTRICTS, MUNICIPALITIES)
    assert parsed.rows == ()
