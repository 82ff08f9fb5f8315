"""The only way out of some offices: an HTTP proxy that opens tunnels (CONNECT) and nothing else.

`python -m tests.netlab.proxy HOST PORT`; each tunnel is one line of output, "host:port".
"""

import asyncio
import contextlib
import sys

LONGEST_HEAD = 8192


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while part := await source.read(65_536):
            sink.write(part)
            await sink.drain()
    sink.close()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Open the tunnel that one client asks for, and carry until either end closes."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _version = head.split("\r\n", 1)[0].split(" ")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        writer.close()
        return
    host, _, port = target.rpartition(":")
    try:
        if method != "CONNECT":
            raise ConnectionRefusedError(method)
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
    except (OSError, ValueError):
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        return
    print(target, flush=True)
    writer.write(b"HTTP/1.1 200 Connection Established\r\n\r\n")
    await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))


async def _main(host: str, port: int) -> None:
    server = await asyncio.start_server(serve, host, port, limit=LONGEST_HEAD)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))
