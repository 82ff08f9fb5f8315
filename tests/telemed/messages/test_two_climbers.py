"""Two workers at once, and a report that comes meanwhile: one rung is made, and none stays due in vain."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from scheduling.ids import uuid7
from telemed import database
from telemed.messages import climbing, steps
from telemed.messages.tables import message
from tests.telemed.messages.ladders import CALL, SMS, Ladder, failed
from tests.telemed.messages.world import World


@pytest.fixture
def ladder(engine: Engine) -> Ladder:
    return Ladder(World(engine).settle())


class TestTwoWorkers:
    @pytest.mark.both_databases
    def test_make_one_rung_only(self, ladder: Ladder) -> None:
        which = ladder.becomes("claimed", "failed", provider="twilio")
        both = Barrier(2)

        def work() -> int:
            both.wait()
            return ladder.step(which)

        with ThreadPoolExecutor(2) as workers:
            done = [each.result() for each in [workers.submit(work) for _ in range(2)]]
        assert sorted(done) == [0, 1]
        assert ladder.ways() == [SMS, CALL]

    @pytest.mark.both_databases
    def test_a_report_and_a_climb_at_once_leave_no_call_due(self, ladder: Ladder) -> None:
        for _ in range(5):
            which = ladder.becomes("claimed", "accepted", silent_at=ladder.world.now, provider="twilio")
            both = Barrier(2)

            def report(which: UUID = which, both: Barrier = both) -> None:
                both.wait()
                with database.write(ladder.world.engine) as connection:
                    steps.move(connection, which, "delivered", ladder.world.now)
                    climbing.arrived(connection, which, ladder.world.now)

            def climb(which: UUID = which, both: Barrier = both) -> None:
                both.wait()
                ladder.step(which)

            with ThreadPoolExecutor(2) as workers:
                for each in [workers.submit(report), workers.submit(climb)]:
                    each.result()
            assert "due" not in [row.state for row in ladder.rungs()]
            ladder.forget()

    @pytest.mark.both_databases
    def test_the_database_lets_one_row_be_a_rung(self, ladder: Ladder) -> None:
        failed(ladder)
        twin = {**ladder.rungs()[1]._mapping, "id": uuid7()}
        with pytest.raises(IntegrityError), database.write(ladder.world.engine) as connection:
            connection.execute(insert(message).values(twin))
