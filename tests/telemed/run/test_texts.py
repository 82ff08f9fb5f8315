"""An operator has texts checked: a sheet to read, a name under it, and a language that kiosks then speak."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from telemed import offering, reviews
from telemed.intake.steps.groups import groups
from telemed.reviews import GROUPS, Review
from telemed.run.texts import texts
from telemed.run.upkeep import config
from telemed.settings import Settings, SettingsError
from telemed.texts import Texts


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(secret_key="x" * 32, data_dir=tmp_path, reviews=str(tmp_path / "reviews"))


def told(settings: Settings, *words: str, says: str = "") -> Result:
    return CliRunner().invoke(texts, words, obj=settings, input=says)


def sign_everything(settings: Settings, language: str) -> None:
    for group in GROUPS:
        asked = ("review", "--language", language, "--group", group, "--by", "Д-р Илиева")
        assert told(settings, *asked, says="y\n").exit_code == 0


def test_a_sheet_shows_every_text_of_a_group_beside_the_english(settings: Settings) -> None:
    sheet = told(settings, "show", "--language", "bg", "--group", "emergency").output
    assert "en  Hard to breathe  (emergency)" in sheet
    assert "bg  Трудно дишане" in sheet
    assert sheet.count(" en  ") == len(groups()["emergency"])


def test_a_kiosk_speaks_a_language_once_every_group_of_it_is_signed(settings: Settings) -> None:
    assert offering.spoken(settings) == ()
    sign_everything(settings, "bg")
    assert offering.spoken(settings) == ("bg",)
    assert "checked by Д-р Илиева on" in told(settings, "status").output
    assert "The kiosks speak bg." in told(settings, "status").output


def test_whoever_does_not_agree_signs_nothing(settings: Settings) -> None:
    asked = ("review", "--language", "bg", "--group", "notice", "--by", "Д-р Илиева")
    refused = told(settings, *asked, says="n\n")
    assert refused.exit_code == 1
    assert not Path(settings.reviews).exists()


def test_nobody_signs_without_a_name_or_without_a_folder_of_their_own(settings: Settings) -> None:
    nameless = told(settings, "review", "--language", "bg", "--group", "notice", "--by", "  ", says="y\n")
    nowhere = told(
        replace(settings, reviews=""), "review", "--language", "bg", "--group", "notice", "--by", "A"
    )
    assert (nameless.exit_code, nowhere.exit_code) == (1, 1)
    assert "name" in nameless.output
    assert "TELEMED_REVIEWS" in nowhere.output


def test_where_a_text_is_not_translated_the_group_cannot_be_signed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Texts, "found", lambda *_: None)
    refused = told(settings, "review", "--language", "vi", "--group", "notice", "--by", "A", says="y\n")
    assert refused.exit_code == 1
    assert "not translated yet" in refused.output
    assert "— not translated —" in refused.output


def test_the_status_says_what_was_changed_since_it_was_checked(settings: Settings) -> None:
    sign_everything(settings, "bg")
    path = Path(settings.reviews) / "bg" / reviews.FILE
    signed = reviews.read([Path(settings.reviews)])["bg"]["notice"]
    reviews.sign(path, "notice", Review(signed.by, signed.on, "0" * 64))
    status = told(settings, "status").output
    assert "Български: stale" in status
    assert "changed since Д-р Илиева checked it" in status
    assert "Kiosks: no language's texts were checked" in status


def test_the_configuration_says_in_one_line_what_the_kiosks_speak(settings: Settings) -> None:
    before = CliRunner().invoke(config, obj=settings).output.splitlines()[-1]
    sign_everything(settings, "en")
    after = CliRunner().invoke(config, obj=settings).output.splitlines()[-1]
    assert before == f"Kiosks: {offering.NOT_READY}."
    assert after == "The kiosks speak en."


def test_a_language_that_does_not_exist_is_a_setting_to_put_right(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"TELEMED_LANGUAGES has xx; there are .*bg"):
        offering.spoken(replace(settings, languages="bg,xx"))
