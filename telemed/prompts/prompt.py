"""One prompt: a text in a voice, addressed by what it says: changed words can never play old sound."""

import hashlib
from typing import Literal, NamedTuple

Form = Literal["wav", "opus"]
"""WAV for telephones, Opus for the kiosk."""

# Language → espeak-ng's voice and its speed in words a minute: slow, for ears of eighty years.
VOICES = {
    "bg": ("bg", 140),
    "en": ("en", 140),
    "tr": ("tr", 140),
    "uk": ("uk", 140),
    "ru": ("ru", 140),
    "uz": ("uz", 140),
    "vi": ("vi", 130),
}
# Written otherwise, spoken alike.
_SPOKEN_AS = {"uz-Cyrl": "uz"}
# Raised when the same text and voice would sound different: other files, other format.
MADE = 2
# 48 bits: short in a page, and of ten thousand prompts no two share one (the build refuses it).
_LETTERS = 12


class Prompt(NamedTuple):
    """What is said, in which language."""

    language: str
    text: str

    @property
    def address(self) -> str:
        """Return its name: the SHA-256 of text and voice, cut short."""
        voice, speed = VOICES[self.language]
        return short_hash(f"{MADE}\0{voice}\0{speed}\0{self.text}".encode())

    def file(self, form: Form) -> str:
        """Return the name of the sound file that the voice makes of it."""
        return f"{self.address}.{form}"


class Clip(NamedTuple):
    """A prompt in the one form in which it is needed."""

    prompt: Prompt
    form: Form

    @property
    def key(self) -> str:
        """Return the name under which the manifest keeps it."""
        return self.prompt.file(self.form)


def has_voice(language: str) -> bool:
    """Tell whether a language can be heard."""
    return voice_of(language) in VOICES


def voice_of(language: str) -> str:
    """Return the language whose voice reads it; two ways of writing have one."""
    return _SPOKEN_AS.get(language, language)


def short_hash(content: bytes) -> str:
    """Return as much of a SHA-256 as a name needs."""
    return hashlib.sha256(content).hexdigest()[:_LETTERS]
