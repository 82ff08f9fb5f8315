"""espeak-ng as a library in our own process: a tenth of what a process for each prompt costs."""

import ctypes
from functools import cache
from threading import Lock

from telemed.prompts.prompt import VOICES, Prompt

LIBRARY = "libespeak-ng.so.1"
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_BUFFER_MS = 1000
_RATE_PARAMETER = 1
_UTF_8 = 1
_OK = 0
_Heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class NoVoice(Exception):
    """espeak-ng is missing, or it does not speak; the message names the remedy."""


class Espeak:
    """The library speaks one text at a time, and keeps the voice of the text before."""

    def __init__(self, library: str = LIBRARY) -> None:
        try:
            self._library = ctypes.CDLL(library)
        except OSError:
            raise NoVoice("espeak-ng is missing: apt-get install espeak-ng") from None
        self._lock = Lock()
        self._heard: list[bytes] = []
        self._voice: tuple[str, int] | None = None
        # Kept for as long as the library may call it.
        self._callback = _Heard(self._keep)
        self.rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, None, _DONT_EXIT)
        if self.rate <= 0:
            raise NoVoice("espeak-ng finds none of its voices: apt-get install --reinstall espeak-ng-data")

    def say(self, prompt: Prompt) -> bytes:
        """Return a prompt as 16-bit samples, without a pause behind it: pieces follow each other."""
        with self._lock:
            self._library.espeak_SetSynthCallback(self._callback)
            self._choose(VOICES[prompt.language])
            self._heard = []
            text = prompt.text.encode() + b"\0"
            size = ctypes.c_size_t(len(text))
            done = self._library.espeak_Synth(text, size, 0, 1, 0, _UTF_8, None, None)
            if done != _OK:
                raise NoVoice(f"espeak-ng failed with {done} for {prompt.text!r}")
            return b"".join(self._heard)

    def _choose(self, voice: tuple[str, int]) -> None:
        if voice == self._voice:
            return
        name, speed = voice
        if self._library.espeak_SetVoiceByName(name.encode()) != _OK:
            raise NoVoice(f"espeak-ng has no voice {name!r}")
        self._library.espeak_SetParameter(_RATE_PARAMETER, speed, 0)
        self._voice = voice

    def _keep(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._heard.append(ctypes.string_at(samples, 2 * count))
        return 0


@cache
def espeak() -> Espeak:
    """Return this process's voice. It cannot be loaded twice: the first call is before there are threads."""
    return Espeak()
