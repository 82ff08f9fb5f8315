"""What was measured is said as people say it in every language of the kiosk, never read off its signs."""

from decimal import Decimal

import pytest

from telemed.intake.vitals import VITALS
from telemed.prompts.numerals import NotSpoken
from telemed.prompts.prompt import VOICES
from telemed.prompts.values import every_piece, say_value, table
from telemed.texts import languages

GOLDEN = {
    "bg": {
        ("pressure", "120/80"): "сто и двадесет на осемдесет",
        ("pressure", "185/105"): "сто осемдесет и пет на сто и пет",
        ("oxygen", "97"): "деветдесет и седем процента",
        ("temperature", "36.6"): "тридесет и шест и шест",
        ("temperature", "40.5"): "четиридесет цяло и пет",
        ("temperature", "37.0"): "тридесет и седем градуса",
        ("pulse", "101"): "сто и един удара в минута",
        ("breathing", "16"): "шестнадесет пъти в минута",
        ("weight", "70.5"): "седемдесет цяло и пет килограма",
        ("height", "162"): "сто шестдесет и два сантиметра",
        ("glucose", "5.6"): "пет цяло и шест милимола на литър",
        ("pain", "7"): "седем от десет",
    },
    "en": {
        ("pressure", "120/80"): "one hundred and twenty over eighty",
        ("oxygen", "97"): "ninety-seven percent",
        ("temperature", "36.6"): "thirty-six point six",
        ("weight", "1"): "one kilogram",
        ("weight", "70,5"): "seventy point five kilograms",
        ("pain", "0"): "zero out of ten",
    },
    "tr": {
        ("pressure", "120/80"): "büyük yüz yirmi küçük seksen",
        ("oxygen", "97"): "yüzde doksan yedi",
        ("temperature", "36.6"): "otuz altı virgül altı derece",
        ("pulse", "72"): "dakikada yetmiş iki atış",
        ("pain", "7"): "on üzerinden yedi",
    },
    "uk": {
        ("pressure", "120/80"): "сто двадцять на вісімдесят",
        ("oxygen", "91"): "дев'яносто один відсоток",
        ("oxygen", "92"): "дев'яносто два відсотки",
        ("oxygen", "97"): "дев'яносто сім відсотків",
        ("temperature", "36.6"): "тридцять шість і шість",
        ("temperature", "40.5"): "сорок і п'ять десятих",
        ("weight", "70.1"): "сімдесят і одна десята кілограма",
        ("pulse", "62"): "шістдесят два удари на хвилину",
    },
    "ru": {
        ("pressure", "120/80"): "сто двадцать на восемьдесят",
        ("oxygen", "91"): "девяносто один процент",
        ("oxygen", "92"): "девяносто два процента",
        ("oxygen", "97"): "девяносто семь процентов",
        ("temperature", "36.6"): "тридцать шесть и шесть",
        ("temperature", "40.5"): "сорок и пять десятых",
        ("weight", "70.2"): "семьдесят и две десятых килограмма",
        ("pulse", "61"): "шестьдесят один удар в минуту",
        ("breathing", "12"): "двенадцать раз в минуту",
        ("breathing", "22"): "двадцать два раза в минуту",
    },
    "uz": {
        ("pressure", "120/80"): "yuqorisi bir yuz yigirma pastkisi sakson",
        ("oxygen", "97"): "to'qson yetti foiz",
        ("temperature", "36.6"): "o'ttiz olti butun o'ndan olti daraja",
        ("pulse", "72"): "daqiqasiga yetmish ikki marta",
    },
    "vi": {
        ("pressure", "120/80"): "một trăm hai mươi trên tám mươi",
        ("pressure", "105/64"): "một trăm linh năm trên sáu mươi tư",
        ("oxygen", "95"): "chín mươi lăm phần trăm",
        ("temperature", "36.6"): "ba mươi sáu phẩy sáu độ",
        ("pulse", "71"): "bảy mươi mốt nhịp một phút",
    },
}
GOLDEN["uz-Cyrl"] = GOLDEN["uz"]
CASES = [(language, *asked, said) for language, each in GOLDEN.items() for asked, said in each.items()]


@pytest.mark.parametrize(("language", "code", "value", "said"), CASES)
def test_values_are_said_as_people_say_them(language: str, code: str, value: str, said: str) -> None:
    assert " ".join(say_value(language, code, value)) == said


def test_every_language_of_the_kiosk_has_golden_values() -> None:
    assert set(GOLDEN) == set(languages())


@pytest.mark.parametrize("language", sorted(VOICES))
def test_what_can_be_measured_can_be_said_from_the_built_pieces(language: str) -> None:
    built = every_piece(language)
    for vital in VITALS.values():
        step = Decimal(1).scaleb(-vital.decimals)
        number = vital.low
        while number <= vital.high:
            said = say_value(language, vital.code, number)
            assert said, (vital.code, number)
            assert built.issuperset(said)
            number += step
    assert not any(letter.isdigit() or letter in "/%°" for piece in built for letter in piece)


@pytest.mark.parametrize("language", sorted(VOICES))
def test_two_temperatures_never_sound_alike(language: str) -> None:
    said = [" ".join(say_value(language, "temperature", Decimal(tenths) / 10)) for tenths in range(280, 441)]
    plain = [" ".join(say_value(language, "pulse", str(number))) for number in range(20, 100)]
    assert len(set(said)) == len(said)
    assert len(set(plain)) == len(plain)


@pytest.mark.parametrize("language", ["bg", "ru", "uk"])
def test_a_half_behind_a_round_ten_is_not_heard_as_five_more(language: str) -> None:
    for whole in (30, 40, 100):
        half = " ".join(say_value(language, "temperature", f"{whole}.5"))
        five_more = " ".join(say_value(language, "oxygen", f"{whole + 5}")).split()
        assert not set(five_more[:-1]) >= set(half.split())


@pytest.mark.parametrize(
    "value", ["", "NaN", "-3", "1e2", "36.65", "401", "1000", "12O", "٣٦", "120/", "/80"]
)
def test_what_is_no_reading_is_not_said(value: str) -> None:
    with pytest.raises(NotSpoken):
        say_value("bg", "pressure" if "/" in value else "weight", value)


def test_the_table_for_browsers_holds_the_same_words() -> None:
    told = table("uk")
    assert told["whole"][105] == ("сто", "п'ять")
    assert told["before"]["systolic"] == ""
    assert table("uz-Cyrl") == table("uz")
    assert table("tr")["before"]["diastolic"] == "küçük"
