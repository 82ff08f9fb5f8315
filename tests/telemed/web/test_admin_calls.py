"""The coordinator sees how a site's calls went, and no patient."""

from datetime import timedelta

import pytest

from telemed import database
from telemed.accounts.store import AccountStore
from telemed.call_quality import Call, CallQuality, Rung
from telemed.run.web import create_app
from telemed.web import quality_chart
from tests import build
from tests.telemed.call_looks import look
from tests.telemed.conftest import BuiltAssets, Visitor, browsable
from tests.telemed.consulting_room import NAME, ConsultingRoom


@pytest.fixture
def coordinator(room: ConsultingRoom) -> Visitor:
    with database.write(room.services.engine) as connection:
        staff = AccountStore(connection).add_staff(
            email="desk@telemed.example",
            name="Desk",
            roles=frozenset({"coordinator"}),
            password_hash="",
            sealed_totp=None,
            now=build.NOW,
            facility_id=room.world.facility.id,
        )
    return room.browser(browsable(create_app(room.services, BuiltAssets())), staff)


def talked(room: ConsultingRoom, *rungs: Rung, loss: float = 0.5) -> None:
    """A call of a minute on each of these rungs, half an hour ago."""
    call = Call(room.comes().visit_id, room.world.site.id, room.world.kiosk.id)
    begun = build.NOW - timedelta(minutes=30)
    looks = [
        look(n, at=begun + n * timedelta(seconds=5), rung=rung, loss_percent=loss)
        for n, rung in enumerate(rung for rung in rungs for _ in range(12))
    ]
    with database.write(room.services.engine) as connection:
        CallQuality(connection).add(call, "patient", "the-page", looks)


def page(room: ConsultingRoom, coordinator: Visitor, lang: str = "en") -> str:
    return coordinator.get(f"/admin/sites/{room.world.site.id}/calls?lang={lang}").text


def test_a_site_without_calls_says_so(room: ConsultingRoom, coordinator: Visitor) -> None:
    assert "Nobody has talked with a doctor from here" in page(room, coordinator)


def test_calls_are_counted_drawn_and_told_without_a_patient(
    room: ConsultingRoom, coordinator: Visitor
) -> None:
    talked(room, "video", "video", "video", "audio")
    html = page(room, coordinator)
    assert "picture and voice 75%" in html.replace("</span>", "").replace("\n", "")
    assert html.count('<rect class="rung-') == 2
    assert "None was bad." in html
    assert NAME not in html


def test_a_bad_call_is_named_by_its_moment(room: ConsultingRoom, coordinator: Visitor) -> None:
    talked(room, "audio", loss=22.5)
    html = page(room, coordinator)
    assert "None was bad." not in html
    assert "22.5" in html
    assert "22,5" in page(room, coordinator, "bg")


def test_the_sites_page_leads_there(room: ConsultingRoom, coordinator: Visitor) -> None:
    address = f"/admin/sites/{room.world.site.id}"
    assert f'href="{address}/calls"' in coordinator.get(address).text


def test_every_rung_has_a_word() -> None:
    assert set(quality_chart.RUNG_WORDS) == {"video", "audio", "stills", "phone", "written"}
