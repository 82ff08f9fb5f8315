"""Prompts are built once, found whole, and a missing, stale or damaged one fails the check."""

import io
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import av
import pytest
from click.testing import CliRunner

from telemed.prompts import building, sound
from telemed.prompts.building import MANIFEST, Built, SameAddressError, build, check
from telemed.prompts.prompt import VOICES, Clip, Form, Prompt
from telemed.prompts.sound import Sound
from telemed.prompts.speaking import Espeak, NoVoice
from telemed.run import prompts as command

YES, NO, HELLO = (
    Clip(Prompt("bg", "да"), "wav"),
    Clip(Prompt("bg", "не"), "opus"),
    Clip(Prompt("en", "hello"), "wav"),
)


@dataclass
class FakeVoice:
    """Says everything at once, or loses its voice after so many prompts."""

    lasts: int = 10_000
    said: list[str] = field(default_factory=list)

    def __call__(self, clip: Clip) -> Sound:
        if len(self.said) == self.lasts:
            raise NoVoice("hoarse")
        self.said.append(clip.prompt.text)
        return Sound(f"{clip.form} {clip.prompt.text}".encode(), 1.0)


def test_a_build_is_whole_and_a_second_one_says_nothing(tmp_path: Path) -> None:
    voice = FakeVoice()
    assert build(tmp_path, [YES, HELLO], voice) == 2
    assert check(tmp_path, [YES, HELLO]).good
    assert (tmp_path / YES.key).read_bytes() == "wav да".encode()
    assert build(tmp_path, [YES, HELLO], voice) == 0
    assert len(voice.said) == 2


def test_a_prompt_is_made_only_in_the_form_in_which_it_is_played(tmp_path: Path) -> None:
    build(tmp_path, [YES, NO], FakeVoice())
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {YES.prompt.file("wav"), NO.prompt.file("opus"), MANIFEST}
    built = Built(tmp_path)
    assert built.file(YES.prompt, "wav") == YES.key
    assert built.file(YES.prompt, "opus") is None
    assert (built.has_all([YES, NO]), built.has_all([YES, HELLO])) == (True, False)


def test_nothing_built_is_all_missing(tmp_path: Path) -> None:
    assert check(tmp_path / "nowhere", [YES]).missing == ("bg: да",)


def test_a_new_text_is_missing_and_an_old_one_stale_until_built_again(tmp_path: Path) -> None:
    build(tmp_path, [YES], FakeVoice())
    findings = check(tmp_path, [NO])
    assert (findings.missing, findings.stale, findings.damaged) == (("bg: не",), ("bg: да",), ())
    build(tmp_path, [NO], FakeVoice())
    assert check(tmp_path, [NO]).good
    assert not (tmp_path / YES.key).exists()


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_a_damaged_file_is_named_and_mended(tmp_path: Path, harm: str) -> None:
    build(tmp_path, [YES, NO], FakeVoice())
    path = tmp_path / YES.key
    path.write_bytes(b"") if harm == "cut" else path.unlink()
    assert check(tmp_path, [YES, NO]).damaged == (path.name,)
    assert build(tmp_path, [YES, NO], FakeVoice()) == 1
    assert check(tmp_path, [YES, NO]).good


def test_a_stray_file_is_stale(tmp_path: Path) -> None:
    build(tmp_path, [YES], FakeVoice())
    (tmp_path / "old.wav").write_bytes(b"old")
    assert check(tmp_path, [YES]).stale == ("old.wav",)


def test_a_build_that_dies_leaves_no_entry_without_its_sound(tmp_path: Path) -> None:
    build(tmp_path, [YES], FakeVoice())
    with pytest.raises(NoVoice):
        build(tmp_path, [YES, NO, HELLO], FakeVoice(lasts=1), workers=1)
    findings = check(tmp_path, [YES, NO, HELLO])
    assert findings.missing == ("bg: не", "en: hello")
    assert findings.damaged == ()
    assert build(tmp_path, [YES, NO, HELLO], FakeVoice()) == 2
    assert check(tmp_path, [YES, NO, HELLO]).good


@pytest.mark.parametrize("found", ["{", '{"0008b9be.wav": {"text": "of an older build"}}'])
def test_a_manifest_that_cannot_be_read_means_that_everything_is_built_again(
    tmp_path: Path, found: str
) -> None:
    build(tmp_path, [YES], FakeVoice())
    (tmp_path / MANIFEST).write_text(found)
    assert check(tmp_path, [YES]).missing == ("bg: да",)
    assert build(tmp_path, [YES], FakeVoice()) == 1


def test_the_manifest_says_what_each_file_says(tmp_path: Path) -> None:
    build(tmp_path, [YES], FakeVoice())
    entry = json.loads((tmp_path / MANIFEST).read_text())[YES.key]
    assert (entry["language"], entry["text"], entry["seconds"]) == ("bg", "да", 1.0)


def test_two_prompts_of_one_address_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Prompt, "address", "0" * 12)
    with pytest.raises(SameAddressError, match="да"):
        build(tmp_path, [YES, Clip(Prompt("bg", "може би"), "wav")], FakeVoice())


@pytest.mark.parametrize(("form", "codec", "rate"), [("wav", "pcm_mulaw", 8_000), ("opus", "opus", 48_000)])
def test_the_real_voice_speaks_for_the_telephone_and_for_the_kiosk(form: Form, codec: str, rate: int) -> None:
    made = sound.speaker()(Clip(Prompt("bg", "утре в девет и двадесет"), form))
    assert 0.8 < made.seconds < 5
    with av.open(io.BytesIO(made.content), "r") as file:
        stream = file.streams.audio[0]
        frames = list(file.decode(stream))
    assert (stream.codec_context.name.removeprefix("lib"), stream.rate) == (codec, rate)
    heard = sum(frame.samples for frame in frames) / rate
    assert abs(heard - made.seconds) < 0.1
    assert sound.is_heard(frames)


def test_the_voice_changes_with_the_language_and_back() -> None:
    speak = sound.speaker()
    lengths = [
        len(speak(Clip(Prompt(language, "1 2 3 4 5"), "wav")).content) for language in ("bg", "vi", "bg")
    ]
    assert abs(lengths[0] - lengths[2]) < 2_000 < abs(lengths[0] - lengths[1])


@pytest.mark.parametrize("language", sorted(VOICES))
def test_each_language_is_really_spoken(language: str) -> None:
    assert sound.speaker()(Clip(Prompt(language, "1 2 3"), "opus")).seconds > 0.3


@pytest.fixture(scope="module")
def everything() -> tuple[Clip, ...]:
    return command.every_clip()


@pytest.mark.parametrize("language", sorted(VOICES))
def test_no_text_makes_the_voice_change_its_language(everything: tuple[Clip, ...], language: str) -> None:
    texts = "\n".join({clip.prompt.text for clip in everything if clip.prompt.language == language})
    program = ["espeak-ng", "-q", "--ipa", "-v", VOICES[language][0], "--stdin"]
    sounds = subprocess.run(program, input=texts, text=True, capture_output=True, check=True).stdout
    # espeak-ng marks such a change as "(en)".
    assert [line for line in sounds.splitlines() if "(" in line] == []


def test_a_prompt_that_makes_no_sound_is_an_error() -> None:
    with pytest.raises(NoVoice):
        sound.speaker()(Clip(Prompt("bg", " "), "opus"))


def test_without_the_library_the_remedy_is_named() -> None:
    with pytest.raises(NoVoice, match="apt-get install espeak-ng"):
        Espeak("libespeak-ng-of-nobody.so")


def test_the_command_fails_with_what_is_wrong(tmp_path: Path) -> None:
    answer = CliRunner().invoke(command.check, ["--folder", str(tmp_path)])
    assert answer.exit_code == 1
    assert "missing (" in answer.output
    assert "telemed prompts build" in answer.output


def test_the_command_is_content_with_a_whole_build(tmp_path: Path) -> None:
    building.build(tmp_path, command.every_clip(), FakeVoice())
    answer = CliRunner().invoke(command.check, ["--folder", str(tmp_path)])
    assert (answer.exit_code, "all right" in answer.output) == (0, True)
    again = CliRunner().invoke(command.build, ["--folder", str(tmp_path)])
    assert (again.exit_code, "0 of them made now" in again.output) == (0, True)
