"""The book: everything scheduling stores, for the length of one transaction."""

from scheduling.booking_store import BookingStore
from scheduling.ledger import Seen
from scheduling.people_store import PeopleStore
from scheduling.queue_store import QueueStore


class Book(BookingStore, PeopleStore, QueueStore):
    """Places, people, appointments and the queue; `events` holds what this transaction changed."""


__all__ = ["Book", "Seen"]
