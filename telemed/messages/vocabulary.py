"""The words of one language's phrases, found by what somebody typed in a few look-ups."""

from collections import defaultdict
from collections.abc import Iterable

from telemed.messages.letters import in_latin, latin_initials, spellings


class Vocabulary:
    """Which words of the phrases a typed word can be."""

    def __init__(self, words: Iterable[str]) -> None:
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._beginnings: list[tuple[str, str]] = []
        self._by_latin_initial: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            self._add(word)

    def _add(self, word: str) -> None:
        # A word with some diacritics is that word or none; one without any may be all that look like it.
        for spelling in set(spellings(word)):
            if word.endswith("*"):
                self._beginnings.append((spelling, word))
            else:
                self._whole[spelling].add(word)
        for initial in latin_initials(spellings(word)[1][:1]):
            self._by_latin_initial[initial].append(word)

    def words(self, typed: str) -> frozenset[str]:
        """Return the words that this can be."""
        found = set(self._whole.get(typed, ()))
        found |= {word for beginning, word in self._beginnings if typed.startswith(beginning)}
        if typed.isascii():
            candidates = self._by_latin_initial.get(typed[:1], ())
            found |= {word for word in candidates if in_latin(word).fullmatch(typed)}
        return frozenset(found)
