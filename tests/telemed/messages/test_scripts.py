"""Each language in its own letters, or in Latin ones by the law of its country."""

import pytest

from telemed.messages.scripts import in_latin, written


@pytest.mark.parametrize(
    ("language", "own", "latin"),
    [
        ("bg", "Чакаме ви, поща Щъркелово!", "Chakame vi, poshta Shtarkelovo!"),
        ("bg", "София, 2=отказ", "Sofia, 2=otkaz"),
        ("uk", "Згорани, Їжакевич, п’ять, Ялта", "Zghorany, Yizhakevych, piat, Yalta"),
        ("ru", "Подъезд, ёж, мышь, Юлия", "Podieezd, ezh, mysh, Iuliia"),
        ("tr", "Şimdi değişiklik yok, İğne, çöp", "Simdi degisiklik yok, Igne, cöp"),
        ("vi", "Đã đóng cửa, trả lời", "Da dong cua, tra loi"),
        ("uz", "bo'sh vaqt", "bo'sh vaqt"),
        ("en", "free", "free"),
    ],
)
def test_latin_letters_are_a_rule_of_the_language(language: str, own: str, latin: str) -> None:
    assert written(own, language, "native") == own
    assert written(own, language, "latin") == latin


@pytest.mark.parametrize(
    ("language", "letters"),
    [
        ("bg", "абвгдежзийклмнопрстуфхцчшщъьюя"),
        ("uk", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'"),
        ("ru", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    ],
)
def test_no_letter_of_an_alphabet_is_left(language: str, letters: str) -> None:
    assert in_latin(letters + " " + letters.upper(), language).isascii()
