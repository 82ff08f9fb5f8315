"""A language is offered when every group of its texts was checked, and nothing was changed since."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from telemed import reviews
from telemed.reviews import GROUPS, Group, Review, ReviewFault, Reviews, Said
from telemed.texts import LOCALES, Texts

DAY = date(2026, 11, 22)
TEXTS: dict[Group, tuple[Said, ...]] = {
    "emergency": (Said("emergency", "Hard to breathe", "Трудно дишане"),),
    "notice": (Said("notice", "You may stop at any moment.", "Можете да спрете по всяко време."),),
    "clinical": (Said(None, "Pulse", "Пулс"), Said(None, "Weight", "Тегло")),
}


def signed(*groups: Group) -> Reviews:
    return {"bg": {group: Review("Dr Reader", DAY, reviews.digest(TEXTS[group])) for group in groups}}


def test_a_language_is_a_draft_until_the_last_group_is_checked() -> None:
    assert reviews.offered("bg", {}, TEXTS) == "draft"
    assert reviews.offered("bg", signed("emergency", "clinical"), TEXTS) == "draft"
    assert reviews.offered("bg", signed(*GROUPS), TEXTS) == "reviewed"


def test_a_review_counts_for_its_own_language_only() -> None:
    assert reviews.offered("uk", signed(*GROUPS), TEXTS) == "draft"


@dataclass(frozen=True)
class Change:
    what: str
    texts: tuple[Said, ...]


CHANGES = (
    Change("another word", (Said(None, "Pulse", "Пулсът"), Said(None, "Weight", "Тегло"))),
    Change("the English was changed", (Said(None, "Pulse now", "Пулс"), Said(None, "Weight", "Тегло"))),
    Change("one more question", (*TEXTS["clinical"], Said(None, "Height", "Ръст"))),
    Change("one text less", TEXTS["clinical"][:1]),
    Change("a translation was lost", (Said(None, "Pulse", None), Said(None, "Weight", "Тегло"))),
    Change("another context", (Said("heart", "Pulse", "Пулс"), Said(None, "Weight", "Тегло"))),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_a_changed_text_makes_the_review_stale(change: Change) -> None:
    assert reviews.offered("bg", signed(*GROUPS), {**TEXTS, "clinical": change.texts}) == "stale"


def test_the_order_of_the_texts_changes_nothing() -> None:
    turned = {**TEXTS, "clinical": TEXTS["clinical"][::-1]}
    assert reviews.offered("bg", signed(*GROUPS), turned) == "reviewed"


def test_a_real_kiosk_speaks_what_was_checked_in_the_order_that_is_wanted() -> None:
    offers: dict[str, reviews.Offer] = {"bg": "reviewed", "en": "stale", "tr": "reviewed", "vi": "draft"}
    assert reviews.spoken(("tr", "en", "bg", "vi"), offers, demo=False) == ("tr", "bg")
    assert reviews.spoken(("en",), offers, demo=False) == ()


def test_a_demonstration_speaks_every_language_the_wanted_ones_first() -> None:
    offers: dict[str, reviews.Offer] = {"bg": "draft", "en": "draft", "tr": "draft", "vi": "stale"}
    assert reviews.spoken(("tr", "bg"), offers, demo=True) == ("tr", "bg", "en", "vi")


def test_what_is_signed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "uz_Cyrl" / reviews.FILE
    for group in GROUPS:
        reviews.sign(path, group, Review('Д-р "Ридър" \\ Иванов', DAY, reviews.digest(TEXTS[group])))
    found = reviews.read([tmp_path])["uz-Cyrl"]
    assert set(found) == set(GROUPS)
    assert found["notice"] == Review('Д-р "Ридър" \\ Иванов', DAY, reviews.digest(TEXTS["notice"]))


def test_the_operators_own_review_comes_before_the_one_that_was_shipped(tmp_path: Path) -> None:
    for folder, by in (("shipped", "A"), ("own", "B")):
        reviews.sign(tmp_path / folder / "bg" / reviews.FILE, "notice", Review(by, DAY, "0"))
    reviews.sign(tmp_path / "shipped" / "bg" / reviews.FILE, "clinical", Review("A", DAY, "0"))
    found = reviews.read([tmp_path / "shipped", tmp_path / "own"])["bg"]
    assert {group: entry.by for group, entry in found.items()} == {"notice": "B", "clinical": "A"}


@pytest.mark.parametrize(
    "text",
    [
        "[clinical",
        "[medical]\nby = 'A'\non = 2026-11-22\ntexts = '0'",
        "[clinical]\nby = ''\non = 2026-11-22\ntexts = '0'",
        "[clinical]\nby = 'A'\non = 'yesterday'\ntexts = '0'",
        "[clinical]\nby = 'A'\non = 2026-11-22",
        "clinical = 'A'",
    ],
)
def test_a_review_that_cannot_be_read_is_a_fault_that_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bg" / reviews.FILE
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ReviewFault, match=str(path)):
        reviews.read([tmp_path])


def test_nothing_is_shipped_as_reviewed_that_nobody_reviewed() -> None:
    shipped = reviews.read([LOCALES])
    assert set(shipped) == set(Texts().languages)
    assert {language: dict(groups) for language, groups in shipped.items() if groups} == {}
