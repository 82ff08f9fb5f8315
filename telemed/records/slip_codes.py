"""The code on the slip: eight characters that read the same in Latin and Cyrillic, the last one a check."""

import hashlib
import hmac
from datetime import date
from uuid import UUID

# No 0 O 1 I L 8 B S Z U V: nothing here is taken for another, and each stands on Latin and Cyrillic keys.
# Seventeen is a prime, which is what lets the check letter catch every wrong character and every swap.
ALPHABET = "2345679ACEHKMPTXY"
LENGTH = 8
_SIZE = len(ALPHABET)
_LOOK_ALIKES = str.maketrans("АСЕНКМРТХУІЗЧБ", "ACEHKMPTXYI346")


def check_letter(body: str) -> str:
    """The last character for the first seven."""
    total = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(body, start=1))
    # The whole code has to sum to zero with the check letter weighing LENGTH.
    return ALPHABET[-total * pow(LENGTH, -1, _SIZE) % _SIZE]


def derived_code(key: bytes, given_for: UUID, attempt: int) -> str:
    """The code for one purpose: nobody can guess it, and a repeated request gets it again unstored."""
    number = int.from_bytes(hmac.digest(key, f"draw\n{given_for}\n{attempt}".encode(), "sha256"))
    body = ""
    for _ in range(LENGTH - 1):
        number, place = divmod(number, _SIZE)
        body += ALPHABET[place]
    return body + check_letter(body)


def normalise(typed: str) -> str:
    """What the person meant: any case, Cyrillic look-alikes, spaces and dashes."""
    return "".join(typed.upper().split()).replace("-", "").replace("–", "").translate(_LOOK_ALIKES)


def is_well_formed(code: str) -> bool:
    """Whether this can be a code at all: right letters and a fitting check letter."""
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
        return False
    return check_letter(code[:-1]) == code[-1]


def shown(code: str) -> str:
    """As printed on the slip, in two groups of four."""
    return f"{code[:4]} {code[4:]}"


def code_hash(key: bytes, code: str) -> str:
    """What is stored instead of the code."""
    return hmac.new(key, f"code\n{code}".encode(), hashlib.sha256).hexdigest()


def birth_proof(key: bytes, code: str, birth_date: date) -> str:
    """What is stored to recognise the birth date that belongs to the code, without reading the record."""
    return hmac.new(key, f"birth\n{code}\n{birth_date.isoformat()}".encode(), hashlib.sha256).hexdigest()
