"""Why a visit is offered without picture, in words for the patient; all are message ids."""

from collections.abc import Iterable
from typing import NamedTuple

from scheduling.lines import Offer
from telemed.texts import Texts

# How a button says its channel, after the time; video is what people expect and needs no word.
SAID = {"audio": "by voice", "written": "in writing"}
# How a visit is held, on the slip.
HELD = {"video": "by video", **SAID}
BECAUSE = {
    "audio": "At times with this sign the line here is too thin for video: "
    "you and the doctor hear each other, without picture.",
    "written": "At times with this sign the line here is too weak for a call: "
    "the doctor reads your answers and writes back.",
}
UNMEASURED = "We have not measured this line yet. If the picture does not come, you go on by voice."
PARTLY = (
    "For some of these times we have not measured the line yet. "
    "If the picture does not come, you go on by voice."
)
ALL = (*HELD.values(), *BECAUSE.values(), UNMEASURED, PARTLY)


class Remark(NamedTuple):
    """One sentence about the line, beside the sign it explains, if any."""

    channel: str
    words: str


def remarks(offers: Iterable[Offer], texts: Texts, language: str) -> list[Remark]:
    """What must be said about the line at these times; nothing when it carries video at all of them."""
    found = list(offers)
    because = [
        Remark(channel, texts.translate(language, words))
        for channel, words in BECAUSE.items()
        if any(offer.channel == channel and offer.why != "carried" for offer in found)
    ]
    unmeasured = [offer.why == "unmeasured" for offer in found]
    if any(unmeasured):
        words = UNMEASURED if all(unmeasured) else PARTLY
        because.append(Remark("", texts.translate(language, words)))
    return because
