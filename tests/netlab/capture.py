"""What camera and microphone see and hear in the lab: a speaking voice and a head that moves, drawn here.

Chromium's own test card and beep are too easy: codec and concealment have next to nothing to do with them.
"""

import math
import subprocess
import wave
from array import array
from pathlib import Path
from random import Random

WIDTH, HEIGHT, FRAMES_PER_SECOND, SECONDS = 640, 480, 20, 7
LONGEST_PAUSE_MS, QUIET = 80, 300
TEXT = (
    "Good morning, doctor. Since yesterday evening my chest feels tight when I walk up to the house, "
    "and I had to sit down twice on the way. It does not hurt when I breathe in. I take the small white "
    "tablet in the morning and the other one before I go to sleep, but on Sunday I forgot both of them."
)


def flags(folder: Path) -> list[str]:
    """Make both files, and return Chromium's switches that play them in a loop."""
    voice, face = folder / "voice.wav", folder / "face.y4m"
    if not voice.exists():
        speak(voice)
    if not face.exists():
        draw(face)
    return [f"--use-file-for-fake-audio-capture={voice}", f"--use-file-for-fake-video-capture={face}"]


def speak(file: Path) -> None:
    """Have the text spoken, without its longer pauses: the first sound must not be a matter of luck."""
    spoken = file.with_suffix(".whole.wav")
    subprocess.run(["espeak-ng", "-v", "en", "-s", "165", "-w", str(spoken), TEXT], check=True)
    with wave.open(str(spoken)) as source, wave.open(str(file), "wb") as kept:
        kept.setparams(source.getparams())
        part, pause = source.getframerate() // 50, 0
        while frames := source.readframes(part):
            loud = max(map(abs, array("h", frames))) > QUIET
            pause = 0 if loud else pause + 20
            if pause <= LONGEST_PAUSE_MS:
                kept.writeframes(frames)
    spoken.unlink()


def draw(file: Path) -> None:
    """Draw head and shoulders that sway, nod and speak before a room, as seven seconds of Y4M."""
    room = _room()
    with file.open("wb") as film:
        rate = f"F{FRAMES_PER_SECOND}:1"
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} {rate} Ip A1:1 C420jpeg\n".encode())
        for number in range(FRAMES_PER_SECOND * SECONDS):
            # Every movement comes back to its beginning with the film.
            turn = 2 * math.pi * number / (FRAMES_PER_SECOND * SECONDS)
            film.write(b"FRAME\n")
            film.writelines(_frame(room, turn))


class _Plane:
    """One plane of a picture; ovals are given in whole-picture pixels and filled with one value."""

    def __init__(self, cells: bytearray, step: int) -> None:
        self.cells, self._step, self._wide = cells, step, WIDTH // step

    def oval(self, centre: tuple[float, float], radii: tuple[float, float], value: int) -> None:
        (x, y), (wide, high) = ((a / self._step, b / self._step) for a, b in (centre, radii))
        for row in range(max(0, int(y - high)), min(HEIGHT // self._step, int(y + high))):
            half = wide * math.sqrt(max(0.0, 1 - ((row - y) / high) ** 2))
            left, right = max(0, int(x - half)), min(self._wide, int(x + half))
            if right > left:
                start = row * self._wide
                self.cells[start + left : start + right] = bytes([value]) * (right - left)


def _room() -> tuple[bytes, bytes, bytes]:
    random, light = Random(7), bytearray()
    for row in range(HEIGHT):
        shelf = 40 if row % 120 < 8 else 0
        light += bytes(
            min(235, 110 + column // 12 - shelf + (column // 40 % 3) * 9 + random.randrange(6))
            for column in range(WIDTH)
        )
    quarter = WIDTH * HEIGHT // 4
    return bytes(light), bytes([120]) * quarter, bytes([132]) * quarter


def _frame(room: tuple[bytes, bytes, bytes], turn: float) -> tuple[bytearray, ...]:
    planes = [_Plane(bytearray(cells), step) for cells, step in zip(room, (1, 2, 2), strict=True)]
    x, y = WIDTH / 2 + 36 * math.sin(turn * 2), 210 + 12 * math.sin(turn * 3)
    mouth = 5 + 11 * abs(math.sin(turn * 17))
    eye = 3 if math.sin(turn * 5) > 0.95 else 9
    shapes = [
        ((x * 0.5 + 160, 470.0), (210.0, 130.0), (70, 145, 110)),
        ((x, y), (105.0, 140.0), (170, 108, 150)),
        ((x, y - 95), (108.0, 60.0), (45, 126, 134)),
        ((x - 40, y - 15), (16.0, float(eye)), (40, 128, 128)),
        ((x + 40, y - 15), (16.0, float(eye)), (40, 128, 128)),
        ((x, y + 25), (10.0, 26.0), (150, 110, 152)),
        ((x, y + 80), (38.0, mouth), (75, 115, 170)),
    ]
    for centre, radii, values in shapes:
        for plane, value in zip(planes, values, strict=True):
            plane.oval(centre, radii, value)
    return tuple(plane.cells for plane in planes)
