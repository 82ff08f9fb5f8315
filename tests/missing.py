"""What becomes of a test whose program this machine has not got."""

import os
from typing import NoReturn

import pytest

MISSING = "MISSING "


def miss(lack: str) -> NoReturn:
    """Fail in CI, and elsewhere skip, because something is missing on this machine."""
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING + lack, pytrace=False)
    pytest.skip(MISSING + lack)
