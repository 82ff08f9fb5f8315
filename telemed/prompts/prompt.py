"""One prompt: a text in a voice, addressed by what it says: changed words can never play old sound."""

import hashlib
from typing import NamedTuple

# Language → espeak-ng's voice and its speed in words a minute: slow, for ears of eighty years.
VOICES = {
    "bg": ("bg", 140),
    "en": ("en-gb", 140),
    "tr": ("tr", 140),
    "uk": ("uk", 140),
    "ru": ("ru", 140),
    "uz": ("uz", 140),
    "vi": ("vi", 130),
}
# Raised when the same text and voice would sound different: other files, other format.
MADE = 1
FORMATS = ("wav", "opus")


class Prompt(NamedTuple):
    """What is said, in which language."""

    language: str
    text: str

    @property
    def address(self) -> str:
        """Return its name: the SHA-256 of text and voice."""
        voice, speed = VOICES[self.language]
        return hashlib.sha256(f"{MADE}\0{voice}\0{speed}\0{self.text}".encode()).hexdigest()

    def file(self, format: str) -> str:
        """Return the name of its sound file."""
        return f"{self.address}.{format}"
