"""Film that gave way to still pictures comes back as the browsers measure the line, and nobody negotiates."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession

from tests.browser.call_sides import RECEIVED, Open, Side

pytestmark = pytest.mark.full
# A line of 48 kbit/s each way, with a short queue; and one without bounds.
THIN = {"latency": 50, "downloadThroughput": 6_000, "uploadThroughput": 6_000, "packetQueueLength": 15}
FREE = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1, "packetQueueLength": 0}
# From the lowest pictures to film there are two steps, and each waits for twenty calm seconds and a train;
# where other tests take the processors the speech itself comes late, and the seconds are not calm.
CLIMB = 300_000
ANSWERED = 'window.said.find((data) => data.includes(\'"kind":"answer"\'))'
SENDS_FILM = """() => window.peers.at(-1).getTransceivers()
  .find(({ receiver }) => receiver.track.kind === 'video').sender.getParameters().encodings[0].active"""


class Line:
    """The two pages' own lines, as thin or as free as a test wants them."""

    def __init__(self, sides: tuple[Side, Side]) -> None:
        self._ends: list[CDPSession] = [side.page.context.new_cdp_session(side.page) for side in sides]
        for end in self._ends:
            end.send("Network.enable")

    def turns(self, like: dict[str, int]) -> None:
        for end in self._ends:
            end.send("Network.emulateNetworkConditions", {"offline": False, **like})


@pytest.fixture
def pair(open_side: Open) -> Iterator[tuple[Side, Side]]:
    """A patient and a doctor who are talking; what goes to the server from now on is listened to."""
    patient, doctor = open_side("patient", "early"), open_side("practitioner")
    for side in (patient, doctor):
        side.button("Start the call")
    for side in (patient, doctor):
        side.talks()
        side.listens()
    yield patient, doctor


def rung(side: Side, name: str, within: int = CLIMB) -> None:
    side.page.wait_for_selector(f"[data-call-rung={name}]", state="attached", timeout=within)


def film_comes(side: Side) -> None:
    """New pictures are decoded, well more than the one or two that may still have been on their way."""
    before = side.page.evaluate(RECEIVED)["framesDecoded"]
    side.page.wait_for_function(f"async () => (await ({RECEIVED})()).framesDecoded > {before + 10}")


def test_film_comes_back_when_the_line_is_wide_again(pair: tuple[Side, Side]) -> None:
    line = Line(pair)
    line.turns(THIN)
    for side in pair:
        rung(side, "stills")
        side.measures_its_film(False)
        assert side.page.evaluate(SENDS_FILM) is False
        # A line that was cut off by its own fullness may have been restarted.
        side.listens()
    line.turns(FREE)
    for side in pair:
        rung(side, "video")
    for side in pair:
        film_comes(side)
        side.measures_its_film(True)
        assert side.page.evaluate(SENDS_FILM) is True
        assert side.negotiated() == []
        assert (side.state(), side.connections()) == ("connected", 1)


def test_what_was_agreed_anew_while_there_was_no_film_lets_it_come_back(pair: tuple[Side, Side]) -> None:
    patient, doctor = pair
    doctor.page.get_by_label("Sound and still pictures", exact=True).check()
    for side in pair:
        side.page.wait_for_function(f"() => !({SENDS_FILM})()")
    patient.page.evaluate("dispatchEvent(new Event('online'))")
    doctor.page.wait_for_function(f"() => {ANSWERED}")
    said = doctor.page.evaluate(ANSWERED)
    assert all(extension in said for extension in ("transport-wide-cc", "abs-send-time", "toffset"))
    agreed = [side.negotiated() for side in pair]
    doctor.page.get_by_label("Moving picture", exact=True).check()
    for side in pair:
        film_comes(side)
        side.measures_its_film(True)
    assert [side.negotiated() for side in pair] == agreed
