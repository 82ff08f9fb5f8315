"""What every test may ask for, which tests run in which tier, and what happens when something is missing."""

import gc
import ipaddress
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import ifaddr
import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine

from telemed import database, migrations
from tests import servers, spread
from tests.missing import MISSING, miss
from tests.one_database import OneDatabase
from tests.running import Kept, Running

Server = TypeVar("Server")
KEPT = pytest.StashKey[Kept]()
EXAMPLES = {"short": 40, "full": 300, "long": 20_000}
CHROMIUM_FLAGS = [
    # Five pictures a second are enough to see that pictures come, at a quarter of the work.
    "--use-fake-device-for-media-stream=fps=5",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--disable-background-networking",
    "--enable-features=WebBluetooth,WebBluetoothNewPermissionsBackend",
    "--no-sandbox",
]


# Tiers


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="also what runs before an issue is called resolved")
    parser.addoption("--long", action="store_true", help="also fuzz and state machines by the hour")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: runs on SQLite and PostgreSQL in every tier")
    for name, examples in EXAMPLES.items():
        hypothesis.settings.register_profile(name, max_examples=examples, deadline=None, print_blob=True)
    hypothesis.settings.load_profile(_tier(config))
    config.stash[KEPT] = Kept()
    sys.addaudithook(_stay_on_this_machine)
    # Being told to end must still stop the servers that the run has started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = {name for name in ("full", "long") if not config.getoption(name)}
    dropped = [item for item in items if any(item.get_closest_marker(name) for name in left_out)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in set(dropped)]
    items.sort(key=lambda item: spread.turn(item.path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> spread.ByService | None:
    return spread.ByService(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    # What has been imported stays; looking through it for garbage again and again is a sixth of all work.
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        both = metafunc.config.getoption("full") or metafunc.definition.get_closest_marker("both_databases")
        kinds = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("database_url", kinds, indirect=True, scope="function")


def _tier(config: pytest.Config) -> str:
    return next((name for name in ("long", "full") if config.getoption(name)), "short")


# What is missing fails in CI and is listed loudly elsewhere


def _obtain(stack: ExitStack, server: AbstractContextManager[Server]) -> Server:
    try:
        return stack.enter_context(server)
    except servers.NotInstalled as lack:
        miss(str(lack))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])]
    missing = [reason.split(MISSING, 1)[1] for reason in reasons if MISSING in reason]
    if missing:
        terminalreporter.section("NOT TESTED HERE, something is missing", sep="!", red=True, bold=True)
        for lack in sorted(set(missing)):
            terminalreporter.line(f"{missing.count(lack)} tests need {lack}")


# No test reaches the outside


class ReachedOutside(RuntimeError):
    """A test tried to talk to another machine."""


_own_addresses = {
    str(ip.ip if isinstance(ip.ip, str) else ip.ip[0])
    for adapter in ifaddr.get_adapters()
    for ip in adapter.ips
}


def _stay_on_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(str(address[0])):
            raise ReachedOutside(f"{event} to {address[0]}")
    elif event == "socket.getaddrinfo" and arguments[0] is not None:
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else str(arguments[0])
        if not _is_here(host):
            raise ReachedOutside(f"look-up of {host}")


def _is_here(host: str) -> bool:
    # WebRTC peers of one machine talk over its own interface addresses, which never leave it.
    if host in ("", "localhost") or host.split("%")[0] in _own_addresses:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


# Databases and other servers


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    with ExitStack() as stack:
        yield _obtain(stack, servers.postgres())


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    with ExitStack() as stack:
        yield _obtain(stack, servers.redis_server())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: servers.Postgres) -> str:
    postgres.run("CREATE DATABASE template_of_ours")
    _migrate(postgres.url("template_of_ours"))
    return "template_of_ours"


@pytest.fixture(scope="session")
def postgres_of_one_test(postgres: servers.Postgres, postgres_template: str) -> OneDatabase:
    return OneDatabase(postgres, postgres_template)


def _migrate(url: str) -> None:
    engine = database.connect(url)
    migrations.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def place_of_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("database") / "telemed.db"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database with today's schema, always at one address; its kinds are the tier's decision."""
    if getattr(request, "param", "sqlite") == "sqlite":
        path: Path = request.getfixturevalue("place_of_sqlite")
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    one: OneDatabase = request.getfixturevalue("postgres_of_one_test")
    yield one.fresh()


@pytest.fixture(scope="session")
def engines() -> dict[str, Engine]:
    return {}


@pytest.fixture
def engine(database_url: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    """An engine on a fresh database, without connections afterwards; it remembers how it put statements."""
    if database_url not in engines:
        engines[database_url] = database.connect(database_url)
    yield engines[database_url]
    engines[database_url].dispose()


@pytest.fixture
def free_port() -> int:
    """A loopback port that nothing listens on."""
    return servers.free_port()


# The whole service


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if spread.shared(item.path) is None:
        item.config.stash[KEPT].end()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[KEPT].end()


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Running:
    """A demo that all browser tests of this process share; each looks only at what it brought itself."""
    kept, folder = request.config.stash[KEPT], lambda: tmp_path_factory.mktemp("demo")
    return kept.get("demo", folder, world_of_the_run(tmp_path_factory))


@pytest.fixture(scope="module")
def quiet_service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Running:
    """A demo whose tests see every visit to its end, so that the next patient meets the same doctor."""
    kept, folder = request.config.stash[KEPT], lambda: tmp_path_factory.mktemp("quiet")
    return kept.get("quiet", folder, world_of_the_run(tmp_path_factory), TELEMED_LOG_LEVEL="DEBUG")


def world_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo world stands that every process of this run copies."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "world"


# Browsers


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Which Chromium to drive."""
    try:
        return servers.chromium_program()
    except servers.NotInstalled as lack:
        miss(str(lack))


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """A real Chromium with a fake camera; one per module, as Playwright's event loop must end with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
