"""The book: everything scheduling stores, for the length of one transaction."""

from scheduling.alternatives_store import AlternativesStore
from scheduling.finding_store import FindingStore
from scheduling.ledger import Seen
from scheduling.line_store import LineStore
from scheduling.next_free_store import NextFreeStore
from scheduling.people_store import PeopleStore
from scheduling.queue_store import QueueStore
from scheduling.stranded_store import StrandedStore
from scheduling.wait_store import WaitStore
from scheduling.wish_store import WishStore


class Book(
    AlternativesStore,
    PeopleStore,
    QueueStore,
    WaitStore,
    WishStore,
    FindingStore,
    StrandedStore,
    LineStore,
    NextFreeStore,
):
    """Places, people, appointments, queue and waiting list; `events` holds what this transaction changed."""


__all__ = ["Book", "Seen"]
