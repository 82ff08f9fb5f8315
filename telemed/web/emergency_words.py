"""How calls for help are put on the pages of doctors and clerks: why, in words, and where."""

from collections.abc import Callable, Iterable, Mapping

from scheduling.places import Kiosk, Site
from scheduling.store import Book
from telemed.texts import Texts
from telemed.visits.emergencies import ShownCall
from telemed.web.place_names import named_kiosks, place_names

WHY = {
    "pressed": "The Emergency button was pressed.",
    "danger": "Yes to the question about danger.",
}
"""Message ids of the context "emergency"."""

Where = Mapping[str, Callable[[Site], str] | Callable[[Kiosk], str]]


def where(texts: Texts, language: str, book: Book, shown: Iterable[ShownCall]) -> Where:
    """Give templates `place` and `kiosk_label` for these calls; read here, as a template reads nothing."""
    calls = list(shown)
    labels = {each.id: each.label for each in named_kiosks(language, book, (call.kiosk for call in calls))}
    return {
        "place": place_names(texts, language, book, (call.site for call in calls)),
        "kiosk_label": lambda kiosk: labels[kiosk.id],
    }
