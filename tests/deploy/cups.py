"""A real CUPS of a test's own: in a temporary folder, behind a socket there, with one printer."""

import grp
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import servers

PRINTER = "slip"
CONF = """
Listen {root}/sock
Browsing No
DefaultAuthType None
WebInterface No
PreserveJobHistory No
PreserveJobFiles No
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
"""
FILES = """
ServerRoot {root}
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/state
TempDir {root}/spool/tmp
AccessLog {root}/access
ErrorLog {root}/error
PageLog {root}/page
FileDevice Yes
SystemGroup root
User {user}
Group {group}
"""


@dataclass(frozen=True)
class Cups:
    """A running scheduler with one printer."""

    root: Path

    def run(self, command: list[str]) -> str:
        """Run one of CUPS' programs against this scheduler, and return what it printed."""
        plain = {**os.environ, "LC_ALL": "C", "CUPS_SERVER": str(self.root / "sock")}
        program = (
            shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin") or command[0]
        )
        done = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=20, env=plain)
        return done.stdout

    def stops(self) -> None:
        """The printer is out of paper."""
        self.run(["cupsdisable", PRINTER])

    def goes_on(self) -> None:
        """Somebody has put paper in."""
        self.run(["cupsenable", PRINTER])

    def prints(self, text: str) -> None:
        """Send something to the printer."""
        paper = self.root / "paper.txt"
        paper.write_text(text)
        self.run(["lp", "-d", PRINTER, str(paper)])
        paper.unlink()

    def jobs(self) -> list[str]:
        """The jobs that have not come out yet."""
        return [line.split()[0] for line in self.run(["lpstat", "-o"]).splitlines() if line]

    def holds(self, text: str) -> bool:
        """Whether anything in the spool contains this."""
        files = (path for path in (self.root / "spool").rglob("*") if path.is_file())
        return any(text.encode() in path.read_bytes() for path in files)


@contextmanager
def cups(root: Path) -> Iterator[Cups]:
    """Start a scheduler with a printer, and end it."""
    if shutil.which("cupsd", path="/usr/sbin:/usr/bin") is None:
        raise servers.NotInstalled("cupsd is missing: sudo apt-get install cups-daemon cups-client")
    user = "lp" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    for name in ("spool/tmp", "cache", "state", "ppd", "ssl"):
        (root / name).mkdir(parents=True)
    if os.geteuid() == 0:
        for path in (root, *root.rglob("*")):
            shutil.chown(path, user)
    values = {
        "root": root,
        "user": user,
        "group": "lp" if user == "lp" else grp.getgrgid(os.getegid()).gr_name,
    }
    (root / "cupsd.conf").write_text(CONF.format(**values))
    (root / "cups-files.conf").write_text(FILES.format(**values))
    command = ["/usr/sbin/cupsd", "-f", "-c", f"{root}/cupsd.conf", "-s", f"{root}/cups-files.conf"]
    with (root / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    there = Cups(root)
    try:
        servers.wait_until(lambda: "is running" in there.run(["lpstat", "-r"]), process)
        there.run(["lpadmin", "-p", PRINTER, "-v", "file:///dev/null", "-E"])
        yield there
    finally:
        process.terminate()
        process.wait(20)
