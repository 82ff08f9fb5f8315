"""A round of a job does each piece apart: what fails for one patient is done for all others."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from scheduling.errors import StaleVersion
from scheduling.ids import uuid7
from scheduling.store import Book
from telemed.jobs import Round, forget_ticks, make_celery, one_at_a_time, piece_by_piece
from telemed.records.access_log import Reader
from telemed.services import Services
from telemed.settings import Settings
from telemed.unit import Unit
from tests import build
from tests.fakes import StumblingStep

WORKER = Reader("job", "worker", None, "Telemed", "keeping the queue")
PIECES = [uuid7() for _ in range(3)]


def found(_book: Book, _now: datetime) -> Iterable[UUID]:
    return PIECES


def add(unit: Unit, piece: UUID) -> int:
    unit.book.add_patient(build.patient(id=piece, identifier=None, identifier_kind=None))
    return 1


def kept(services: Services) -> list[UUID]:
    with services.unit(WORKER) as unit:
        return sorted(unit.book.patients(PIECES))


def test_every_piece_is_done_and_counted(services: Services) -> None:
    assert piece_by_piece("adding", Round(found, add), WORKER)(services) == 3
    assert kept(services) == sorted(PIECES)


def test_a_piece_that_fails_leaves_nothing_and_stops_no_other(services: Services) -> None:
    stumbling = StumblingStep(add, over=PIECES[0], error=ZeroDivisionError("Мария Петрова"))
    with capture_logs() as logs:
        assert piece_by_piece("adding", Round(found, stumbling), WORKER)(services) == 2
    assert kept(services) == sorted(PIECES[1:])
    (told,) = logs
    assert (told["event"], told["task"], told["piece"], told["error"]) == (
        "job.piece_failed",
        "adding",
        str(PIECES[0]),
        "ZeroDivisionError",
    )
    assert "Мария" not in str(told)


def test_it_is_tried_again_in_the_next_round(services: Services) -> None:
    stumbling = StumblingStep(add, over=PIECES[0], error=ZeroDivisionError(), times=1)
    job = piece_by_piece("adding", Round(lambda book, now: PIECES[:1], stumbling), WORKER)
    assert (job(services), job(services)) == (0, 1)
    assert kept(services) == PIECES[:1]


def test_what_somebody_else_did_at_the_same_moment_is_no_failure(services: Services) -> None:
    stumbling = StumblingStep(add, over=PIECES[1], error=StaleVersion("wish"))
    with capture_logs() as logs:
        assert piece_by_piece("adding", Round(found, stumbling), WORKER)(services) == 2
    assert logs == []


def test_a_job_at_work_is_not_begun_again_and_a_failed_one_is(services: Services) -> None:
    begun: list[int] = []

    def job(again: Services) -> int:
        begun.append(1)
        if len(begun) == 1:
            assert guarded(again) == 0
            raise OSError
        return 5

    guarded = one_at_a_time(job)
    with pytest.raises(OSError):
        guarded(services)
    assert (guarded(services), len(begun)) == (5, 2)


def test_ticks_that_a_killed_worker_left_are_dropped(tmp_path: Path) -> None:
    spool = tmp_path / "broker"
    spool.mkdir()
    (spool / "1.celery.msg").write_text('{"body": "cut in ha')
    forget_ticks(Settings(data_dir=tmp_path))
    forget_ticks(Settings(data_dir=tmp_path / "none"))
    assert list(spool.iterdir()) == []


def test_a_tick_lies_in_the_spool_whole_or_not_at_all(tmp_path: Path) -> None:
    settings = Settings(secret_key="s" * 64, data_dir=tmp_path, broker_url="filesystem://")
    celery = make_celery(settings)
    folder = tmp_path / "broker"
    with FirstLook(folder) as seen:
        for _ in range(300):
            celery.send_task("a.tick")
    assert len(list(folder.iterdir())) == 300
    assert seen.broken == []
    assert all(json.loads(path.read_bytes())["headers"]["task"] == "a.tick" for path in folder.iterdir())


class FirstLook:
    """Reads whatever lies in a folder as soon as it is there, as a worker does."""

    def __init__(self, folder: Path) -> None:
        self.broken: list[str] = []
        self._folder = folder
        self._over = Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> "FirstLook":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        read: set[str] = set()
        while not self._over.is_set():
            for path in self._folder.glob("*.msg"):
                if path.name not in read:
                    read.add(path.name)
                    try:
                        json.loads(path.read_bytes())
                    except ValueError:
                        self.broken.append(path.name)
