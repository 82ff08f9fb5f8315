"""The modem's spool is emptied file by file, each only once what it says is stored."""

from pathlib import Path

import pytest

from telemed.messages import modem
from telemed.messages.modem import ModemProvider
from telemed.messages.port import Outgoing
from telemed.run import spool
from telemed.services import Services
from tests.telemed.conftest import Place
from tests.telemed.web.test_sms import PHONE, Sent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in modem.FOLDERS:
        (tmp_path / "spool" / name).mkdir(parents=True)
    return tmp_path / "spool"


def test_what_the_network_did_not_take_is_known_and_its_file_gone(
    services: Services, place: Place, folder: Path
) -> None:
    sent = Sent(services, place)
    ModemProvider(folder).send(Outgoing(PHONE, "Телемед: утре 9:20", sent.id))
    [path] = (folder / "outbox").iterdir()
    path.rename(folder / "error" / path.name)
    assert spool.job(folder)(services) == 1
    assert sent.state() == ("undelivered", "once-more")
    assert [*(folder / "error").iterdir()] == []


def test_an_answer_is_obeyed_and_its_file_gone(services: Services, place: Place, folder: Path) -> None:
    sent = Sent(services, place)
    (folder / "inbox" / f"IN20261124_094000_00_{PHONE}_00.txt").write_bytes("2".encode("utf-16"))
    assert spool.job(folder)(services) == 1
    assert sent.status() == "cancelled"
    assert [*(folder / "inbox").iterdir()] == []
    assert spool.job(folder)(services) == 0
