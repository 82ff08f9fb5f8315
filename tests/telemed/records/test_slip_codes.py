from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.records.slip_codes import (
    ALPHABET,
    LENGTH,
    birth_proof,
    check_letter,
    code_hash,
    derived_code,
    is_well_formed,
    normalise,
    shown,
)

bodies = st.text(alphabet=ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)


@given(bodies)
def test_every_single_wrong_character_is_caught(body: str) -> None:
    code = body + check_letter(body)
    for place in range(LENGTH):
        for letter in ALPHABET.replace(code[place], ""):
            assert not is_well_formed(code[:place] + letter + code[place + 1 :])


@given(bodies)
def test_every_swap_of_two_characters_is_caught(body: str) -> None:
    code = body + check_letter(body)
    for first in range(LENGTH - 1):
        for second in range(first + 1, LENGTH):
            letters = list(code)
            letters[first], letters[second] = letters[second], letters[first]
            swapped = "".join(letters)
            assert swapped == code or not is_well_formed(swapped)


@given(bodies)
def test_a_code_fits_its_own_check_letter(body: str) -> None:
    assert is_well_formed(body + check_letter(body))


@given(st.uuids(), st.integers(0, 9))
def test_a_code_is_well_formed_and_the_same_for_the_same_purpose(purpose: UUID, attempt: int) -> None:
    code = derived_code(b"key", purpose, attempt)
    assert len(code) == 8
    assert is_well_formed(code)
    assert derived_code(b"key", purpose, attempt) == code
    assert derived_code(b"other", purpose, attempt) != code


def test_the_alphabet_has_nothing_that_is_taken_for_another() -> None:
    assert not set(ALPHABET) & set("01OILQ8BSZUVD")
    assert len(set(ALPHABET)) == len(ALPHABET) == 17


@pytest.mark.parametrize(
    "typed",
    ["ACEH KMPT", "aceh kmpt", " ACEH-KMPT ", "асен кмрт", "АСЕН КМРТ", "ACEH\u00a0KMPT", "АСEH–KMРТ"],
)
def test_case_script_spaces_and_dashes_do_not_matter(typed: str) -> None:
    assert normalise(typed) == "ACEHKMPT"


@given(bodies)
def test_what_is_printed_is_read_back(body: str) -> None:
    code = body + check_letter(body)
    assert normalise(shown(code)) == code


@given(st.text(max_size=20))
def test_anything_may_be_typed(typed: str) -> None:
    assert is_well_formed(normalise(typed)) in (True, False)


def test_what_is_stored_depends_on_key_code_and_birth_date() -> None:
    born = date(1948, 3, 3)
    hashes = {
        code_hash(b"one", "ACEHKMPT"),
        code_hash(b"two", "ACEHKMPT"),
        code_hash(b"one", "ACEHKMPX"),
        birth_proof(b"one", "ACEHKMPT", born),
        birth_proof(b"one", "ACEHKMPT", date(1948, 3, 4)),
        birth_proof(b"one", "ACEHKMPX", born),
    }
    assert len(hashes) == 6
