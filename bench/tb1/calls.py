"""A request as one line of a file: method, path, headers, body, and the group that is sent at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One request; calls with the same group are sent together by a burst."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    group: int | None = None

    def wire(self) -> bytes:
        """What is written to the socket, ready before the clock starts."""
        body = self.body.encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: bench"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if body or self.method in ("POST", "PUT"):
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


def write(path: Path, calls: Iterable[Call]) -> None:
    """Keep the calls, so that the same run can be sent to another server."""
    with path.open("w") as file:
        for call in calls:
            line = {"m": call.method, "p": call.path, "h": call.headers, "b": call.body, "g": call.group}
            file.write(json.dumps(line, separators=(",", ":")) + "\n")


def read(path: Path) -> list[Call]:
    """The calls of a file, in order."""
    rows = (json.loads(line) for line in path.read_text().splitlines())
    return [Call(row["m"], row["p"], row["h"], row["b"], row["g"]) for row in rows]


def groups(calls: Sequence[Call]) -> list[list[Call]]:
    """The calls by group, in the order in which groups first appear."""
    found: dict[int | None, list[Call]] = {}
    for call in calls:
        found.setdefault(call.group, []).append(call)
    return list(found.values())
