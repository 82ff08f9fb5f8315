"""The kiosk's sounds by chapters: one answer holds all that a part of the way may say, whatever is answered.

A chapter is a row of records: 12 letters that name a shown text by its hash, a kind, a length, the content.
Kind `s` is a sound, `l` a list of such names, `t` the table by which numbers are put together.
"""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from flask import Blueprint, Response, abort

from telemed.prompts import values
from telemed.prompts.building import Built, shipped
from telemed.prompts.prompt import has_voice, short_hash
from telemed.services import Services
from telemed.texts import Texts
from telemed.web import kiosk_spoken
from telemed.web.assets import YEAR
from telemed.web.kiosk_spoken import CHAPTERS, Chapter, Said, Spoken

NAMES = "names"
"""Stands in place of a language where none is chosen yet: the languages' own names."""
TABLE = "table"


class Edition(NamedTuple):
    """What one language says, as it is now; any change of words, voice or recording gives another version."""

    version: str
    chapters: Mapping[str, Chapter]


class Sounds:
    """The sounds of every language, put together when one is first asked for."""

    def __init__(self, texts: Texts, built: Built) -> None:
        self._texts = texts
        self._built = built
        # Once a process and language: a tenth of a second each.
        self._edition = lru_cache(maxsize=None)(self._put_together)

    def address(self, language: str) -> str:
        """Return where a language's chapters are found, without their names."""
        return f"/kiosk/sounds/{language}/{self._edition(language).version}"

    def chapter(self, language: str, version: str, name: str) -> bytes | None:
        """Return one chapter, or None for one that is not there, or not as it is now."""
        edition = self._edition(language)
        if version != edition.version or name not in edition.chapters:
            return None
        table = json.dumps(values.table(language), ensure_ascii=False).encode() if name == "signs" else b""
        packed = [_record(TABLE, b"t", table)] if table else []
        for shown, said in edition.chapters[name].items():
            packed += self._records(shown, said)
        return b"".join(packed)

    def _put_together(self, language: str) -> Edition:
        if language == NAMES:
            chapters: dict[str, Chapter] = {NAMES: kiosk_spoken.names(self._texts)}
        else:
            # A language that no voice speaks is read, not heard.
            chapters = Spoken(self._texts, language).chapters() if has_voice(language) else {}
        told = [
            f"{shown} {' '.join(self._built.file(prompt, 'opus') or '' for prompt in said)}"
            for name, chapter in chapters.items()
            for shown, said in {name: (), **chapter}.items()
        ]
        return Edition(short_hash("\n".join(told).encode()), chapters)

    def _records(self, shown: str, said: Said) -> list[bytes]:
        files = [self._built.file(prompt, "opus") for prompt in said]
        if not all(files):
            return []
        paths = [self._built.folder / file for file in files if file]
        if len(paths) == 1:
            return [_record(shown, b"s", paths[0].read_bytes())]
        pieces = [
            _record(prompt.text, b"s", path.read_bytes()) for prompt, path in zip(said, paths, strict=True)
        ]
        return [*pieces, _record(shown, b"l", b"".join(_name(prompt.text) for prompt in said))]


@cache
def shipped_sounds() -> Sounds:
    """Return the sounds of the words and prompts that came with this program."""
    return Sounds(Texts(), shipped())


def make_blueprint(services: Services) -> Blueprint:
    """Endpoint `kiosk_sounds.chapter`; templates get `sounds(language)`. Public: the same for everybody."""
    blueprint = Blueprint("kiosk_sounds", __name__, url_prefix="/kiosk/sounds")
    sounds = shipped_sounds()
    told = {"kiosk_sounds": sounds.address, "sound_chapters": " ".join(CHAPTERS), "spoken_names": NAMES}
    blueprint.app_context_processor(lambda: told)

    @blueprint.get("/<language>/<version>/<name>")
    def chapter(language: str, version: str, name: str) -> Response:
        known = language == NAMES or language in services.texts.languages
        content = sounds.chapter(language, version, name) if known else None
        if content is None:
            abort(404)
        answer = Response(content, mimetype="application/octet-stream")
        answer.cache_control.public, answer.cache_control.max_age = True, YEAR
        answer.cache_control.immutable = True
        return answer

    return blueprint


def _record(shown: str, kind: bytes, content: bytes) -> bytes:
    return _name(shown) + kind + len(content).to_bytes(4, "big") + content


def _name(shown: str) -> bytes:
    return short_hash(shown.encode()).encode()
