"""Every code that a doctor's page shows has a word, and the word stands in each language of the staff."""

from telemed.texts import SOURCE, STAFF_LANGUAGES, Texts, languages
from telemed.web import clinic_words


def test_whatever_language_a_patient_chose_at_the_kiosk_is_named() -> None:
    assert set(clinic_words.LANGUAGE) == set(languages())


def test_the_names_of_languages_are_translated() -> None:
    texts = Texts()
    for code in set(STAFF_LANGUAGES) - {SOURCE}:
        for name in set(clinic_words.LANGUAGE.values()):
            assert texts.found(code, name, context="language"), (code, name)
