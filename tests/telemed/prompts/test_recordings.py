"""What a person has spoken is played in place of the synthetic voice, for exactly those words."""

import json
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner

from telemed.prompts import recordings
from telemed.prompts.building import MANIFEST, Built, build, check
from telemed.prompts.prompt import Clip, Prompt
from telemed.prompts.recordings import BadRecording
from telemed.prompts.sound import Sound
from telemed.run import prompts as command

YES = Clip(Prompt("bg", "да"), "opus")


def spoken(folder: Path, text: str = "да", pitch: int = 40, changed: dict[str, str] | None = None) -> Path:
    """A folder in which Maria has spoken a text: half a second of a tone."""
    folder.mkdir(exist_ok=True)
    with wave.open(str(folder / "maria.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(b"".join((8_000 * (i // pitch % 2)).to_bytes(2, "little") for i in range(22_050)))
    entry = {
        "language": "bg",
        "text": text,
        "file": "maria.wav",
        "spoken_by": "Мария Иванова",
        **(changed or {}),
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items()]
    (folder / recordings.LIST).write_text(
        "\n".join(["[[recording]]", *lines, "recorded_on = 2026-11-20", ""])
    )
    return folder


def synthetic(clip: Clip) -> Sound:
    return Sound(b"synthetic", 1.0)


def test_a_recording_replaces_the_voice_and_the_manifest_names_who_spoke(tmp_path: Path) -> None:
    found = recordings.read(spoken(tmp_path / "people"))
    build(tmp_path / "built", [YES], synthetic, found)
    entry = json.loads((tmp_path / "built" / MANIFEST).read_text())[YES.key]
    assert (entry["spoken_by"], entry["seconds"]) == ("Мария Иванова", 0.5)
    file = Built(tmp_path / "built").file(*YES)
    assert file is not None
    assert (tmp_path / "built" / file).read_bytes() != b"synthetic"
    assert check(tmp_path / "built", [YES], found).good


def test_a_recording_has_an_address_of_its_own_so_that_no_kiosk_plays_what_it_kept(tmp_path: Path) -> None:
    build(tmp_path / "built", [YES], synthetic)
    before = Built(tmp_path / "built").file(*YES)
    first = recordings.read(spoken(tmp_path / "people"))
    assert check(tmp_path / "built", [YES], first).missing == ("bg: да",)
    build(tmp_path / "built", [YES], synthetic, first)
    spoken_once = Built(tmp_path / "built").file(*YES)
    again = recordings.read(spoken(tmp_path / "people", pitch=50))
    assert build(tmp_path / "built", [YES], synthetic, again) == 1
    assert len({before, spoken_once, Built(tmp_path / "built").file(*YES)}) == 3


def test_a_recording_of_older_words_is_not_played_and_is_named(tmp_path: Path) -> None:
    found = recordings.read(spoken(tmp_path / "people", text="аха"))
    build(tmp_path / "built", [YES], synthetic, found)
    assert (tmp_path / "built" / YES.key).read_bytes() == b"synthetic"
    assert recordings.stale(found, [YES.prompt]) == ("bg: аха",)
    said = CliRunner().invoke(
        command.check, ["--folder", str(tmp_path), "--recordings", str(tmp_path / "people")]
    )
    assert "recorded, but the words have changed (1): bg: аха" in said.output


def test_without_a_recording_any_more_the_voice_speaks_again(tmp_path: Path) -> None:
    build(tmp_path / "built", [YES], synthetic, recordings.read(spoken(tmp_path / "people")))
    assert build(tmp_path / "built", [YES], synthetic) == 1
    assert (tmp_path / "built" / YES.key).read_bytes() == b"synthetic"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"spoken_by": " "}, "spoken_by"),
        ({"language": "xx"}, "nobody speaks"),
        ({"file": "../elsewhere.wav"}, "no file"),
        ({"file": "gone.wav"}, "no file"),
    ],
)
def test_a_list_that_cannot_be_right_names_its_entry(
    tmp_path: Path, changed: dict[str, str], why: str
) -> None:
    with pytest.raises(BadRecording, match=f"entry 1: .*{why}"):
        recordings.read(spoken(tmp_path, changed=changed))


def test_without_a_list_there_are_no_recordings(tmp_path: Path) -> None:
    assert recordings.read(tmp_path) == {}
