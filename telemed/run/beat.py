"""Beat inside the worker's process: it ends with the worker, and the worker with it."""

import os
import signal
from pathlib import Path
from threading import Thread

import structlog
from celery import Celery
from celery.beat import Service

log = structlog.get_logger()
_LONGEST_SLEEP = 1


class Beat(Thread):
    """Ticks; as a process of its own it would outlive a killed worker, and die without anybody noticing."""

    def __init__(self, celery: Celery, schedule: Path) -> None:
        super().__init__(name="beat", daemon=True)
        self._service = Service(celery, max_interval=_LONGEST_SLEEP, schedule_filename=str(schedule))
        self._stopping = False

    def run(self) -> None:
        """Tick until told to stop; a beat that ends by itself ends the worker, which is then started anew."""
        try:
            self._service.start()
        finally:
            if not self._stopping:
                log.error("beat.ended")
                os.kill(os.getpid(), signal.SIGTERM)

    def stop(self) -> None:
        """End, and keep on disk when each job ran last."""
        self._stopping = True
        self._service.stop()
        self.join(3 * _LONGEST_SLEEP)
