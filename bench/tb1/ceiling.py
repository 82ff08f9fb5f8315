"""What the database alone can do: pgbench, prepared, booking with one statement that checks and writes."""

import re
import subprocess
import tempfile
from pathlib import Path

import psycopg

from bench.tb1.measure import WIDTHS, plain
from tests import servers

_TABLES = """
CREATE TABLE ceiling_slot (id int PRIMARY KEY, places int NOT NULL, taken int NOT NULL);
CREATE TABLE ceiling_booking (id bigserial PRIMARY KEY, slot int REFERENCES ceiling_slot, patient int);
INSERT INTO ceiling_slot SELECT n, 1000000, 0 FROM generate_series(1, 63000) n;
VACUUM ANALYZE ceiling_slot;
"""
_BOOK = """\\set slot random(1, 63000)
\\set patient random(1, 2000)
WITH got AS (UPDATE ceiling_slot SET taken = taken + 1 WHERE id = :slot AND taken < places RETURNING id)
INSERT INTO ceiling_booking (slot, patient) SELECT id, :patient FROM got;
"""


def bookings_per_second(url: str, seconds: int) -> dict[int, float]:
    """Transactions in a second for each width of the closed loop."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        for statement in _TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "book.sql"
        script.write_text(_BOOK)
        found = {width: _run(url, script, width, seconds) for width in WIDTHS}
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute("DROP TABLE ceiling_booking, ceiling_slot")
    return found


def _run(url: str, script: Path, width: int, seconds: int) -> float:
    command: list[str | Path] = [
        servers.postgres_programs() / "pgbench",
        "-n",
        "-M",
        "prepared",
        "-f",
        script,
    ]
    options = ["-c", str(width), "-j", str(min(width, 2)), "-T", str(seconds), plain(url)]
    said = subprocess.run([*command, *options], check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", said)
    assert found is not None, said
    return float(found[1])
