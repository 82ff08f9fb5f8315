"""What is in the repository: no address of a machine or a registry, no dead link, nothing undocumented."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scheduling import booking, calendar, people, places, waiting
from telemed.settings import Settings, describe
from tests.whole import tree

PROSE = [path for path in tree.files() if path.suffix == ".md"]
# In two parts, so that this file itself names none.
REGISTRIES = tuple(
    f"{name}.{end}" for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
)
MACHINE = re.compile(r"(?<![\w.-])/(home|Users|root|mnt|work)/[\w.-]+/")


def read(path: Path) -> str:
    return (tree.ROOT / path).read_bytes().decode("utf-8", "replace")


def configured_hosts() -> set[str]:
    """The hosts from which this machine installs, so that none of them slips into a lock."""
    commands = (["python3", "-m", "pip", "config", "list"], ["npm", "config", "get", "registry"])
    said = " ".join(
        subprocess.run(command, capture_output=True, text=True, check=False).stdout for command in commands
    )
    said += " ".join(
        value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "NPM_", "npm_"))
    )
    hosts = {urlsplit(address.strip("'\"")).hostname for address in re.findall(r"https?://\S+", said)}
    return {host for host in hosts if host and host not in ("localhost", "127.0.0.1")}


def test_no_file_names_a_registry() -> None:
    hosts = configured_hosts() | set(REGISTRIES)
    here = Path(__file__).relative_to(tree.ROOT)
    named = {str(path): host for path in tree.files() if path != here for host in hosts if host in read(path)}
    assert named == {}


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert {str(path): found[0] for path in tree.files() if (found := MACHINE.search(read(path)))} == {}


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    packages = re.findall(r"^[a-z0-9][^\n]*(?:\n {4}[^\n]*)*", read(Path("requirements.lock")), re.MULTILINE)
    assert packages
    assert [package.split("\n")[0] for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in read(Path("requirements.lock"))
    assert '"resolved"' not in read(Path("package-lock.json"))


@pytest.mark.parametrize("path", PROSE, ids=str)
def test_every_link_in_the_documents_leads_somewhere(path: Path) -> None:
    targets = [match.split("#")[0] for match in re.findall(r"\]\(([^)\s]+)\)", read(path))]
    local = [target for target in targets if target and not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (tree.ROOT / path.parent / target).exists()] == []


def test_every_setting_is_explained_for_operators() -> None:
    explained = read(Path("docs/run/settings.md"))
    settings = Settings(secret_key="x" * 32)
    assert [row[0] for row in describe(settings, {}) if f"`{row[0]}`" not in explained] == []


def test_every_public_noun_is_in_the_glossary() -> None:
    glossary = read(Path("docs/glossary.md")).lower()
    modules = (people, places, calendar, booking, waiting)
    nouns = {
        name
        for module in modules
        for name, thing in vars(module).items()
        if isinstance(thing, type) and thing.__module__ == module.__name__ and not name.startswith("_")
    }
    spoken = {name: re.sub(r"(?<!^)([A-Z])", r" \1", name).lower() for name in nouns}
    assert sorted(name for name, words in spoken.items() if words not in glossary) == []


def test_every_package_states_its_law() -> None:
    assert [package for package in tree.PACKAGES if not (tree.ROOT / package / "README.md").exists()] == []


def test_no_built_or_private_file_is_kept() -> None:
    unwanted = re.compile(
        r"(^|/)(static|node_modules|__pycache__|\.env|uv\.lock)(/|$)|\.(pyc|mo|db|pem|key)$"
    )
    assert [str(path) for path in tree.files() if unwanted.search(str(path))] == []
