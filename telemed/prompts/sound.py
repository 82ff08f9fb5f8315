"""From text to sound: espeak-ng speaks, PyAV packs it for telephones (WAV, µ-law) or the kiosk (Opus)."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from telemed.prompts.prompt import Clip, Form
from telemed.prompts.speaking import NoVoice, espeak


class Format(NamedTuple):
    """How a form of sound is packed."""

    container: str
    codec: str
    rate: int
    bits: int = 0
    options: tuple[tuple[str, str], ...] = ()


FORMATS: dict[Form, Format] = {
    # What a telephone carries; more would only be thrown away on the way.
    "wav": Format("wav", "pcm_mulaw", 8_000),
    # The least effort: it costs a third, and one voice without noise loses nothing to it.
    "opus": Format(
        "ogg",
        "libopus",
        16_000,
        16_000,
        (("application", "voip"), ("compression_level", "0"), ("frame_duration", "60")),
    ),
}


class Sound(NamedTuple):
    """A prompt as sound: the file, and how long it takes to hear it."""

    content: bytes
    seconds: float


def speaker() -> Callable[[Clip], Sound]:
    """Return who says a prompt. The library is loaded here, in one thread; many may then ask it to speak."""
    voice = espeak()

    def speak(clip: Clip) -> Sound:
        samples = voice.say(clip.prompt)
        if not samples.strip(b"\0"):
            raise NoVoice(f"espeak-ng said nothing for {clip.prompt.text!r}")
        return _packed([_frame(samples, voice.rate)], clip.form)

    return speak


def convert(recording: Path, form: Form) -> Sound:
    """Bring what a person has spoken into the form in which it is played."""
    with av.open(str(recording), "r") as source:
        return _packed(list(source.decode(audio=0)), form)


def is_heard(frames: Iterable[AudioFrame]) -> bool:
    """Tell whether there is anything but silence."""
    return any(bytes(frame.planes[0]).strip(b"\0") for frame in frames)


def _frame(samples: bytes, rate: int) -> AudioFrame:
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples) // 2)
    frame.sample_rate = rate
    plane = frame.planes[0]
    plane.update(samples.ljust(plane.buffer_size, b"\0"))
    return frame


def _packed(frames: list[AudioFrame], form: Form) -> Sound:
    format = FORMATS[form]
    packed = io.BytesIO()
    with av.open(packed, "w", format=format.container) as target:
        stream = target.add_stream(format.codec, rate=format.rate)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        if format.bits:
            stream.bit_rate = format.bits
        stream.options = dict(format.options)
        to_rate = av.AudioResampler("s16", "mono", format.rate)
        for frame in [*frames, None]:
            for piece in to_rate.resample(frame):
                target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    seconds = sum(frame.samples / frame.sample_rate for frame in frames)
    return Sound(packed.getvalue(), round(seconds, 2))
