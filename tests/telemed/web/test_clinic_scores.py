"""Scores on the doctor's page: nothing while off; on, with purpose, rule, source, inputs and gaps."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from telemed.run.web import create_app
from telemed.services import build as build_services
from telemed.settings import Settings, SettingsError
from telemed.visits.kiosk import Receipt
from tests.telemed.alarming import measured
from tests.telemed.conftest import BuiltAssets, Visitor, browsable
from tests.telemed.consulting_room import ConsultingRoom, words

PURPOSE = "Decision support for a clinician, not a diagnosis."
EVERYTHING = "news2,iitt,bp,bmi,glucose"
WORDS_OF_SCORES = ("NEWS2", "IITT", "mass index", "grade", "Glucose flags", "Scores", PURPOSE)
CALM = {
    "systolic": "125",
    "diastolic": "75",
    "pulse": "72",
    "oxygen": "97",
    "temperature": "36.8",
    "breathing": "16",
}


def house(room: ConsultingRoom, scores: str) -> Flask:
    services = replace(room.services, settings=replace(room.services.settings, scores=scores))
    return browsable(create_app(services, BuiltAssets()))


def case_of(receipt: Receipt) -> str:
    return f"/clinic/visits/{receipt.visit_id}?lang=en"


def calm(room: ConsultingRoom) -> Receipt:
    alert = {"code": "consciousness", "coded": "alert", "source": "observed", "typed_by": "clerk"}
    at = {"taken_at": room.clock.moment.isoformat()}
    return room.comes(measurements=[*measured(**CALM), {**alert, **at}])


def test_while_they_are_off_no_page_shows_anything_of_them(room: ConsultingRoom) -> None:
    doctor = room.browser(house(room, ""))
    receipt = calm(room)
    pages = ("/clinic?lang=en", "/clinic/list?lang=en", case_of(receipt))
    shown = " ".join(words(doctor.get(page).text) for page in pages)
    assert not [each for each in WORDS_OF_SCORES if each in shown]
    assert doctor.send(f"/clinic/visits/{receipt.visit_id}/scores", "/clinic/limits").status_code == 404


def test_on_each_says_purpose_rule_version_source_inputs_and_what_is_missing(room: ConsultingRoom) -> None:
    doctor = room.browser(house(room, EVERYTHING))
    shown = words(doctor.get(case_of(calm(room))).text)
    for said in (
        PURPOSE,
        "NEWS2 2 (December 2017)",
        "Incomplete: no result Missing: air or oxygen",
        "Royal College of Physicians",
        "signs of the chart, which the kiosk does not ask",
        "Missing: a second reading",
        "Missing: weight, height",
        "pulse: 72",
    ):
        assert said in shown, said
    assert "low risk" not in shown
    assert "routine" not in shown


@pytest.mark.parametrize("language", ["bg", "en"])
def test_what_a_clinician_adds_is_used_for_this_look_and_kept_nowhere(
    room: ConsultingRoom, language: str
) -> None:
    doctor = room.browser(house(room, "news2"))
    page = case_of(calm(room)).replace("lang=en", f"lang={language}")
    action = page.replace("?", "/scores?")
    token = doctor.token(page)
    answer = doctor.post(action, data={"csrf_token": token, "on_oxygen": "no"})
    assert answer.status_code == 200
    said = {"en": "0 · low risk", "bg": "0 · нисък риск"}[language]
    assert said in words(answer.text)
    assert said not in words(doctor.get(page).text)


def test_only_what_is_turned_on_is_shown(room: ConsultingRoom) -> None:
    doctor = room.browser(house(room, "bmi"))
    shown = words(doctor.get(case_of(calm(room))).text)
    assert "Body mass index" in shown
    assert "NEWS2 2 (December" not in shown


def test_nobody_of_another_facility_works_anything_out(room: ConsultingRoom) -> None:
    stranger: Visitor = room.browser(house(room, "news2"), room.stranger)
    receipt = calm(room)
    assert stranger.send(f"/clinic/visits/{receipt.visit_id}/scores", "/clinic/limits").status_code == 404


@pytest.mark.parametrize(("names", "scheme"), [("news7", "ESH2023"), ("", "JNC8")])
def test_a_rule_that_does_not_exist_stops_the_service_at_its_start(
    engine: object, settings: Settings, tmp_path: Path, names: str, scheme: str
) -> None:
    chosen = replace(
        settings, database_url=f"sqlite:///{tmp_path / 'telemed.db'}", scores=names, bp_scheme=scheme
    )
    with pytest.raises(SettingsError, match="does not exist"):
        build_services(chosen)
