"""Builds the sound files of every prompt, and says what is missing, stale or damaged among them."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from telemed.prompts.prompt import FORMATS, Prompt
from telemed.prompts.sound import Sound

BUILT = Path(__file__).parent / "built"
MANIFEST = "manifest.json"

Entry = dict[str, Any]


class Findings(NamedTuple):
    """What is wrong with a folder of prompts; all empty means that it can be used."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    damaged: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Tell whether nothing is wrong."""
        return not any(self)


def check(folder: Path, prompts: Iterable[Prompt]) -> Findings:
    """Compare the files with what is to be said: every prompt there, whole, and nothing that nobody says."""
    wanted = {prompt.address: prompt for prompt in prompts}
    kept = _read(folder)
    missing = [f"{prompt.language}: {prompt.text}" for key, prompt in wanted.items() if key not in kept]
    stale = [f"{entry['language']}: {entry['text']}" for key, entry in kept.items() if key not in wanted]
    named = {f"{key}.{form}" for key in kept for form in FORMATS} | {MANIFEST}
    strays = [path.name for path in folder.iterdir() if path.name not in named] if folder.is_dir() else []
    damaged = [name for key, entry in kept.items() for name in _damaged(folder, key, entry)]
    return Findings(tuple(sorted(missing)), tuple(sorted(stale + strays)), tuple(sorted(damaged)))


def has_all(folder: Path, prompts: Iterable[Prompt]) -> bool:
    """Tell at a glance whether every prompt was built; whether its files are whole is not looked at."""
    kept = _read(folder)
    return all(prompt.address in kept for prompt in prompts)


def build(
    folder: Path, prompts: Sequence[Prompt], speak: Callable[[Prompt], Sound], workers: int | None = None
) -> int:
    """Make what is missing or damaged, remove what nobody says; returns how many prompts were made.

    The manifest is written last: a build that dies leaves files without an entry, never the reverse.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = _read(folder)
    wanted = {prompt.address: prompt for prompt in prompts}
    sound = {key: entry for key, entry in kept.items() if key in wanted and not _damaged(folder, key, entry)}
    to_make = [prompt for key, prompt in wanted.items() if key not in sound]
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        made = pool.map(lambda prompt: _make(folder, prompt, speak), to_make)
        sound.update(zip((prompt.address for prompt in to_make), made, strict=True))
    _write(folder / MANIFEST, json.dumps(sound, ensure_ascii=False, indent=1, sort_keys=True).encode())
    named = {f"{key}.{form}" for key in sound for form in FORMATS} | {MANIFEST}
    for path in folder.iterdir():
        if path.name not in named:
            path.unlink()
    return len(to_make)


def _make(folder: Path, prompt: Prompt, speak: Callable[[Prompt], Sound]) -> Entry:
    sound = speak(prompt)
    files = {"wav": sound.wav, "opus": sound.opus}
    for form, content in files.items():
        _write(folder / prompt.file(form), content)
    hashes = {form: hashlib.sha256(content).hexdigest() for form, content in files.items()}
    return {"language": prompt.language, "text": prompt.text, "seconds": sound.seconds, "sha256": hashes}


def _write(path: Path, content: bytes) -> None:
    beside = path.with_suffix(path.suffix + ".part")
    beside.write_bytes(content)
    beside.replace(path)


def _read(folder: Path) -> dict[str, Entry]:
    try:
        kept: dict[str, Entry] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return kept


def _damaged(folder: Path, key: str, entry: Entry) -> list[str]:
    found = []
    for form in FORMATS:
        path = folder / f"{key}.{form}"
        whole = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"][form]
        if not whole:
            found.append(path.name)
    return found
