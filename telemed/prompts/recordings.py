"""What people have spoken in place of the synthetic voice, and who they are."""

import hashlib
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from telemed.prompts.prompt import VOICES, Prompt

FOLDER = Path(__file__).parent / "recordings"
LIST = "recordings.toml"


class BadRecording(ValueError):
    """The list of recordings says something that cannot be; the message names the entry."""


class Recording(NamedTuple):
    """A spoken text: it is played for exactly these words and for no others."""

    prompt: Prompt
    path: Path
    spoken_by: str
    recorded_on: date

    @property
    def digest(self) -> str:
        """Return the hash of the file, so that a new take is a new sound."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def read(folder: Path = FOLDER) -> dict[Prompt, Recording]:
    """Read the list of a folder; without one there are no recordings."""
    listed = folder / LIST
    if not listed.is_file():
        return {}
    entries = tomllib.loads(listed.read_text("utf-8")).get("recording", [])
    found: dict[Prompt, Recording] = {}
    for number, entry in enumerate(entries, 1):
        recording = _recording(folder, entry, f"{LIST}, entry {number}")
        if recording.prompt in found:
            raise BadRecording(f"{LIST}, entry {number}: these words have a recording already")
        found[recording.prompt] = recording
    return found


def stale(recordings: Iterable[Prompt], wanted: Iterable[Prompt]) -> tuple[str, ...]:
    """Name the recordings whose words nobody says any more; they are not played."""
    return tuple(sorted(f"{each.language}: {each.text}" for each in set(recordings) - set(wanted)))


def _recording(folder: Path, entry: dict[str, object], where: str) -> Recording:
    texts = [entry.get(name) for name in ("language", "text", "file", "spoken_by")]
    day = entry.get("recorded_on")
    if not all(isinstance(text, str) and text.strip() for text in texts) or not isinstance(day, date):
        raise BadRecording(f"{where}: language, text, file, spoken_by and recorded_on (a date) are needed")
    language, text, name, person = map(str, texts)
    path = folder / name
    if language not in VOICES:
        raise BadRecording(f"{where}: nobody speaks {language!r}")
    if folder.resolve() not in path.resolve().parents or not path.is_file():
        raise BadRecording(f"{where}: there is no file {name!r} in the folder")
    return Recording(Prompt(language, text), path, person, day)
