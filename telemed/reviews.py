"""Which languages kiosks may speak: those whose texts somebody has checked, at the state they have now."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, cast

from telemed.settings import SettingsError
from telemed.texts import Texts

Group = Literal["emergency", "notice", "clinical"]
GROUPS: tuple[Group, ...] = ("emergency", "notice", "clinical")
"""What somebody must have checked before a patient reads it: what to do in danger, what is agreed to, and
what is asked and measured."""

Offer = Literal["reviewed", "draft", "stale"]
"""A language is a draft until every group was reviewed, and stale once a text was changed after that."""

FILE = "review.toml"


class Said(NamedTuple):
    """One text and what a language says for it; None where nobody has translated it."""

    context: str | None
    message: str
    string: str | None


class Review(NamedTuple):
    """Who has checked a group of texts, on which day, and the digest of what they read."""

    by: str
    on: date
    texts: str


Reviews = Mapping[str, Mapping[Group, Review]]
"""By language."""

Grouped = Mapping[Group, tuple[Said, ...]]
"""What one language says, by group."""


class ReviewFault(SettingsError):
    """A file of reviews cannot be read; the message says which and why."""


def said(texts: Texts, language: str, groups: Mapping[Group, Iterable[tuple[str | None, str]]]) -> Grouped:
    """Return what a language says for each text of the groups, in one order."""
    return {
        group: tuple(
            Said(context, message, texts.found(language, message, context))
            for context, message in sorted(asked, key=lambda text: (text[0] or "", text[1]))
        )
        for group, asked in groups.items()
    }


def digest(texts: Sequence[Said]) -> str:
    """Return the SHA-256 of these texts: another word, one text more or one less makes another."""
    pairs = sorted([each.context or "", each.message, each.string or ""] for each in texts)
    return hashlib.sha256(json.dumps(pairs, ensure_ascii=False).encode()).hexdigest()


def missing(texts: Iterable[Said]) -> list[Said]:
    """Return what is not translated: nobody can check it, so the group cannot be signed."""
    return [each for each in texts if not each.string]


def offered(language: str, reviews: Reviews, texts: Grouped) -> Offer:
    """Say what a language is: reviewed in every group, stale in one, or else a draft."""
    signed = reviews.get(language, {})
    if any(group not in signed for group in GROUPS):
        return "draft"
    return "reviewed" if all(signed[group].texts == digest(texts[group]) for group in GROUPS) else "stale"


def spoken(wanted: Sequence[str], offers: Mapping[str, Offer], *, demo: bool) -> tuple[str, ...]:
    """Return the languages that kiosks speak, the wanted ones in their order.

    A real kiosk speaks no language whose texts nobody has checked; a demonstration speaks every one there is.
    """
    if demo:
        return tuple(dict.fromkeys((*(each for each in wanted if each in offers), *offers)))
    return tuple(each for each in wanted if offers.get(each) == "reviewed")


def read(folders: Iterable[Path]) -> Reviews:
    """Read the reviews that lie in these folders, one subfolder for each language; a later folder wins."""
    found: dict[str, dict[Group, Review]] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*/{FILE}")):
            found.setdefault(path.parent.name.replace("_", "-"), {}).update(_of_file(path))
    return found


def sign(path: Path, group: Group, review: Review) -> None:
    """Write down who has checked a group; what stands there for the other groups is kept."""
    entries = {**(_of_file(path) if path.exists() else {}), group: review}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_entry(each, entries[each]) for each in GROUPS if each in entries), "utf-8")


def _of_file(path: Path) -> dict[Group, Review]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        unknown = sorted(set(told) - set(GROUPS))
        if unknown:
            raise ReviewFault(
                f"{path}: there is no group {', '.join(unknown)}; there are {', '.join(GROUPS)}."
            )
        return {cast(Group, group): _review(entry) for group, entry in told.items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise ReviewFault(f"{path}: each group needs by, on (a date) and texts: {error}.") from error


def _review(entry: Mapping[str, object]) -> Review:
    by, on, texts = entry["by"], entry["on"], entry["texts"]
    if not (isinstance(by, str) and by.strip() and isinstance(on, date) and isinstance(texts, str)):
        raise ValueError("one of them is empty or of another kind")
    return Review(by.strip(), on, texts)


def _entry(group: Group, review: Review) -> str:
    # A JSON text is a TOML text as well.
    by = json.dumps(review.by, ensure_ascii=False)
    return f'[{group}]\nby = {by}\non = {review.on.isoformat()}\ntexts = "{review.texts}"\n'
