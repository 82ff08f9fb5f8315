"""Enrolling over the page, and the doors that then open to the kiosk's signature and to nothing else."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from telemed import database
from telemed.accounts.device_proof import HEADER, message
from telemed.accounts.store import AccountStore
from telemed.notices import Notices
from telemed.run.web import create_app
from telemed.services import Services
from telemed.web.enrol import MAX_FAILURES
from telemed.web.proofs import DEVICE_COOKIE
from tests.telemed.accounts.test_device_proof import encoded, jwk
from tests.telemed.conftest import BuiltAssets, Place, Visitor, browsable, visitor

PAGE = "/kiosk/enrol"
SLOTS = "/api/v1/slots"
PRIVATE = ec.generate_private_key(ec.SECP256R1())


def code_for(services: Services, place: Place, made_at: datetime | None = None) -> str:
    with database.write(services.engine) as connection:
        return AccountStore(connection).devices.make_code(place.kiosk_id, made_at or datetime.now(UTC))


def proof(place: Place, path: str = SLOTS, method: str = "GET", at: datetime | None = None) -> dict[str, str]:
    seconds = int((at or datetime.now(UTC)).timestamp())
    r, s = decode_dss_signature(PRIVATE.sign(message(method, path, seconds, b""), ec.ECDSA(hashes.SHA256())))
    signature = encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return {HEADER: f"v1 {place.kiosk_id} {seconds} {signature}"}


@pytest.fixture
def enrolled(client: Visitor, services: Services, place: Place) -> Visitor:
    """A browser that became the kiosk with a key of its own."""
    answer = client.send(PAGE, code=code_for(services, place), public_key=json.dumps(jwk(PRIVATE)))
    assert answer.status_code == 303
    return client


def test_the_device_cookie_stays_and_is_locked_to_the_host(
    client: Visitor, services: Services, place: Place
) -> None:
    answer = client.send(PAGE, code=code_for(services, place))
    made = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith(DEVICE_COOKIE))
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=34560000"):
        assert attribute in made


def test_a_used_or_old_code_is_refused_in_plain_words(
    client: Visitor, services: Services, place: Place
) -> None:
    old = code_for(services, place, datetime.now(UTC) - timedelta(minutes=10))
    used = code_for(services, place)
    client.send(PAGE, code=used)
    for code in (old, used, "AAAAA-AAAAA"):
        answer = client.post(
            PAGE, data={"csrf_token": client.token(PAGE), "code": code}, headers={"Accept-Language": "en"}
        )
        assert answer.status_code == 422
        assert "Ask the coordinator for another one" in answer.text


def test_guessing_codes_is_stopped(client: Visitor, services: Services, place: Place) -> None:
    for _ in range(MAX_FAILURES):
        client.send(PAGE, code="AAAAA-AAAAA")
    assert client.send(PAGE, code=code_for(services, place)).status_code == 429


@pytest.mark.parametrize(
    "key",
    [
        "{}",
        pytest.param("[" * 100_000, id="deep"),
        "[]",
        "null",
        "x",
        '{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}',
    ],
)
def test_a_key_that_is_none_is_refused_and_spends_no_code(
    client: Visitor, services: Services, place: Place, key: str
) -> None:
    code = code_for(services, place)
    assert client.send(PAGE, code=code, public_key=key).status_code == 400
    assert client.send(PAGE, code=code).status_code == 303


def test_a_private_key_sent_by_mistake_is_not_stored(
    client: Visitor, services: Services, place: Place
) -> None:
    client.send(
        PAGE, code=code_for(services, place), public_key=json.dumps({**jwk(PRIVATE), "d": "never store me"})
    )
    with database.read(services.engine) as connection:
        device = AccountStore(connection).devices.of_kiosk(place.kiosk_id)
    assert device
    assert set(device.public_key or {}) == {"kty", "crv", "x", "y"}


def test_the_kiosks_signature_opens_its_doors_without_any_cookie(
    enrolled: Visitor, services: Services, place: Place
) -> None:
    stranger = visitor(enrolled.application)
    assert stranger.get(SLOTS, headers=proof(place)).status_code == 200


def test_the_kiosks_cookie_does_not_open_them(enrolled: Visitor) -> None:
    answer = enrolled.get(SLOTS)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.json
    assert answer.json["code"] == "no-proof"


def test_a_signature_for_another_door_time_or_method_opens_nothing(enrolled: Visitor, place: Place) -> None:
    forged = (
        proof(place, path="/api/v1/arrivals"),
        proof(place, method="POST"),
        proof(place, at=datetime.now(UTC) - timedelta(seconds=90)),
        {HEADER: proof(place)[HEADER][:-4] + "AAAA"},
        {HEADER: "v1"},
    )
    for header in forged:
        assert enrolled.get(SLOTS, headers=header).status_code == 401


def test_a_revoked_kiosks_signature_opens_nothing(
    enrolled: Visitor, services: Services, place: Place
) -> None:
    with database.write(services.engine) as connection:
        AccountStore(connection).devices.revoke(place.kiosk_id, datetime.now(UTC))
    assert enrolled.get(SLOTS, headers=proof(place)).status_code == 401


def test_a_kiosk_without_script_has_pages_but_no_signed_doors(kiosk_client: Visitor, place: Place) -> None:
    assert kiosk_client.get("/kiosk").status_code == 200
    assert kiosk_client.get(SLOTS, headers=proof(place)).status_code == 401


def test_in_a_demo_one_tap_is_enough_and_elsewhere_it_is_not(
    services: Services, demo_services: Services, place: Place
) -> None:
    for service, status in ((demo_services, 303), (services, 422)):
        browser = visitor(browsable(create_app(service, BuiltAssets())))
        assert (str(place.kiosk_id) in browser.get(PAGE).text) == service.settings.demo
        assert browser.send(PAGE, kiosk=str(place.kiosk_id)).status_code == status


def test_enrolling_again_closes_what_the_older_browser_had_open(
    enrolled: Visitor, client: Visitor, services: Services, place: Place
) -> None:
    with database.read(services.engine) as connection:
        older = AccountStore(connection).devices.of_kiosk(place.kiosk_id)
    assert older
    client.send(PAGE, code=code_for(services, place))
    with database.read(services.engine) as connection:
        told = Notices(connection).after(datetime.now(UTC) - timedelta(minutes=1))
    assert [(notice.kind, notice.subject) for notice in told] == [("close-session", older.reference)]
