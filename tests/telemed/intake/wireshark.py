"""Wireshark as an independent judge of what a Bluetooth characteristic says."""

import json
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.servers import NotInstalled

_INDICATION, _HANDLE = 0x1D, 16
_H4_WITH_DIRECTION = 201


def program() -> str:
    """Return where tshark is."""
    found = shutil.which("tshark")
    if found is None:
        raise NotInstalled("tshark: apt-get install tshark")
    return found


def fields(tshark: str, folder: Path, characteristic: int, value: bytes) -> dict[str, str]:
    """Return what Wireshark reads in one value of a characteristic: its fields by their last name's words."""
    capture = folder / f"{characteristic:x}.pcap"
    capture.write_bytes(_capture(value))
    decode_as = f"btatt.handle=={_HANDLE},btgatt.uuid0x{characteristic:x}"
    command = [tshark, "-r", str(capture), "-d", decode_as, "-T", "json"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    layers = json.loads(done.stdout)[0]["_source"]["layers"]
    return dict(_leaves(layers["btatt"]))


def _leaves(tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value)
        elif isinstance(value, str):
            yield name.removeprefix("btatt."), value


def _capture(value: bytes) -> bytes:
    attribute = struct.pack("<BH", _INDICATION, _HANDLE) + value
    channel = struct.pack("<HH", len(attribute), 4) + attribute
    packet = struct.pack(">I", 1) + b"\x02" + struct.pack("<HH", 0x2040, len(channel)) + channel
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, _H4_WITH_DIRECTION)
    return header + struct.pack("<IIII", 0, 0, len(packet), len(packet)) + packet
