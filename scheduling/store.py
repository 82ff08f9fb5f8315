"""The book: everything scheduling stores, for the length of one transaction."""

from scheduling.stores.alternatives import AlternativesStore
from scheduling.stores.findings import FindingStore
from scheduling.stores.holds import HoldStore
from scheduling.stores.ledger import Seen
from scheduling.stores.lines import LineStore
from scheduling.stores.next_free import NextFreeStore
from scheduling.stores.offers import OfferStore
from scheduling.stores.people import PeopleStore
from scheduling.stores.queue import QueueStore
from scheduling.stores.stranded import StrandedStore
from scheduling.stores.waits import WaitStore


class Book(
    AlternativesStore,
    OfferStore,
    PeopleStore,
    QueueStore,
    WaitStore,
    HoldStore,
    FindingStore,
    StrandedStore,
    LineStore,
    NextFreeStore,
):
    """Places, people, appointments, queue and waiting list; `events` holds what this transaction changed."""


__all__ = ["Book", "Seen"]
