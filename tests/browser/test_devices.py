"""The longest way in Bulgarian, by keyboard, measured by devices; the doctor sees each with its source."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from telemed.intake.drivers import KINDS, Kind, simulator
from telemed.intake.drivers.simulator import NAN, Sent
from tests.browser.accessibility import violations
from tests.browser.people import ANSWERS, LONGEST_JOURNEY, Patient, Staff, clerks_pin
from tests.browser.peripherals import Chooser, Peripheral, Radio
from tests.running import Running

DOCTOR = "doctor@telemed.example"
KEYS = 60
TYPED: Mapping[str, str] = {
    **ANSWERS,
    "telephone_number": "052123456",
    "proxy_first_name": "Мария",
    "proxy_telephone": "0888654321",
    "height": "158",
    "height_repeated": "158",
}
# The answers that make the way longest, without five minutes of rest; a "no" to every sign of danger.
PRESSES: Mapping[str, str] = {
    "welcome": "visit",
    "number": "none",
    "sms": "yes",
    "letters": "native",
    "ring": "other",
    "proxy": "yes",
    "letter": "yes",
    "share": "yes",
    "complaint": "breath",
    "since": "week",
    "words": "none",
    "measure": "yes",
    "rest": "short",
    "pause_2": "short",
    "pause_3": "short",
    "breathing_count": "refused",
    "more": "yes",
    "glucose_when": "random",
    "consciousness": "alert",
    "when": "now",
}
USUAL = ("no", "given")
SENT: Mapping[str, Sent] = {
    "pressure": simulator.pressure(142, 88, None),
    "pressure_2": simulator.pressure("18.4", "11.5", None, kilopascals=True),
    "pressure_3": simulator.pressure(136, 82, None, status=1),
    "oxygen_reading": simulator.oxygen(89, NAN),
    "oxygen_again": simulator.oxygen(95, NAN, sensor=1 << 5),
    "pulse_reading": simulator.pulse(74),
    "temperature_reading": simulator.temperature("98.4", fahrenheit=True),
    "weight_reading": simulator.weight("71.565"),
    "glucose_reading": simulator.glucose("101", milligrams=True),
}
# What each device does before it measures well.
BEFORE: Mapping[str, tuple[str, Sent]] = {
    "pressure": ("failed", simulator.pressure(NAN, NAN, NAN)),
    "glucose_reading": ("control", simulator.glucose(kind=simulator.CONTROL_SOLUTION)),
}


@pytest.fixture
def radio(browser: Browser, quiet_service: Running) -> Iterator[Radio]:
    radio = Radio(browser, quiet_service.origin)
    yield radio
    radio.close()


@dataclass
class ByKeyboard:
    """A patient who has no mouse and touches nothing: Tab, Enter, and what is typed."""

    patient: Patient
    table: Mapping[Kind, Peripheral]
    taken: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """What is on the screen."""
        return self.patient.page

    def press(self, selector: str) -> None:
        """Go to something by Tab and press Enter on it."""
        self.go_to(selector)
        self.page.keyboard.press("Enter")

    def go_to(self, selector: str) -> None:
        """Go to something by Tab alone."""
        for _ in range(KEYS):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached by Tab")

    def walks_until(self, last: str) -> None:
        """Answer one question after the other."""
        while (step := self.patient.step) != last:
            self.taken.append(step)
            assert len(self.taken) < LONGEST_JOURNEY, self.taken
            if step in SENT:
                self.measures(step)
            else:
                self.answers(step)
            expect(self.page.locator(f"main[data-step={step}]")).to_have_count(0, timeout=20_000)

    def answers(self, step: str) -> None:
        """Type what is asked for, or choose."""
        there = self.page.locator("main form button[name]").evaluate_all("all => all.map(each => each.value)")
        pressed = PRESSES.get(step) or next(each for each in USUAL if each in there)
        if pressed == "given":
            for name in self.page.locator("main form input:visible").evaluate_all(
                "all => all.filter(each => each.type !== 'radio').map(each => each.name)"
            ):
                self.go_to(f"input[name={name}]")
                self.page.keyboard.type(TYPED[name])
        self.press(f"main button[value={pressed}]")

    def measures(self, step: str) -> None:
        """Let the device measure and go on with Enter: the way on is where the keyboard is."""
        kind: Kind = next(each for each in KINDS if step.startswith(each))
        device = self.table[kind]
        self.hears("connected")
        if step in BEFORE:
            said, bad = BEFORE[step]
            device.sends(self.page, bad)
            self.hears(said)
            expect(self.page.locator("main button.main")).to_have_attribute("value", "given")
        if step == "oxygen_reading":
            device.hangs_up()
            self.hears("lost")
            self.hears("connected")
        device.sends(self.page, SENT[step])
        self.hears("received")
        if step in BEFORE:
            assert violations(self.page) == []
        self.page.keyboard.press("Enter")

    def hears(self, state: str) -> None:
        """The page says what the device is doing."""
        expect(self.page.locator(f"[data-device][data-state={state}]")).to_be_visible(timeout=20_000)


def clerk_pairs(patient: Patient, radio: Radio, pin: str) -> tuple[Mapping[Kind, Peripheral], Chooser]:
    """Once, on the page for the clerk: the browser's chooser opens for each device of the table."""
    chooser, table = Chooser(patient.page), {}
    patient.chooses_language("Български")
    expect(patient.page.locator("html[data-script=on]")).to_be_attached()
    patient.calls_the_clerk(pin)
    patient.page.locator("[data-do=clerk-pair]").click()
    patient.page.wait_for_url(re.compile(r"/kiosk/devices\?lang=bg$"))
    for kind in KINDS:
        table[kind] = radio.brings(kind)
        block = patient.page.locator(f"section[data-kind={kind}]")
        block.get_by_role("button").click()
        expect(block.locator("[data-when=paired]")).to_be_visible(timeout=15_000)
    assert violations(patient.page) == []
    return table, chooser


def test_the_longest_way_measured_by_devices(browser: Browser, quiet_service: Running, radio: Radio) -> None:
    patient = Patient(browser, quiet_service.origin, site="Avren")
    table, chooser = clerk_pairs(patient, radio, clerks_pin(browser, quiet_service.origin))
    assert len(chooser.shown) == len(KINDS)
    # A patient comes: another document, in which every device is found again.
    patient.page.goto(f"{quiet_service.origin}/kiosk")
    walk = ByKeyboard(patient, table)
    walk.press("a.choice[lang=bg]")
    patient.at("welcome")
    walk.walks_until("review")
    assert set(SENT) < set(walk.taken)
    # A meter is asked for its newest record, once it is listened to.
    assert table["glucose"].asked == [b"\x01\x06"]
    assert len(chooser.shown) == len(KINDS), "the patient has met the chooser"
    walk.press("main form button.main")
    patient.at("booked")
    assert patient.complaints.lines == []
    doctor_sees_every_source(Staff(browser, quiet_service.origin))
    patient.close()


def doctor_sees_every_source(doctor: Staff) -> None:
    """The doctor opens the case: each value, where it comes from, and what is doubtful about it."""
    doctor.signs_in(DOCTOR, "/clinic")
    doctor.page.goto(f"{doctor.origin}/clinic?lang=en")
    doctor.page.get_by_role("link", name=ANSWERS["full_name"]).last.click()
    table = doctor.page.locator("table.measured")
    for line, said in {
        "Blood pressure": ("137/84", "18.4", "Orlov BP 1", "the patient moved"),
        "Oxygen in the blood": ("95", "89", "Orlov Oxy 2", "little blood in the finger"),
        "Pulse": ("74", "Orlov Chest 6"),
        "Temperature": ("36.9", "98.4", "Orlov Ear 3", "calibration overdue"),
        "Weight": ("71.6", "Orlov Scale 5"),
        "Blood sugar": ("5.6", "101", "Orlov Sweet 4"),
        "Height": ("158", "typed twice by the patient"),
        "Breathing": ("the patient did not want it measured",),
        "Consciousness": ("Awake and clear",),
    }.items():
        row = table.locator("tr").filter(has=doctor.page.get_by_role("rowheader", name=line, exact=True))
        for each in said:
            expect(row).to_contain_text(re.compile(re.escape(each)))
    doctor.close()
