"""What this installation's kiosks speak: the languages it wants, as far as their texts were checked."""

from collections.abc import Mapping
from pathlib import Path

from telemed import reviews
from telemed.countries import packs
from telemed.countries.pack import Country
from telemed.intake.steps.groups import groups
from telemed.reviews import Offer, Reviews
from telemed.settings import Settings, SettingsError
from telemed.texts import LOCALES, Texts

NOT_READY = "no language's texts were checked, so the kiosks only say that they are not ready"


def wanted(settings: Settings, country: Country, texts: Texts) -> tuple[str, ...]:
    """Return the languages that the operator wants at the kiosks, or else the country's."""
    asked = tuple(code.strip() for code in settings.languages.split(",") if code.strip())
    unknown = [code for code in asked if code not in texts.languages]
    if unknown:
        known = ", ".join(texts.languages)
        raise SettingsError(f"TELEMED_LANGUAGES has {', '.join(unknown)}; there are {known}.")
    return asked or country.languages


def checked(settings: Settings) -> Reviews:
    """Read the reviews that came with the texts, and the operator's own."""
    return reviews.read((LOCALES, *([Path(settings.reviews)] if settings.reviews else [])))


def offers(texts: Texts, checked: Reviews) -> Mapping[str, Offer]:
    """Say of each language whether it is reviewed, a draft, or changed since its review."""
    asked = groups()
    return {
        code: reviews.offered(code, checked, reviews.said(texts, code, asked)) for code in texts.languages
    }


def spoken(settings: Settings) -> tuple[str, ...]:
    """Return the languages of the kiosks without opening a database: for whoever starts or looks."""
    texts = Texts()
    asked = wanted(settings, packs.country(settings.country), texts)
    return reviews.spoken(asked, offers(texts, checked(settings)), demo=settings.demo)
