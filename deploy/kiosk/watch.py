#!/usr/bin/python3
"""Keeps a kiosk's screen alive and its printer's queue empty; /usr/local/lib/telemed/watch.py on the kiosk.

It starts the browser itself and speaks with it through two pipes, so no door for debugging is open to
anybody. A page that does not answer is started again. A slip that did not come out is a stranger's when the
next patient stands there: print jobs are cancelled, and their files removed, when they are two minutes old or
when the one they belong to has gone, which shows by the page being back at its beginning.
"""

import argparse
import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import urlsplit

OLD = 120.0
# What is coming out of the printer at the moment of leaving is taken along.
LEFT = 15.0
LOOK = 5.0

# The browser reads what it is told at 3 and writes what it has to say at 4.
AT_3_AND_4 = (
    "import os, sys; told, said = map(int, sys.argv[1:3]); os.dup2(told, 30); os.dup2(said, 31); "
    "os.dup2(30, 3); os.dup2(31, 4); os.closerange(5, 64); os.execvp(sys.argv[3], sys.argv[3:])"
)
PIPES = "--remote-debugging-pipe"

Run = Callable[[list[str]], str]


def run(command: list[str]) -> str:
    """Run one of CUPS' programs; one that fails prints nothing, and the next look tries again."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        plain = {**os.environ, "LC_ALL": "C"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, env=plain, check=False)
        return done.stdout
    return ""


class Spool:
    """The print jobs that are there, since when, and which of them belong to somebody who has gone."""

    def __init__(self, do: Run = run) -> None:
        self._do = do
        self._since: dict[str, float] = {}

    def tidy(self, now: float) -> list[str]:
        """Cancel the jobs whose time is up; returns them."""
        there = [line.split()[0] for line in self._do(["lpstat", "-o"]).splitlines() if line.strip()]
        self._since = {job: self._since.get(job, now) for job in there}
        late = [job for job in there if now - self._since[job] >= OLD]
        for job in late:
            # With its file: what was printed must not lie in the spool.
            self._do(["cancel", "-x", job])
        return late

    def wiped(self, now: float) -> None:
        """Somebody has gone: what is still there soon after is cancelled."""
        self.tidy(now)
        gone = now - OLD + LEFT
        self._since = {job: min(since, gone) for job, since in self._since.items()}


class Screen:
    """The browser, as what it says of its page: where it is, and whether it still answers."""

    def __init__(self, command: list[str], start: str, frozen: float) -> None:
        to_browser, ours = os.pipe()
        theirs, from_browser = os.pipe()
        self.browser = subprocess.Popen(
            [sys.executable, "-c", AT_3_AND_4, str(to_browser), str(from_browser), *command, PIPES],
            pass_fds=(to_browser, from_browser),
        )
        os.close(to_browser)
        os.close(from_browser)
        self._write, self._read, self._rest = ours, theirs, b""
        self._start, self._frozen = start, frozen
        self._page = self._session = self._path = ""
        self._asked: float | None = None
        self._number = 0
        self.answered = 0
        self._say("Target.setDiscoverTargets", {"discover": True})

    def hear(self, seconds: float) -> list[str]:
        """Wait for what the browser says; returns "wiped" for each time it came back to the beginning."""
        ready, _, _ = select.select([self._read], [], [], seconds)
        told = os.read(self._read, 1 << 16) if ready else b""
        *whole, self._rest = (self._rest + told).split(b"\0")
        return [news for each in whole if (news := self._understood(json.loads(each)))]

    def is_well(self, now: float) -> bool:
        """Ask the page whether it lives; False when it has not answered the question before in time."""
        if self.browser.poll() is not None:
            return False
        if self._asked is not None:
            return now - self._asked < self._frozen
        if self._session:
            self._asked = now
            self._say("Runtime.evaluate", {"expression": "1"}, self._session)
        return True

    def end(self) -> None:
        """End the browser, asking first."""
        self.browser.terminate()
        try:
            self.browser.wait(5)
        except subprocess.TimeoutExpired:
            self.browser.kill()
            self.browser.wait()
        os.close(self._write)
        os.close(self._read)

    def _understood(self, said: dict[str, Any]) -> str:
        about = said.get("params", {}).get("targetInfo", {})
        if (
            said.get("method") in ("Target.targetCreated", "Target.targetInfoChanged")
            and about["type"] == "page"
        ):
            return self._at(about)
        result = said.get("result", {})
        if "sessionId" in result:
            self._session = result["sessionId"]
        elif said.get("sessionId") == self._session and "result" in result:
            self._asked, self.answered = None, self.answered + 1
        return ""

    def _at(self, page: dict[str, Any]) -> str:
        if not self._page:
            self._page = page["targetId"]
            self._say("Target.attachToTarget", {"targetId": self._page, "flatten": True})
        if page["targetId"] != self._page:
            return ""
        before, self._path = self._path, urlsplit(page["url"]).path
        return "wiped" if self._path == self._start and before.startswith(f"{self._start}/") else ""

    def _say(self, method: str, params: dict[str, Any], session: str = "") -> None:
        self._number += 1
        said = {"id": self._number, "method": method, "params": params}
        whole = {**said, "sessionId": session} if session else said
        with contextlib.suppress(BrokenPipeError):
            os.write(self._write, json.dumps(whole).encode() + b"\0")


def watch(command: list[str], start: str, frozen: float) -> NoReturn:
    """Start the browser, and start it again whenever it ends or does not answer."""
    spool = Spool()
    while True:
        screen, looked = Screen(command, start, frozen), 0.0
        while screen.is_well(time.monotonic()):
            for _ in screen.hear(1.0):
                print("wiped", flush=True)
                spool.wiped(time.monotonic())
            if time.monotonic() - looked >= LOOK:
                looked = time.monotonic()
                for job in spool.tidy(looked):
                    print(f"cancelled {job}", flush=True)
        print("the screen does not answer: starting it again", flush=True)
        screen.end()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Start a browser and watch it and its print jobs.")
    asked.add_argument("--start", default="/kiosk", help="the path at which nobody is there")
    asked.add_argument("--frozen", type=float, default=20.0, help="seconds without an answer")
    asked.add_argument("command", nargs=argparse.REMAINDER, help="-- and the browser with its arguments")
    said = asked.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        watch(said.command[said.command[:1] == ["--"] :], said.start, said.frozen)
