"""The kiosk tells how a call goes, by its own proof."""

from scheduling.ids import uuid7
from telemed import database
from telemed.call_quality import CallQuality
from telemed.services import Services
from tests import build
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter

LOOK = {"n": 0, "ago_ms": 0, "rung": "stills", "sent_bytes": 0, "received_bytes": 0}


def test_a_kiosk_tells_of_the_visit_at_it(counter: Counter, services: Services, world: build.World) -> None:
    body = {**VECTORS["submissions"][0]["body"], "choice": {"kind": "now"}}
    visit = counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", body).get_json()["visit"]
    told = {"page": "a-kiosk-page", "looks": [LOOK]}
    assert counter.ask("POST", f"/api/v1/visits/{visit}/quality", told).status_code == 204
    assert counter.ask("POST", f"/api/v1/visits/{uuid7()}/quality", told).status_code == 404
    assert counter.ask("POST", f"/api/v1/visits/{visit}/quality", {**told, "looks": []}).status_code == 422
    with database.read(services.engine) as connection:
        [share] = CallQuality(connection).of_site(world.site.id, build.NOW.replace(hour=0))
    assert (share.rung, share.looks, share.rtt_ms) == ("stills", 1, None)
