"""The words around a measured number, as data per language: between, behind the point, and its unit."""

from collections.abc import Mapping
from typing import NamedTuple

# Words by CLDR's plural category of the number that stands before them; "" says nothing.
Counted = Mapping[str, str]


class Words(NamedTuple):
    """How one language says what was measured.

    ``tenths`` are the pieces behind the point, 1–9. ``easy`` are shorter ones, as temperatures are said:
    never behind a round ten, where "четиридесет и пет" would be heard as forty-five.
    """

    upper: str
    lower: str
    tenths: tuple[str, ...]
    units: Mapping[str, Counted]
    easy: tuple[str, ...] = ()
    before: Mapping[str, str] = {}


def _always(words: str) -> Counted:
    return {"other": words}


def _two(one: str, other: str) -> Counted:
    return {"one": one, "other": other}


def _slavic(one: str, few: str, many: str, part: str) -> Counted:
    return {"one": one, "few": few, "many": many, "other": part}


def _each(pattern: str, *words: str) -> tuple[str, ...]:
    return tuple(pattern.format(word) for word in words)


_BG = ("едно", "две", "три", "четири", "пет", "шест", "седем", "осем", "девет")
_EN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TR = ("bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz")
_UK = ("п'ять", "шість", "сім", "вісім", "дев'ять")
_RU = ("пять", "шесть", "семь", "восемь", "девять")
_UZ = ("bir", "ikki", "uch", "to'rt", "besh", "olti", "yetti", "sakkiz", "to'qqiz")
_VI = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")

WORDS: Mapping[str, Words] = {
    "bg": Words(
        "",
        "на",
        _each("цяло и {}", *_BG),
        {
            "temperature": {"one": "градус", "other": "градуса", "part": ""},
            "oxygen": _two("процент", "процента"),
            "pulse": _two("удар в минута", "удара в минута"),
            "breathing": _two("път в минута", "пъти в минута"),
            "weight": _two("килограм", "килограма"),
            "height": _two("сантиметър", "сантиметра"),
            "glucose": _two("милимол на литър", "милимола на литър"),
            "pain": _always("от десет"),
        },
        easy=_each("и {}", *_BG),
    ),
    "en": Words(
        "",
        "over",
        _each("point {}", *_EN),
        {
            "temperature": {"one": "degree", "other": "degrees", "part": ""},
            "oxygen": _always("percent"),
            "pulse": _two("beat a minute", "beats a minute"),
            "breathing": _two("breath a minute", "breaths a minute"),
            "weight": _two("kilogram", "kilograms"),
            "height": _two("centimetre", "centimetres"),
            "glucose": _two("millimole per litre", "millimoles per litre"),
            "pain": _always("out of ten"),
        },
    ),
    "tr": Words(
        "büyük",
        "küçük",
        _each("virgül {}", *_TR),
        {
            "temperature": _always("derece"),
            "pulse": _always("atış"),
            "breathing": _always("nefes"),
            "weight": _always("kilogram"),
            "height": _always("santimetre"),
            "glucose": _always("milimol"),
        },
        before={
            "oxygen": "yüzde",
            "pulse": "dakikada",
            "breathing": "dakikada",
            "glucose": "litrede",
            "pain": "on üzerinden",
        },
    ),
    "uk": Words(
        "",
        "на",
        ("і одна десята", *_each("і {} десятих", "дві", "три", "чотири", *_UK)),
        {
            "temperature": {**_slavic("градус", "градуси", "градусів", ""), "part": ""},
            "oxygen": _slavic("відсоток", "відсотки", "відсотків", "відсотка"),
            "pulse": _slavic("удар на хвилину", "удари на хвилину", "ударів на хвилину", "удару на хвилину"),
            "breathing": _slavic("раз на хвилину", "рази на хвилину", "разів на хвилину", "разу на хвилину"),
            "weight": _slavic("кілограм", "кілограми", "кілограмів", "кілограма"),
            "height": _slavic("сантиметр", "сантиметри", "сантиметрів", "сантиметра"),
            "glucose": _slavic(
                *("мілімоль на літр", "мілімолі на літр", "мілімолів на літр", "мілімоля на літр")
            ),
            "pain": _always("із десяти"),
        },
        easy=_each("і {}", "один", "два", "три", "чотири", *_UK),
    ),
    "ru": Words(
        "",
        "на",
        ("и одна десятая", *_each("и {} десятых", "две", "три", "четыре", *_RU)),
        {
            "temperature": {**_slavic("градус", "градуса", "градусов", ""), "part": ""},
            "oxygen": _slavic("процент", "процента", "процентов", "процента"),
            "pulse": _slavic("удар в минуту", "удара в минуту", "ударов в минуту", "удара в минуту"),
            "breathing": _slavic("раз в минуту", "раза в минуту", "раз в минуту", "раза в минуту"),
            "weight": _slavic("килограмм", "килограмма", "килограммов", "килограмма"),
            "height": _slavic("сантиметр", "сантиметра", "сантиметров", "сантиметра"),
            "glucose": _slavic(
                *("миллимоль на литр", "миллимоля на литр", "миллимолей на литр", "миллимоля на литр")
            ),
            "pain": _always("из десяти"),
        },
        easy=_each("и {}", "один", "два", "три", "четыре", *_RU),
    ),
    "uz": Words(
        "yuqorisi",
        "pastkisi",
        _each("butun o'ndan {}", *_UZ),
        {
            "temperature": _always("daraja"),
            "oxygen": _always("foiz"),
            "pulse": _always("marta"),
            "breathing": _always("marta"),
            "weight": _always("kilogramm"),
            "height": _always("santimetr"),
            "glucose": _always("millimol"),
            "pain": _always("ball"),
        },
        before={
            "pulse": "daqiqasiga",
            "breathing": "daqiqasiga",
            "glucose": "litriga",
            "pain": "o'n balldan",
        },
    ),
    "vi": Words(
        "",
        "trên",
        _each("phẩy {}", *_VI),
        {
            "temperature": _always("độ"),
            "oxygen": _always("phần trăm"),
            "pulse": _always("nhịp một phút"),
            "breathing": _always("lần một phút"),
            "weight": _always("ki lô gam"),
            "height": _always("xen ti mét"),
            "glucose": _always("mi li mon trên lít"),
            "pain": _always("trên mười"),
        },
    ),
}
