"""How many SMS segments a text takes, by GSM 03.38 and UCS-2."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_SINGLE = {True: 160, False: 70}
_PART = {True: 153, False: 67}


def is_gsm7(text: str) -> bool:
    """Tell whether every character is in GSM-7; one that is not makes the whole message UCS-2."""
    return all(letter in _BASIC or letter in _EXTENDED for letter in text)


def segments(text: str) -> int:
    """Return the number of segments the network will send, and bill."""
    gsm = is_gsm7(text)
    sizes = [_size(letter, gsm) for letter in text]
    if sum(sizes) <= _SINGLE[gsm]:
        return 1
    parts, room = 1, _PART[gsm]
    for size in sizes:
        # An escape pair or a surrogate pair is never torn between two parts.
        if size > room:
            parts, room = parts + 1, _PART[gsm]
        room -= size
    return parts


def _size(letter: str, gsm: bool) -> int:
    if gsm:
        return 2 if letter in _EXTENDED else 1
    return 2 if ord(letter) > 0xFFFF else 1
