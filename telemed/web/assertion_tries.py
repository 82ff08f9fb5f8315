"""How often a system may be wrong about who it is: counted for the address, and for the name it used."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from authlib.oauth2.rfc6749 import OAuth2Error

from telemed.accounts.store import WINDOW, AccountStore

MOST_FROM_ADDRESS = 20
MOST_IN_NAME = 60


class TooOften(OAuth2Error):  # type: ignore[misc]  # Authlib is not annotated
    """Not now: what came too often, and how long to wait."""

    error = "temporarily_unavailable"
    status_code = 429

    def __init__(self, description: str, wait: timedelta) -> None:
        super().__init__(description=description)
        self._wait = wait

    def get_headers(self) -> list[tuple[str, str]]:
        """Authlib's, and when to come again."""
        return [*super().get_headers(), ("Retry-After", str(int(self._wait.total_seconds())))]


@dataclass
class Tries:
    """The wrong assertions of one window, as one request meets them; kept under keyed hashes only."""

    accounts: AccountStore
    key: bytes
    address: str
    now: datetime
    name: str = ""

    def check_address(self) -> None:
        """Refuse an address that was wrong too often, whoever it says it is."""
        self.accounts.one_try_at_a_time(self.key, self._from_address)
        if self._count(self._from_address) >= MOST_FROM_ADDRESS:
            raise TooOften("Too many wrong assertions came from this address.", WINDOW)

    def check_name(self, name: str) -> None:
        """Refuse a name that was used wrongly too often, but only where it was: nobody locks others out."""
        self.name = name
        if self._count(self._in_name) >= MOST_IN_NAME and self._count(self._from_address):
            raise TooOften("Too many wrong assertions came in the name of this client.", WINDOW)

    def note_wrong(self) -> None:
        """This one was wrong too."""
        self.accounts.note_failure(self.key, self._from_address, self.now)
        if self.name:
            self.accounts.note_failure(self.key, self._in_name, self.now)

    @property
    def _from_address(self) -> str:
        return f"assertion from {self.address}"

    @property
    def _in_name(self) -> str:
        return f"assertion of {self.name}"

    def _count(self, tried: str) -> int:
        return self.accounts.failures(self.key, tried, self.now)
