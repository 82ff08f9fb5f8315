"""A doctor's own telephone is given for what they agree to and taken back; a site's is the coordinator's."""

from collections.abc import Callable

import pytest

from telemed.accounts.phones import Phones
from telemed.accounts.store import Staff
from telemed.services import Services
from tests.telemed.conftest import Place, Visitor, browser_of

PAGE = "/clinic/phone"


@pytest.fixture
def staff(add_staff: Callable[..., Staff]) -> Staff:
    return add_staff("doctor")


@pytest.fixture
def doctor(app: object, services: Services, staff: Staff) -> Visitor:
    return browser_of(app, services, staff)  # type: ignore[arg-type]  # Flask's application


def kept(services: Services, staff: Staff) -> tuple[str, bool, bool] | None:
    with services.view() as view:
        own = Phones(view.connection).of(staff.id)
    return None if own is None else (own.phone, own.calls, own.pages)


def test_a_number_is_kept_for_what_was_agreed_to_and_taken_back(
    doctor: Visitor, services: Services, staff: Staff
) -> None:
    assert doctor.send(PAGE, phone="0888 123 456", calls="yes").status_code == 303
    assert kept(services, staff) == ("+359888123456", True, False)
    doctor.send(PAGE, phone="+359 888 123457", calls="yes", pages="yes")
    assert kept(services, staff) == ("+359888123457", True, True)
    assert "+359888123457" in doctor.get(PAGE).text
    doctor.send(f"{PAGE}/end", PAGE)
    assert kept(services, staff) is None


@pytest.mark.parametrize(
    "typed",
    [
        {"phone": "", "calls": "yes"},
        {"phone": "0888 12", "calls": "yes"},
        {"phone": "0888 123 456"},
        {"phone": "02 912 3456", "pages": "yes"},
        {"phone": "+1 500 555 0006", "calls": "yes"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    doctor: Visitor, services: Services, staff: Staff, typed: dict[str, str]
) -> None:
    assert doctor.send(PAGE, **typed).status_code == 422
    assert kept(services, staff) is None


def test_the_coordinator_tells_the_number_of_the_handset_and_takes_it_away(
    staff_client: Callable[..., Visitor], services: Services, place: Place
) -> None:
    desk, page = staff_client("coordinator"), f"/admin/sites/{place.site_id}/phone"

    def number() -> str | None:
        with services.view() as view:
            return Phones(view.connection).of_site(place.site_id)

    assert desk.send(page, phone="02 912 3456").status_code == 303
    assert number() == "+35929123456"
    assert "+35929123456" in desk.get(page).text
    assert desk.send(page, phone="nonsense").status_code == 422
    assert number() == "+35929123456"
    desk.send(page, phone="")
    assert number() is None


def test_a_doctor_changes_no_sites_number(staff_client: Callable[..., Visitor], place: Place) -> None:
    assert staff_client("doctor").get(f"/admin/sites/{place.site_id}/phone").status_code == 403
