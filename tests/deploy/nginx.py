"""A real nginx of a test's own with our file in it: in a temporary folder, on free ports."""

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests import servers

OURS = Path(__file__).parents[2] / "deploy" / "nginx.conf"
AROUND = """
daemon off;
master_process off;
pid {root}/pid;
error_log {root}/error.log warn;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    log_format where '$uri $arg_call $upstream_addr';
    include {root}/telemed.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    """A running nginx: its address, and where each call went, once its sockets are closed."""

    origin: str
    log: Path

    def went(self) -> list[tuple[str, str, str]]:
        """For each request that is over: path, call, and the last of the processes that were tried."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(path, call, tried.split(", ")[-1]) for path, call, tried in (x.split(" ", 2) for x in lines)]


def rendered(ports: Mapping[int, int], log: Path) -> str:
    """Our file with other ports, without TLS, and with a log of where each request went."""
    text = OURS.read_text()
    text = re.sub(r"^ *ssl_.*\n", "", text, flags=re.M)
    text = text.replace("access_log off;", f"access_log {log} where;")
    for ours, free in ports.items():
        here = {443: (" 443 ssl;", f" 127.0.0.1:{free};")}
        old, new = here.get(ours, (f"127.0.0.1:{ours}", f"127.0.0.1:{free}"))
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, ports: Mapping[int, int]) -> Iterator[Nginx]:
    """Run nginx over our file; `ports` says which free port stands for each of its own."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        raise servers.NotInstalled("nginx: apt-get install nginx-light")
    log = folder / "access.log"
    (folder / "telemed.conf").write_text(rendered(ports, log))
    (folder / "nginx.conf").write_text(AROUND.format(root=folder))
    command = [program, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=os.environ)
    try:
        servers.wait_until(lambda: _answers(ports[443]), process)
        yield Nginx(f"http://127.0.0.1:{ports[443]}", log)
    finally:
        servers.stop(process, signal.SIGTERM)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
