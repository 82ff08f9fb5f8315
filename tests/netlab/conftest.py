"""One lab for the tests of a module."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netlab.lab import Lab, standing


@pytest.fixture(scope="module")
def lab(chromium_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with standing(chromium_path, folder) as lab:
        yield lab
    shutil.rmtree(folder)
