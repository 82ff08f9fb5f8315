"""Other systems are registered, listed and revoked from the command line; a private key never gets in."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from joserfc.jwk import ECKey, KeySet, OctKey

from scheduling.ids import uuid7
from scheduling.store import Book
from telemed import clock, database, deployment
from telemed.accounts.clients import ClientStore
from telemed.run.clients import clients
from telemed.settings import Settings
from tests import build

SCOPE = ("--scope", "system/Slot.rs")


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, secret_key="k" * 40, data_dir=tmp_path)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The public half of a key pair, in a file."""
    return written(tmp_path, KeySet([ECKey.generate_key("P-256")]).as_dict(private=False))


def written(folder: Path, keys: Any) -> Path:
    """A file that holds this."""
    path = folder / "jwks.json"
    path.write_text(keys if isinstance(keys, str) else json.dumps(keys))
    return path


def run(config: Settings, *words: str | Path) -> Result:
    """Run one command."""
    return CliRunner().invoke(clients, [str(word) for word in words], obj=config)


def test_a_system_is_registered_listed_and_revoked(config: Settings, keys: Path) -> None:
    added = run(config, "add", "Болница", *SCOPE, "--scope", "system/Appointment.crus", "--jwks", keys)
    assert added.exit_code == 0, added.output
    client_id = added.output.split()[1]
    assert f"{config.public_origin}/oauth/token" in added.output
    listed = run(config, "list").output
    assert f"{client_id}  active" in listed
    assert "system/Slot.rs system/Appointment.crus" in listed
    assert run(config, "revoke", client_id).output == "Revoked.\n"
    assert "revoked" in run(config, "list").output
    assert run(config, "revoke", client_id).exit_code == 1


def test_a_system_may_belong_to_a_facility_that_is_there(config: Settings, keys: Path) -> None:
    engine = database.connect(config.database_url)
    centre = build.facility()
    with database.write(engine) as connection:
        Book(connection, lambda *_: None).add_facility(centre)
    added = run(config, "add", "Болница", *SCOPE, "--jwks", keys, "--facility", str(centre.id))
    assert added.exit_code == 0, added.output
    with database.read(engine) as connection:
        [client] = ClientStore(connection).clients()
    engine.dispose()
    assert client.facility_id == centre.id
    refused = run(config, "add", "Болница", *SCOPE, "--jwks", keys, "--facility", str(uuid7()))
    assert (refused.exit_code, refused.output) == (1, "Error: no such facility\n")


@pytest.mark.parametrize(
    "scope", ["Slot.rs", "system/Slot.", "system/slot.rs", "user/Slot.rs", "system/Slot.sr", ""]
)
def test_a_scope_that_means_nothing_is_refused(config: Settings, keys: Path, scope: str) -> None:
    refused = run(config, "add", "Болница", "--scope", scope, "--jwks", keys)
    assert refused.exit_code == 1
    assert "is no scope" in refused.output


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (KeySet([ECKey.generate_key("P-256")]).as_dict(private=True), "private key"),
        ({"keys": [OctKey.generate_key(256).as_dict(private=True)]}, "private key"),
        ({"keys": [{"kty": "RSA", "n": "x" * 171, "e": "AQAB"}]}, "2048 bits"),
        ({"keys": []}, "JWK set"),
        ({"keys": [{"kty": "EC"}]}, "JWK set"),
        ({"keys": [5]}, "JWK set"),
        ([], "JWK set"),
        ("{", "JWK set"),
    ],
)  # fmt: skip
def test_only_sound_public_keys_get_in(config: Settings, tmp_path: Path, held: Any, said: str) -> None:
    refused = run(config, "add", "Болница", *SCOPE, "--jwks", written(tmp_path, held))
    assert refused.exit_code == 1, refused.output
    assert said in refused.output


def test_a_demos_database_takes_no_real_system(config: Settings, keys: Path) -> None:
    engine = database.connect(config.database_url)
    with database.write(engine) as connection:
        deployment.mark_demo(connection, 7, build.NOW, clock.real_now())
    engine.dispose()
    assert run(config, "add", "Болница", *SCOPE, "--jwks", keys).exit_code == 1
