"""Builds the sound files of every prompt, and says what is missing, stale or damaged among them."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from telemed.prompts import sound
from telemed.prompts.prompt import Clip, Form, Prompt, short_hash
from telemed.prompts.recordings import Recording
from telemed.prompts.sound import Sound

BUILT = Path(__file__).parent / "built"
MANIFEST = "manifest.json"

Entry = dict[str, Any]
Speak = Callable[[Clip], Sound]
Recordings = Mapping[Prompt, Recording]


class SameAddressError(Exception):
    """Two prompts have the same address; raise MADE, and they get others."""


class Findings(NamedTuple):
    """What is wrong with a folder of prompts; all empty means that it can be used."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    damaged: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Tell whether nothing is wrong."""
        return not any(self)


class Built:
    """The sound files of one build, read once: which file says a prompt."""

    def __init__(self, folder: Path = BUILT) -> None:
        self.folder = folder
        self._files: dict[str, str] = {key: entry["file"] for key, entry in _read(folder).items()}

    def file(self, prompt: Prompt, form: Form) -> str | None:
        """Return the name of the file that says a prompt, or None when it was not built."""
        return self._files.get(prompt.file(form))

    def has_all(self, clips: Iterable[Clip]) -> bool:
        """Tell at a glance whether everything was built; whether its files are whole is not looked at."""
        return all(clip.key in self._files for clip in clips)


@cache
def shipped() -> Built:
    """Return the sound files that came with this program, read once a process."""
    return Built()


def check(folder: Path, clips: Iterable[Clip], recordings: Recordings | None = None) -> Findings:
    """Compare the files with what is to be said: every prompt there, whole, and nothing that nobody says."""
    wanted = _by_key(clips)
    kept = _read(folder)
    fresh = {key for key, clip in wanted.items() if key in kept and _is_fresh(kept[key], clip, recordings)}
    missing = [f"{wanted[key].prompt.language}: {wanted[key].prompt.text}" for key in wanted.keys() - fresh]
    stale = [f"{entry['language']}: {entry['text']}" for key, entry in kept.items() if key not in wanted]
    named = {entry["file"] for entry in kept.values()} | {MANIFEST}
    strays = [path.name for path in folder.iterdir() if path.name not in named] if folder.is_dir() else []
    damaged = [entry["file"] for entry in kept.values() if not _is_whole(folder, entry)]
    return Findings(tuple(sorted(missing)), tuple(sorted(stale + strays)), tuple(sorted(damaged)))


def build(
    folder: Path,
    clips: Iterable[Clip],
    speak: Speak | None = None,
    recordings: Recordings | None = None,
    workers: int | None = None,
) -> int:
    """Make what is missing or damaged, remove what nobody says; returns how many prompts were made.

    The manifest is written last: a build that dies leaves files without an entry, never the reverse.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted, kept = _by_key(clips), _read(folder)
    done = {
        key: kept[key]
        for key, clip in wanted.items()
        if key in kept and _is_fresh(kept[key], clip, recordings) and _is_whole(folder, kept[key])
    }
    # By language: changing the voice takes longer than saying a prompt.
    to_make = sorted((clip for key, clip in wanted.items() if key not in done), key=lambda clip: clip.prompt)
    if to_make:
        say = speak or sound.speaker()
        with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
            made = pool.map(lambda clip: _make(folder, clip, say, recordings or {}), to_make)
            done.update(zip((clip.key for clip in to_make), made, strict=True))
    _write(folder / MANIFEST, json.dumps(done, ensure_ascii=False, indent=1, sort_keys=True).encode())
    _sweep(folder, {entry["file"] for entry in done.values()} | {MANIFEST})
    return len(to_make)


def _by_key(clips: Iterable[Clip]) -> dict[str, Clip]:
    wanted: dict[str, Clip] = {}
    for clip in clips:
        if wanted.setdefault(clip.key, clip) != clip:
            raise SameAddressError(f"{clip.prompt.text!r} and {wanted[clip.key].prompt.text!r}")
    return wanted


def _make(folder: Path, clip: Clip, speak: Speak, recordings: Recordings) -> Entry:
    recording = recordings.get(clip.prompt)
    made = speak(clip) if recording is None else sound.convert(recording.path, clip.form)
    take = _take(clip, recording)
    file = clip.key if take is None else f"{short_hash(f'{clip.key} {take}'.encode())}.{clip.form}"
    _write(folder / file, made.content)
    return {
        "file": file,
        "language": clip.prompt.language,
        "text": clip.prompt.text,
        "seconds": made.seconds,
        "sha256": hashlib.sha256(made.content).hexdigest(),
        "spoken_by": recording.spoken_by if recording else None,
        "take": take,
    }


def _take(clip: Clip, recording: Recording | None) -> str | None:
    return None if recording is None else f"{recording.digest} {recording.spoken_by}"


def _is_fresh(entry: Entry, clip: Clip, recordings: Recordings | None) -> bool:
    return bool(entry["take"] == _take(clip, (recordings or {}).get(clip.prompt)))


def _is_whole(folder: Path, entry: Entry) -> bool:
    path = folder / entry["file"]
    return path.is_file() and bool(hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"])


def _write(path: Path, content: bytes) -> None:
    beside = path.with_suffix(path.suffix + ".part")
    beside.write_bytes(content)
    beside.replace(path)


def _sweep(folder: Path, named: Sequence[str] | set[str]) -> None:
    for path in folder.iterdir():
        if path.name not in named:
            path.unlink()


def _read(folder: Path) -> dict[str, Entry]:
    try:
        kept: dict[str, Entry] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return kept if all("file" in entry for entry in kept.values()) else {}
