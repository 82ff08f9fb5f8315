"""Reads the labelled replies, and says which of them are misunderstood."""

import csv
from datetime import time
from pathlib import Path
from typing import NamedTuple

from telemed.messages.replies import Meaning, meaning

HERE = Path(__file__).parent
# The appointment that every labelled message speaks of.
AT = time(9, 20)


class Reply(NamedTuple):
    language: str
    text: str
    meaning: Meaning


class Miss(NamedTuple):
    reply: Reply
    read: Meaning


def replies(half: str) -> list[Reply]:
    with (HERE / f"{half}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Reply(row["language"], row["text"], Meaning[row["meaning"].upper()]) for row in rows]


def misses(half: str) -> list[Miss]:
    read = [(reply, meaning(reply.text, reply.language, AT)) for reply in replies(half)]
    return [Miss(reply, said) for reply, said in read if said is not reply.meaning]
