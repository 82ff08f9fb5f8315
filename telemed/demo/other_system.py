"""The other system of the demo: one token that is ready to use, so that FHIR can be tried at once."""

import base64
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from telemed.accounts.clients import ApiClient, ClientStore
from telemed.settings import Settings

SYSTEM = UUID("01890a5d-ac96-7000-8000-00000000de40")
SCOPES = ("system/*.cruds",)
# A demo database opens nowhere but in a demo, so its token may live as long as somebody tries it.
LIFE = timedelta(days=3650)


def bearer(settings: Settings) -> str:
    """The demo's token, the same at every start."""
    return base64.urlsafe_b64encode(settings.key("demo-bearer")).decode().rstrip("=")


def introduce(connection: Connection, settings: Settings, real_now: datetime) -> None:
    """Let the demo's other system in, unless it is already."""
    clients = ClientStore(connection)
    if clients.client(str(SYSTEM)) is None:
        clients.add(
            ApiClient(str(SYSTEM), "Болнична система (демо)", None, SCOPES, {"keys": []}, real_now, None)
        )
    clients.keep(bearer(settings), str(SYSTEM), list(SCOPES), real_now + LIFE)


def lines(settings: Settings) -> list[str]:
    """What to type to see it work."""
    origin = settings.public_origin.rstrip("/")
    return [
        "Other systems (FHIR R4, docs/fhir.md):",
        f'curl -H "Authorization: Bearer {bearer(settings)}" "{origin}/fhir/R4/Location?_count=3"',
    ]
