"""What the kiosk's script asks for: signed by the device, filed once, refused with the question to mend."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select

from scheduling.ids import uuid7
from signaling import passes
from telemed import database
from telemed.intake.tables import intake, intake_conflict
from telemed.services import Services
from tests import build
from tests.telemed.conftest import Visitor
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter

Spoil = dict[str, Any]


@pytest.fixture
def body() -> dict[str, Any]:
    return dict(VECTORS["submissions"][0]["body"])


def count(services: Services, table: Any) -> int:
    with database.read(services.engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def slot_answer(counter: Counter) -> str:
    days = counter.ask("GET", "/api/v1/slots?lang=bg").get_json()["days"]
    return str(days[0]["times"][0]["value"])


def as_choice(answer: str) -> dict[str, str]:
    practitioner, kiosk, starts_at = answer.split("|")
    return {"kind": "slot", "practitioner_id": practitioner, "kiosk_id": kiosk, "starts_at": starts_at}


def test_an_intake_sent_again_gets_the_same_receipt(
    counter: Counter, services: Services, body: dict[str, Any]
) -> None:
    path = f"/api/v1/intakes/{uuid7()}"
    first, second = (counter.ask("PUT", path, body) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.get_json() == second.get_json()
    assert first.get_json()["kind"] == "now"
    assert count(services, intake) == 1


def test_another_body_under_the_same_id_is_kept_and_refused(
    counter: Counter, services: Services, body: dict[str, Any]
) -> None:
    path = f"/api/v1/intakes/{uuid7()}"
    receipt = counter.ask("PUT", path, body).get_json()
    for _ in range(2):
        other = counter.ask("PUT", path, {**body, "complaint": "skin"})
        assert (other.status_code, other.get_json()["code"]) == (409, "conflict")
    assert (count(services, intake), count(services, intake_conflict)) == (1, 1)
    assert counter.ask("PUT", path, body).get_json() == receipt


def test_a_booked_time_is_said_in_words(counter: Counter, body: dict[str, Any]) -> None:
    choice = as_choice(slot_answer(counter))
    receipt = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", {**body, "choice": choice}).get_json()
    assert receipt["when"].startswith("вторник, 17 ноември в ")
    assert receipt["place"] == "Поща Аврен"
    assert receipt["shown"].replace(" ", "") == receipt["code"]
    assert receipt["qr"].startswith("data:image/svg+xml")


def test_the_slip_is_in_the_readers_language_and_letters(
    counter: Counter, body: dict[str, Any], world: build.World
) -> None:
    sent = {**body, "language": "en", "choice": as_choice(slot_answer(counter))}
    address = f"/api/v1/intakes/{uuid7()}"
    receipt = counter.ask("PUT", address, sent).get_json()
    assert receipt["place"] == "Post office Avren"
    assert receipt["about"] == "Consultation, by video"
    assert receipt["doctor"] == world.practitioner.name
    assert counter.ask("PUT", address, sent).get_json() == receipt


def test_a_slot_taken_meanwhile_leads_back_to_the_times(
    counter: Counter, services: Services, body: dict[str, Any], take_slot: Callable[[str], None]
) -> None:
    wanted = slot_answer(counter)
    take_slot(wanted)
    told = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", {**body, "choice": as_choice(wanted)})
    assert (told.status_code, told.get_json()["code"], told.get_json()["step"]) == (409, "slot_taken", "slot")
    assert slot_answer(counter) != wanted
    assert count(services, intake) == 0


def test_a_time_is_kept_released_and_booked_with_its_hold(counter: Counter, body: dict[str, Any]) -> None:
    wanted = {name: value for name, value in as_choice(slot_answer(counter)).items() if name != "kind"}
    kept = counter.ask("POST", "/api/v1/holds", wanted)
    assert kept.status_code == 201
    again = counter.ask("POST", "/api/v1/holds", wanted)
    assert (again.status_code, again.get_json()["code"]) == (409, "slot_taken")
    instead = counter.ask("POST", "/api/v1/holds", {**wanted, "instead_of": kept.get_json()["id"]})
    assert instead.status_code == 201
    assert counter.ask("DELETE", f"/api/v1/holds/{instead.get_json()['id']}").status_code == 204
    assert counter.ask("DELETE", f"/api/v1/holds/{uuid7()}").status_code == 204
    last = counter.ask("POST", "/api/v1/holds", wanted).get_json()["id"]
    choice = {**wanted, "kind": "slot", "hold_id": last}
    assert counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", {**body, "choice": choice}).status_code == 200


@pytest.mark.parametrize("wrong", [None, {}, {"practitioner_id": "x"}, "text"])
def test_what_is_no_slot_is_not_kept(counter: Counter, wrong: Any) -> None:
    assert counter.ask("POST", "/api/v1/holds", wrong).status_code == 422


def test_the_kinds_of_visits_are_named(counter: Counter) -> None:
    told = counter.ask("GET", "/api/v1/visit-types?lang=en").get_json()["types"]
    assert [(kind["value"], kind["hint"]) for kind in told] == [("consultation", "20 minutes")]


def test_a_wrong_number_names_the_question_to_mend(counter: Counter, body: dict[str, Any]) -> None:
    wrong = {**body, "claim": {**body["claim"], "identifier": "4403075020"}}
    told = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", wrong)
    assert (told.status_code, told.get_json()["step"], told.get_json()["code"]) == (
        422,
        "number",
        "check_digit",
    )


@pytest.mark.parametrize("wrong", [None, [], {"language": "bg"}, "text"])
def test_what_is_no_intake_is_refused(counter: Counter, wrong: Any) -> None:
    assert counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", wrong).status_code == 422


def test_a_language_we_do_not_speak_is_refused(counter: Counter, body: dict[str, Any]) -> None:
    assert counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", {**body, "language": "xx"}).status_code == 422


def test_an_id_that_is_no_uuid7_is_refused(counter: Counter, body: dict[str, Any]) -> None:
    assert counter.ask("PUT", f"/api/v1/intakes/{uuid4()}", body).status_code == 422


@pytest.mark.parametrize(
    "spoil",
    [{"seconds": 0}, {"kiosk_id": uuid4()}, {"key": ec.generate_private_key(ec.SECP256R1())}],
    ids=["an old signature", "another kiosk", "another key"],
)
def test_a_proof_that_does_not_hold_opens_nothing(
    counter: Counter, services: Services, body: dict[str, Any], spoil: Spoil
) -> None:
    assert counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", body, **spoil).status_code == 401
    assert count(services, intake) == 0


def test_a_signature_for_another_path_opens_nothing(counter: Counter, body: dict[str, Any]) -> None:
    proof = counter.proof("PUT", f"/api/v1/intakes/{uuid7()}", b"{}")
    told = counter.browser.put(f"/api/v1/intakes/{uuid7()}", data=b"{}", headers={"Telemed-Device": proof})
    assert told.status_code == 401


def test_the_cookie_alone_opens_nothing(counter: Counter, body: dict[str, Any]) -> None:
    assert counter.browser.put(f"/api/v1/intakes/{uuid7()}", json=body).status_code == 401
    assert counter.browser.get("/api/v1/slots").status_code == 401


def test_somebody_who_waits_gets_a_pass_and_may_leave(counter: Counter, body: dict[str, Any]) -> None:
    visit = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", body).get_json()["visit"]
    waiting = {"state": "waiting", "rings": False, "again": None}
    waiting |= {"rung": "video", "phone": None, "question": None, "clerk": False}
    assert counter.ask("GET", f"/api/v1/visits/{visit}").get_json() == waiting
    assert counter.ask("POST", f"/api/v1/visits/{visit}/pass").status_code == 400
    asked = {"nonce": passes.hashed("a-nonce")}
    handed = counter.ask("POST", f"/api/v1/visits/{visit}/pass", asked).get_json()
    assert {"pass", "room", "ice", "url"} <= set(handed)
    assert counter.ask("GET", f"/api/v1/visits/{visit}/summary").status_code == 410
    assert counter.ask("POST", f"/api/v1/visits/{visit}/leave").status_code == 204
    assert counter.ask("GET", "/api/v1/wait").get_json()["token"] == ""
    assert counter.ask("POST", f"/api/v1/visits/{visit}/leave").status_code == 204


def test_a_visit_nobody_has_is_not_found(counter: Counter) -> None:
    for method, path in (("GET", ""), ("POST", "/pass"), ("POST", "/leave"), ("GET", "/summary")):
        assert counter.ask(method, f"/api/v1/visits/{uuid7()}{path}").status_code == 404


def test_the_slip_of_a_booked_time_lets_its_owner_arrive(counter: Counter, body: dict[str, Any]) -> None:
    choice = as_choice(slot_answer(counter))
    receipt = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", {**body, "choice": choice}).get_json()
    came = counter.ask("POST", "/api/v1/arrivals?lang=bg", {"code": f" {receipt['shown'].lower()} "})
    assert came.status_code == 200
    assert came.get_json()["when"] == receipt["when"]
    assert came.get_json()["too_early"] == (came.get_json()["visit"] is None)


@pytest.mark.parametrize("code", ["AAAAAAAA", "", "А" * 41, 7, None])
def test_a_code_nobody_has_is_refused(counter: Counter, code: Any) -> None:
    told = counter.ask("POST", "/api/v1/arrivals", {"code": code})
    assert (told.status_code, told.get_json()["code"]) == (422, "code_unknown")


def test_codes_are_not_guessed_at_length(counter: Counter) -> None:
    statuses = [
        counter.ask("POST", "/api/v1/arrivals", {"code": f"AAAAAA{n:02}"}).status_code for n in range(8)
    ]
    assert statuses[-1] == 429


def test_free_times_are_few_in_words_and_nobodys(counter: Counter) -> None:
    days = counter.ask("GET", "/api/v1/slots?lang=en").get_json()["days"]
    assert [day["words"].split(",")[0] for day in days[:2]] == ["Today", "Tomorrow"]
    assert len(days) <= 3
    assert all(0 < len(day["times"]) <= 8 for day in days)


def test_a_browser_without_proof_learns_nothing(client: Visitor) -> None:
    assert client.get("/api/v1/slots", headers={"Telemed-Device": "v1 nonsense"}).status_code == 401
    now = int(datetime.now(UTC).timestamp())
    assert (
        client.get("/api/v1/slots", headers={"Telemed-Device": f"v1 {uuid4()} {now} AAAA"}).status_code == 401
    )


@pytest.mark.parametrize(
    "raw", [pytest.param(b"[" * 100_000, id="deep"), b'{"code": "\\ud800"}', b"\xff", b""]
)
def test_bytes_that_cannot_be_read_are_refused_like_a_wrong_code(counter: Counter, raw: bytes) -> None:
    path = "/api/v1/arrivals"
    headers = {"Telemed-Device": counter.proof("POST", path, raw)}
    told = counter.browser.post(path, data=raw, headers=headers, content_type="application/json")
    assert told.status_code == 422


ENDS_OF_TIME = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:50:00+00:00"]


@pytest.mark.parametrize("moment", ENDS_OF_TIME)
def test_what_no_page_could_show_and_no_database_keep_is_refused(
    counter: Counter, body: dict[str, Any], moment: str
) -> None:
    reading = {"code": "pulse", "value": "70", "reason": None, "typed_by": "patient", "taken_at": moment}
    choice = {**as_choice(slot_answer(counter)), "starts_at": moment}
    for wrong in ({"measurements": [reading]}, {"choice": choice}, {"notice_version": "\0"}):
        told = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", {**body, **wrong})
        assert (told.status_code, told.get_json()["code"]) == (422, "invalid")
