"""From text to sound: espeak-ng speaks, PyAV packs it for telephones (WAV, µ-law) and browsers (Opus)."""

import io
import shutil
import subprocess
from collections.abc import Iterable
from typing import NamedTuple

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from telemed.prompts.prompt import VOICES, Prompt

PROGRAM = "espeak-ng"
# What a telephone carries; more would only be thrown away on the way.
_TELEPHONE = 8_000
_BROWSER = 16_000
_OPUS_BITS = 24_000
_PATIENCE = 30


class NoVoice(Exception):
    """espeak-ng is missing, or it does not speak; the message names the remedy."""


class Sound(NamedTuple):
    """One prompt as sound: both files, and how long it takes to hear them."""

    wav: bytes
    opus: bytes
    seconds: float


def speak(prompt: Prompt) -> Sound:
    """Say one prompt."""
    frames = _frames(_espeak(prompt))
    seconds = sum(frame.samples / frame.sample_rate for frame in frames)
    if not is_heard(frames):
        raise NoVoice(f"{PROGRAM} said nothing for {prompt.text!r}")
    return Sound(
        _pack(frames, "wav", "pcm_mulaw", _TELEPHONE),
        _pack(frames, "ogg", "libopus", _BROWSER),
        round(seconds, 2),
    )


def is_heard(frames: Iterable[AudioFrame]) -> bool:
    """Tell whether there is anything but silence."""
    return any(bytes(frame.planes[0]).strip(b"\0") for frame in frames)


def _espeak(prompt: Prompt) -> bytes:
    program = shutil.which(PROGRAM)
    if program is None:
        raise NoVoice("espeak-ng is missing: apt-get install espeak-ng")
    voice, speed = VOICES[prompt.language]
    # The text goes in by a pipe: it may begin with a dash. -z: no pause behind it, pieces follow each other.
    command = [program, "-v", voice, "-s", str(speed), "-z", "--stdin", "--stdout"]
    try:
        made = subprocess.run(command, input=prompt.text.encode(), capture_output=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise NoVoice(f"{PROGRAM} did not end for {prompt.text!r}") from None
    if made.returncode or not made.stdout:
        raise NoVoice(f"{PROGRAM} failed with {made.returncode}: {made.stderr.decode(errors='replace')}")
    return made.stdout


def _frames(wav: bytes) -> list[AudioFrame]:
    with av.open(io.BytesIO(wav), "r") as source:
        return list(source.decode(audio=0))


def _pack(frames: Iterable[AudioFrame], container: str, codec: str, rate: int) -> bytes:
    packed = io.BytesIO()
    with av.open(packed, "w", format=container) as target:
        stream = target.add_stream(codec, rate=rate)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        if codec == "libopus":
            stream.bit_rate = _OPUS_BITS
            # The least effort: it costs a third, and one voice without noise loses nothing to it.
            stream.options = {"application": "voip", "compression_level": "0"}
        to_rate = av.AudioResampler("s16", "mono", rate)
        for frame in [*frames, None]:
            for piece in to_rate.resample(frame):
                target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    return packed.getvalue()
