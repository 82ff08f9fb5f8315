"""The media process: aiortc on its own asyncio loop, HTTP on loopback only."""

import asyncio

import click

from signaling import media
from telemed.settings import Settings

SESSIONS_AT_ONCE = 10


@click.command(help="Run the line probe.")
@click.pass_obj
def command(settings: Settings) -> None:
    """Serve line probes until the process is told to stop."""
    asyncio.run(media.serve("127.0.0.1", settings.media_port, SESSIONS_AT_ONCE, settings.media_token()))
