"""What the lab's microphone hears and its camera sees is as hard as a real person, and always the same."""

import shutil
import wave
from array import array
from itertools import groupby
from pathlib import Path

import pytest

from tests.missing import miss
from tests.netlab import capture


@pytest.mark.full
def test_the_voice_pauses_too_shortly_to_be_taken_for_a_late_first_sound(tmp_path: Path) -> None:
    if shutil.which("espeak-ng") is None:
        miss("espeak-ng (Debian: espeak-ng)")
    capture.speak(tmp_path / "voice.wav")
    with wave.open(str(tmp_path / "voice.wav")) as voice:
        samples = array("h", voice.readframes(voice.getnframes()))
        part = voice.getframerate() // 50
    loud = [max(map(abs, samples[at : at + part])) > capture.QUIET for at in range(0, len(samples), part)]
    longest = max(len(list(run)) * 20 for is_loud, run in groupby(loud) if not is_loud)
    assert longest <= capture.LONGEST_PAUSE_MS
    assert len(loud) > 500


@pytest.mark.full
def test_the_face_is_a_film_that_moves_and_comes_back_to_its_beginning(tmp_path: Path) -> None:
    capture.draw(tmp_path / "face.y4m")
    head, *frames = (tmp_path / "face.y4m").read_bytes().split(b"FRAME\n")
    assert head.startswith(b"YUV4MPEG2 W640 H480 F20:1")
    assert len(frames) == 140
    assert len({len(frame) for frame in frames}) == 1
    assert len(set(frames)) > 100
