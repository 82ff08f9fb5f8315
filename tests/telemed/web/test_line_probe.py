"""The doctor's door for trying the line: open to who is signed in, and by our own page only."""

from collections.abc import Callable

from tests.telemed.conftest import Visitor

StaffClient = Callable[..., Visitor]
PAGE = "/clinic/try"


def test_a_doctor_asks_from_the_page_and_by_its_token(staff_client: StaffClient) -> None:
    doctor = staff_client("doctor")
    page = doctor.get(f"{PAGE}?lang=en").text
    assert "Nobody sees or hears you here." in page
    token = page.partition('data-csrf="')[2].partition('"')[0]
    answer = doctor.post(f"{PAGE}/line", json={}, headers={"X-CSRF-Token": token})
    assert answer.get_json() == {"ice": []}


def test_without_the_token_of_the_page_nothing_is_asked(staff_client: StaffClient) -> None:
    assert staff_client("doctor").post(f"{PAGE}/line", json={}).status_code == 403


def test_others_of_the_staff_have_no_call_to_try(staff_client: StaffClient) -> None:
    assert staff_client("clerk").get(PAGE).status_code == 403
