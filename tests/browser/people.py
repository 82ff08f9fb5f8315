"""The people of a visit, each with a browser of their own: what they see and what they press."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

SCREEN: ViewportSize = {"width": 1280, "height": 800}
ANSWERS: Mapping[str, str] = {
    "full_name": "Иванка Петрова",
    "born_day": "7",
    "born_month": "3",
    "born_year": "1944",
    "mobile": "0888123456",
    "systolic": "138",
    "diastolic": "84",
    "pulse": "72",
    "oxygen": "97",
    "temperature": "36,6",
}
PRESSES: Mapping[str, str] = {
    "welcome": "visit",
    "danger": "no",
    "number": "none",
    "complaint": "dizzy",
    "weak": "no",
    "fainted": "no",
    "turning": "unknown",
    "since": "week",
    "trouble": "little",
    "words": "none",
    # The short way of measuring: no rest, one pressure, nothing counted.
    "rest": "short",
    "pause_2": "enough",
    "temperature_place": "armpit",
    "breathing_count": "refused",
    "more": "no",
    "sms": "yes",
    "letters": "native",
    "ring": "no",
    "proxy": "no",
    "letter": "no",
    "share": "no",
    "measure": "yes",
    "type": "consultation",
}
# The shortest way to a doctor, for whoever looks at what comes after the questions.
BRIEFLY: Mapping[str, str] = {"complaint": "other", "sms": "no", "measure": "no"}
TYPED_AGAIN = r"(_second|_[0-9])?(_repeated)?$"
# What is pressed where nothing else was said, as far as the page has it.
USUAL = ("given", "no", "unknown")
LONGEST_JOURNEY = 60


@dataclass
class Complaints:
    """What a page's console, and its requests to elsewhere, gave away."""

    lines: list[str] = field(default_factory=list)

    def listen(self, page: Page, origin: str) -> None:
        """Collect errors, refusals of the content policy and every request to another host."""
        page.on("pageerror", lambda error: self.lines.append(f"error: {error}"))
        page.on(
            "console",
            lambda said: self.lines.append(f"console: {said.text}") if said.type == "error" else None,
        )
        page.on(
            "request",
            lambda asked: (
                self.lines.append(f"elsewhere: {asked.url}")
                if not asked.url.startswith((origin, "data:", "blob:", "ws://127.0.0.1"))
                else None
            ),
        )


def rests_as_long_as_for_real(route: Route) -> None:
    """The demo's rest is short; this one takes the five minutes of a real kiosk."""
    answer = route.fetch()
    told = re.sub(r'data-clock="\d+"', 'data-clock="300"', answer.text())
    packed = ("content-encoding", "content-length")
    kept = {name: value for name, value in answer.headers.items() if name not in packed}
    route.fulfill(status=answer.status, headers=kept, body=told)


class Person:
    """A browser context that belongs to one person."""

    def __init__(self, browser: Browser, origin: str, bypass_csp: bool = False) -> None:
        self.origin = origin
        self.context: BrowserContext = browser.new_context(
            viewport=SCREEN,
            permissions=["camera", "microphone"],
            bypass_csp=bypass_csp,
            reduced_motion="reduce" if bypass_csp else None,
        )
        self.page = self.context.new_page()
        self.addresses: list[str] = []
        self.page.on("request", lambda asked: self.addresses.append(asked.url))
        self.complaints = Complaints()
        self.complaints.listen(self.page, origin)

    def close(self) -> None:
        """Leave."""
        self.context.close()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Expect a text on the page."""
        expect(self.page.locator("main")).to_contain_text(text, timeout=15_000)


class Patient(Person):
    """Somebody at the counter, whose kiosk the clerk has enrolled."""

    def __init__(
        self,
        browser: Browser,
        origin: str,
        says: Mapping[str, str] | None = None,
        site: str | None = None,
        bypass_csp: bool = False,
    ) -> None:
        super().__init__(browser, origin, bypass_csp)
        self.says = {**ANSWERS, **(says or {})}
        self.page.goto(f"{origin}/kiosk/enrol?lang=en")
        if site is not None:
            counter = self.page.get_by_label("Which counter is this?")
            named = counter.locator("option").filter(has_text=site).first
            counter.select_option(value=named.get_attribute("value"))
        self.page.get_by_role("button", name="Use this browser as the kiosk").click()
        self.page.wait_for_url(f"{origin}/kiosk")

    def chooses_language(self, name: str) -> None:
        """Touch a language; the journey begins."""
        self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name)).click()
        self.at("welcome")

    @property
    def step(self) -> str:
        """The step on the screen."""
        return self.page.locator("main").get_attribute("data-step") or ""

    def at(self, step: str) -> None:
        """Expect to be at a step."""
        expect(self.page.locator(f"main[data-step={step}]")).to_be_visible(timeout=15_000)

    def says_who_is_there(self, company: str = "alone") -> None:
        """Say who is in the room, upon which the camera opens."""
        self.page.locator(f"[data-company={company}]").click()

    def is_here(self) -> None:
        """Answer the question whether somebody is still there."""
        asked = self.page.locator("dialog#still")
        expect(asked).to_be_visible(timeout=15_000)
        asked.locator("[data-do=stay]").click()
        expect(asked).to_be_hidden()

    def never_leaves(self) -> Page:
        """Answer by oneself whenever it is asked whether somebody is there; gives the page."""
        asked = self.page.locator("dialog#still")
        self.page.add_locator_handler(asked, lambda: asked.locator("[data-do=stay]").click())
        return self.page

    def answers_until(self, last: str, **presses: str) -> list[str]:
        """Answer every question as usual, with some answers of this visit's own; returns the steps taken."""
        taken: list[str] = []
        while self.step != last:
            taken.append(self.step)
            assert len(taken) < LONGEST_JOURNEY, taken
            self.answers({**PRESSES, **presses}.get(self.step) or self.usual())
        return taken

    def says_in(self, field: str) -> str | None:
        """What belongs into a field; a second reading, and whatever is typed twice, is the same number."""
        return self.says.get(field) or self.says.get(re.sub(TYPED_AGAIN, "", field))

    def usual(self) -> str:
        """The button that is pressed where nothing else was said."""
        buttons = self.page.locator("main form button[name]")
        there = set(buttons.evaluate_all("all => all.map(each => each.value)"))
        return next((press for press in USUAL if press in there), "given")

    def answers(self, press: str) -> None:
        """Fill in what this step asks and press a button."""
        step, form = self.step, self.page.locator("main form")
        if press == "given":
            shown = form.locator("input[name]:not([type=hidden])")
            for name in shown.evaluate_all("all => all.map(each => each.name)"):
                if value := self.says_in(name):
                    form.locator(f"input[name={name}]").fill(value)
        buttons = form.locator(f"button[value='{press}']") if step != "slot" else form.locator("button.time")
        buttons.first.click()
        expect(self.page.locator(f"main[data-step={step}]")).to_have_count(0, timeout=15_000)

    def calls_the_clerk(self, pin: str) -> None:
        """The clerk comes and opens this kiosk's other side."""
        self.page.locator("nav [data-do=help]").click()
        self.page.locator("dialog#help [data-do=clerk]").click()
        for digit in pin:
            self.page.locator(f"[data-pin-key='{digit}']").click()
        self.page.locator("dialog#clerk button.main").click()
        expect(self.page.locator("[data-do=clerk-help]")).to_be_visible(timeout=15_000)

    def confirms(self) -> str:
        """Confirm what was said; returns the code on the slip."""
        self.at("review")
        self.page.locator("main form button.main").click()
        self.at("booked")
        return "".join((self.page.locator("[data-fill=shown]").text_content() or "").split())


def enter_the_digits(page: Page) -> None:
    """Take the six digits that the demo shows; each opens once, so who comes often waits for the next."""
    button = page.locator("[aria-labelledby='demo-code'] button")
    for _ in range(8):
        button.wait_for()
        with page.expect_navigation():
            button.click()
        if button.count() == 0:
            return
        page.wait_for_timeout(10_000)
        page.goto(page.url)
    raise AssertionError("no digits let anybody in")


def clerks_pin(browser: Browser, origin: str) -> str:
    """Let the demo's clerk make a PIN for the kiosks of the counter."""
    clerk = Staff(browser, origin)
    clerk.signs_in("clerk@telemed.example", "/counter")
    clerk.page.goto(f"{origin}/counter/pin?lang=bg")
    clerk.page.locator("form[action$='/counter/pin'] button").click()
    pin = "".join(clerk.page.locator("[role=status] .digits-now").inner_text().split())
    clerk.close()
    return pin


class Staff(Person):
    """Somebody with a demo account."""

    def signs_in(self, email: str, path: str) -> None:
        """Sign in with password and the six digits that the demo shows."""
        self.page.goto(f"{self.origin}{path}")
        account = self.page.locator("form").filter(has=self.page.locator(f"input[value='{email}']"))
        account.get_by_role("button").click()
        enter_the_digits(self.page)
        self.page.wait_for_url(f"{self.origin}{path}")
