"""The form in which the words of a language are written down.

Phrases stand apart by semicolons. In a phrase `*` ends a word in any way, `~` stands for up to three words,
`#` for a number, `@` for a digit of the menu; `=` before a word: it counts only with its diacritics.
Cyrillic is found in Latin letters as well.
"""

from typing import NamedTuple


class Lexicon(NamedTuple):
    """The phrases of one language, by what they tell; where several fit, the longest counts."""

    # Each of these decides.
    wrong_number: str = ""
    stop: str = ""
    help: str = ""
    move: str = ""
    # These tell of doubt: maybe, a condition, a question, another time.
    maybe: str = ""
    but: str = ""
    ask: str = ""
    when: str = ""
    # A whole statement, whatever stands beside it: "I will come", "no problem", "I cannot come".
    comes: str = ""
    stays_away: str = ""
    calls_off: str = ""
    # A single word, which counts only where nothing else is said: "yes", "no".
    yes: str = ""
    no: str = ""
    # Before "I come" or "cancel" these turn it round: nobody may act on that.
    negates: str = ""
    # What changes nothing: please, thanks, tomorrow.
    fill: str = ""


# Understood in every language: the menu of the message, signs, and the words that the provider itself obeys.
EVERYWHERE = Lexicon(
    stop="stop; stopall; stop all; unsubscribe; quit; end; optout; opt out; revoke",
    help="help; info; sos",
    yes="1; 👍; 👌; ✅; ✔; 🆗; +; ok; okay; okey; oke; okei; yes",
    no="2; 👎; ❌; 🚫; no",
    fill="sms; telemed; dr",
)
