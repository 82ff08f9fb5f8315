"""Beat and worker live and die together."""

import signal
import subprocess
import sys
from pathlib import Path

BEAT = """
import sys, time
from pathlib import Path
from celery import Celery
from telemed.run.beat import Beat

beat = Beat(Celery("test", broker="memory://"), Path(sys.argv[1]))
beat.start()
time.sleep(float(sys.argv[2]))
beat.stop()
sys.exit(beat.is_alive())
"""


def ended(schedule: Path, after: float) -> int:
    command = [sys.executable, "-c", BEAT, str(schedule), str(after)]
    return subprocess.run(command, timeout=60, capture_output=True).returncode


def test_a_beat_that_cannot_go_on_ends_its_worker_which_is_then_started_anew(tmp_path: Path) -> None:
    assert ended(tmp_path / "nowhere" / "beat", after=50) == -signal.SIGTERM


def test_a_beat_that_is_told_to_stop_ends_alone(tmp_path: Path) -> None:
    assert ended(tmp_path / "beat", after=0.5) == 0
