"""One lab for all tests of a process: its namespaces, relay, server, and a browser in each home."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.call_sides import build_page
from tests.netlab.homes import Server, move_in
from tests.netlab.lab import Lab
from tests.netlab.relay import Relay
from tests.netlab.world import World, need_namespaces


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    need_namespaces()
    world = World()
    try:
        world.build()
        yield world
    finally:
        world.close()


@pytest.fixture(scope="module")
def lab(world: World, chromium_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    relay, server = Relay(world, folder), Server(world, build_page(folder))
    with sync_playwright() as playwright:
        try:
            relay.start()
            server.start()
            browsers = {home: move_in(playwright, world, home, chromium_path, folder) for home in world.lines}
            yield Lab(world, relay, server, browsers)
        finally:
            server.kill()
            relay.stop()
