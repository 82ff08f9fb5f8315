"""The worker seals the access log, and says each day's digest where whoever writes to the database cannot."""

from structlog.testing import capture_logs

from telemed import database
from telemed.records.access_store import AccessStore
from telemed.run.worker import sealing
from telemed.services import Services

KEY = b"s" * 32


def test_each_days_digest_is_logged_once(services: Services) -> None:
    job = sealing(KEY)
    with capture_logs() as said:
        assert [job(services), job(services)] == [1, 0]
    with database.read(services.engine) as connection:
        last = AccessStore(connection).last_seal()
    assert last is not None
    [line] = [each for each in said if each["event"] == "records.sealed"]
    assert (line["day"], line["digest"]) == last
