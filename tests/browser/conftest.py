"""What every test of a call begins with: the server of the call's page, and the two sides of a room."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.call_sides import NO_DEVICES, SPY, CallServer, Open, Side, build_page

_rooms = itertools.count(1)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The panel's own bundle, made once."""
    return build_page(tmp_path_factory.mktemp("call_page"))


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[CallServer]:
    server = CallServer(built)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def room() -> str:
    """Each test has a room of its own on the one server."""
    return f"room-{next(_rooms)}"


@pytest.fixture
def open_side(browser: Browser, server: CallServer, room: str) -> Iterator[Open]:
    contexts: list[BrowserContext] = []

    def open_side(
        role: str, query: str = "", devices: bool = True, beside: Side | None = None, clock: bool = False
    ) -> Side:
        context = beside.page.context if beside else browser.new_context()
        contexts.append(context)
        page = context.new_page()
        if clock:
            page.clock.install()
        page.add_init_script(SPY + ("" if devices else NO_DEVICES))
        page.goto(f"{server.url}/{role}?room={room}&{query}")
        return Side(page)

    yield open_side
    for context in contexts:
        context.close()
