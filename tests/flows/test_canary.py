"""Nothing personal is in a log line, a broker file or an address, however far a visit goes."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.people import BRIEFLY, Patient, Staff
from tests.running import Running

NAME = "Канарка Жълтокрила"
PHONE = "0889776655"
WORDS = "КанаркаПееШепнешком"
SECRETS = (NAME, "Канарка", "%D0%9A%D0%B0%D0%BD%D0%B0%D1%80", PHONE, "+359889776655", "889776655", WORDS)
CONCLUSION = "КанаркаЗаключение"
CALLS = {"full_name": NAME, "mobile": PHONE, "own_words": WORDS}


def test_a_visit_leaves_no_trace_of_a_person_outside_the_database(
    quiet_service: Running, browser: Browser
) -> None:
    patient = Patient(browser, quiet_service.origin, CALLS)
    patient.chooses_language("Български")
    patient.answers_until("review", when="later", words="given")
    code = patient.confirms()
    handset = Staff(browser, quiet_service.origin)
    handset.page.goto(f"{quiet_service.origin}/demo/handset")
    expect(handset.page.locator("main")).to_contain_text(PHONE[1:], timeout=30_000)

    second = Patient(browser, quiet_service.origin, CALLS, site="Arda")
    second.chooses_language("Български")
    second.answers_until("review", words="given", when="now", **BRIEFLY)
    second_code = second.confirms()
    doctor = Staff(browser, quiet_service.origin)
    doctor.signs_in("doctor@telemed.example", "/clinic")
    doctor.page.get_by_role("link", name=NAME).last.click()
    doctor.sees(WORDS)
    doctor.page.locator("form[action$=admit] button").click()
    doctor.page.locator("#conclusion").fill(CONCLUSION)
    doctor.page.locator("#advice").fill(CONCLUSION)
    doctor.page.locator("[data-note-form] button[value=sign]").click()
    expect(doctor.page.locator(".notice-good")).to_be_visible(timeout=15_000)

    people = (patient, handset, second, doctor)
    addresses = "\n".join(address for person in people for address in person.addresses)
    for person in people:
        person.close()
    secrets = (*SECRETS, CONCLUSION, code, second_code)
    log = quiet_service.log.read_text()
    assert "process.started" in log
    assert found(secrets, log) == []
    assert found(secrets, addresses) == []
    assert found(secrets, broker(quiet_service.data)) == []


def found(secrets: tuple[str, ...], text: str) -> list[str]:
    return [secret for secret in secrets if re.search(re.escape(secret), text, re.IGNORECASE)]


def broker(data: Path) -> str:
    """Everything that lies in the folder beside the database: the broker's spool, beat's memory, the log."""
    assert (data / "broker").is_dir()
    files = [path for path in data.rglob("*") if path.is_file() and not path.name.startswith("telemed.db")]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)
