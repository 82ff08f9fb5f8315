"""Whole numbers in words as people say them, as data per language: "сто и двадесет", "hai mươi lăm"."""

from collections.abc import Mapping
from typing import NamedTuple


class Numerals(NamedTuple):
    """The words of one language; `after_tens` are digits that change behind a ten (Vietnamese)."""

    small: tuple[str, ...]
    tens: tuple[str, ...]
    hundreds: tuple[str, ...] = ()
    joint: str = " "
    # Between a hundred and what follows: one digit, one word, two words.
    after_hundred: tuple[str, str, str] = (" ", " ", " ")
    after_tens: Mapping[int, str] = {}


NUMERALS = {
    "bg": Numerals(
        small=(
            *("нула", "един", "два", "три", "четири", "пет", "шест", "седем", "осем", "девет"),
            *("десет", "единадесет", "дванадесет", "тринадесет", "четиринадесет", "петнадесет"),
            *("шестнадесет", "седемнадесет", "осемнадесет", "деветнадесет"),
        ),
        tens=(
            *("двадесет", "тридесет", "четиридесет", "петдесет"),
            *("шестдесет", "седемдесет", "осемдесет", "деветдесет"),
        ),
        hundreds=(
            *("сто", "двеста", "триста", "четиристотин", "петстотин"),
            *("шестстотин", "седемстотин", "осемстотин", "деветстотин"),
        ),
        joint=" и ",
        after_hundred=(" и ", " и ", " "),
    ),
    "en": Numerals(
        small=(
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
            *("sixteen", "seventeen", "eighteen", "nineteen"),
        ),
        tens=("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
        hundreds=(
            *("one hundred", "two hundred", "three hundred", "four hundred", "five hundred"),
            *("six hundred", "seven hundred", "eight hundred", "nine hundred"),
        ),
        joint="-",
        after_hundred=(" and ", " and ", " and "),
    ),
    "tr": Numerals(
        small=(
            *("sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"),
            *("on", "on bir", "on iki", "on üç", "on dört", "on beş"),
            *("on altı", "on yedi", "on sekiz", "on dokuz"),
        ),
        tens=("yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan"),
        hundreds=("yüz", "iki yüz", "üç yüz", "dört yüz"),
    ),
    "uk": Numerals(
        small=(
            *("нуль", "один", "два", "три", "чотири", "п'ять", "шість", "сім", "вісім", "дев'ять"),
            *("десять", "одинадцять", "дванадцять", "тринадцять", "чотирнадцять", "п'ятнадцять"),
            *("шістнадцять", "сімнадцять", "вісімнадцять", "дев'ятнадцять"),
        ),
        tens=(
            *("двадцять", "тридцять", "сорок", "п'ятдесят"),
            *("шістдесят", "сімдесят", "вісімдесят", "дев'яносто"),
        ),
        hundreds=("сто", "двісті", "триста", "чотириста"),
    ),
    "ru": Numerals(
        small=(
            *("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
            *("десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать"),
            *("шестнадцать", "семнадцать", "восемнадцать", "девятнадцать"),
        ),
        tens=(
            *("двадцать", "тридцать", "сорок", "пятьдесят"),
            *("шестьдесят", "семьдесят", "восемьдесят", "девяносто"),
        ),
        hundreds=("сто", "двести", "триста", "четыреста"),
    ),
    "uz": Numerals(
        small=(
            *("nol", "bir", "ikki", "uch", "to'rt", "besh", "olti", "yetti", "sakkiz", "to'qqiz"),
            *("o'n", "o'n bir", "o'n ikki", "o'n uch", "o'n to'rt", "o'n besh"),
            *("o'n olti", "o'n yetti", "o'n sakkiz", "o'n to'qqiz"),
        ),
        tens=("yigirma", "o'ttiz", "qirq", "ellik", "oltmish", "yetmish", "sakson", "to'qson"),
        hundreds=("bir yuz", "ikki yuz", "uch yuz", "to'rt yuz"),
    ),
    "vi": Numerals(
        small=(
            *("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"),
            *("mười", "mười một", "mười hai", "mười ba", "mười bốn", "mười lăm"),
            *("mười sáu", "mười bảy", "mười tám", "mười chín"),
        ),
        tens=(
            *("hai mươi", "ba mươi", "bốn mươi", "năm mươi"),
            *("sáu mươi", "bảy mươi", "tám mươi", "chín mươi"),
        ),
        hundreds=("một trăm", "hai trăm", "ba trăm", "bốn trăm"),
        after_hundred=(" linh ", " ", " "),
        after_tens={1: "mốt", 4: "tư", 5: "lăm"},
    ),
}


class NotSpoken(ValueError):
    """This cannot be said in this language; nobody may guess it."""


def whole(language: str, number: int) -> str:
    """Say a whole number: to 499 in every language, to 999 where more hundreds are known."""
    return " ".join(pieces(language, number))


def pieces(language: str, number: int) -> tuple[str, ...]:
    """Say a whole number in at most two pieces, of which a hundred make every number: "сто и", "двадесет"."""
    words = NUMERALS[language]
    if not 0 <= number < (100 * (len(words.hundreds) + 1)):
        raise NotSpoken(f"{number} in {language}")
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return (_to_99(words, rest),)
    said = words.hundreds[hundreds - 1]
    if not rest:
        return (said,)
    one_word = rest < 20 or rest % 10 == 0
    joint = words.after_hundred[0 if rest < 10 else 1 if one_word else 2]
    return (said + joint.rstrip(), _to_99(words, rest))


def _to_99(words: Numerals, number: int) -> str:
    if number < 20:
        return words.small[number]
    ten, unit = divmod(number, 10)
    said = words.tens[ten - 2]
    return said + words.joint + words.after_tens.get(unit, words.small[unit]) if unit else said
