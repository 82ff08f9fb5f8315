"""FHIR's Appointment: found and read by those it concerns, booked by POST, cancelled and moved by PUT."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from flask import Response, g, request

from scheduling.booking import Appointment
from scheduling.calendar import Slot
from scheduling.errors import SchedulingError, SlotTaken
from scheduling.ids import uuid7
from scheduling.stores.findings import Wanted
from telemed.fhir import appointments, search, times
from telemed.fhir.answers import Resource, taken
from telemed.fhir.appointments import read_appointment
from telemed.fhir.ids import ScheduleKey, code_of
from telemed.fhir.reading import Malformed, read_uuid
from telemed.fhir.search import Query
from telemed.fhir.table import served
from telemed.unit import Unit
from telemed.visits import exchange_booking
from telemed.visits.directory import Directory
from telemed.visits.exchange_booking import Desk, Full, Ticket
from telemed.web.fhir_directory import uuid_or_404
from telemed.web.fhir_exchange import Exchange, Views, expected_version
from telemed.web.fhir_outcomes import Declined, answer

KIND = "Appointment"
KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 255
# When somebody takes the kiosk that was chosen here, another one of the site may still be free.
TRIES = 5

Act = Callable[[Unit], Appointment]


def views(ex: Exchange, directory: Directory) -> Views:
    """Every view of Appointment, by type and what it does."""
    desk = Desk(directory, ex.services.country)
    find = _search(ex)
    return {
        (KIND, "read"): _read(ex),
        (KIND, "search"): find,
        (KIND, "find"): find,
        (KIND, "create"): _create(ex, desk),
        (KIND, "update"): _update(ex, desk),
    }


def _read(ex: Exchange) -> Callable[[str], Response]:
    def read(id: str) -> Response:
        wanted = uuid_or_404(id, KIND)
        with ex.services.unit(g.reader) as unit:
            found = exchange_booking.appointment(unit, wanted)
        return _shown(found)

    return read


def _create(ex: Exchange, desk: Desk) -> Callable[[], Response]:
    def create() -> Response:
        asked = read_appointment(ex.body(KIND), ex.base)
        ticket = _ticket()
        try:
            made = _try(ex, desk, lambda unit: exchange_booking.book(unit, desk, asked, ticket))
        except (SchedulingError, Malformed, Declined):
            # Rosters, lines and people change; what was answered under a key does not.
            earlier = _earlier(ex, ticket)
            if earlier is None:
                raise
            made = earlier
        response = _shown(made, 201)
        response.headers["Location"] = f"{ex.base}/{KIND}/{made.id}"
        return response

    return create


def _update(ex: Exchange, desk: Desk) -> Callable[[str], Response]:
    def update(id: str) -> Response:
        wanted, version = uuid_or_404(id, KIND), expected_version()
        element = ex.body(KIND)
        if element.required("id") != id:
            element.refuse("is not the id in the address", "value", "id")

        def act(unit: Unit) -> Appointment:
            current = exchange_booking.appointment(unit, wanted)
            asked = read_appointment(element, ex.base, current)
            return exchange_booking.change(unit, desk, current, version, asked)

        return _shown(_try(ex, desk, act))

    return update


def _try(ex: Exchange, desk: Desk, act: Act) -> Appointment:
    """Do it in one unit; a kiosk lost to somebody else is looked for again, each time from the beginning."""
    for left in reversed(range(TRIES)):
        try:
            with ex.services.unit(g.reader) as unit:
                return act(unit)
        except SlotTaken as refusal:
            if not left or not isinstance(refusal, Full):
                raise _conflict(ex, desk, refusal) from refusal
    raise AssertionError("the last try answers")


def _earlier(ex: Exchange, ticket: Ticket) -> Appointment | None:
    with ex.services.unit(g.reader) as unit:
        return exchange_booking.earlier(unit, ticket)


def _conflict(ex: Exchange, desk: Desk, refusal: SlotTaken) -> Declined:
    """Say that it is taken, and which times nearby are not."""
    with ex.services.view() as view:
        free = exchange_booking.alternatives(view.book, desk, refusal, g.reader.facility_id, view.now)
    shown = [_as_slot(each, refusal.visit_type_id) for each in free]
    return Declined(409, "conflict", "", taken("This time is taken.", shown))


def _as_slot(slot: Slot, visit_type_id: str) -> Resource:
    key = ScheduleKey(slot.practitioner_id, code_of(visit_type_id), slot.site_id)
    return times.slots(key, [(slot.starts_at, slot.ends_at, True)])[0]


def _search(ex: Exchange) -> Callable[[], Response]:
    kind = served(KIND)

    def find() -> Response:
        query = ex.query(kind)
        wanted = _wanted(ex, query)
        with ex.services.unit(g.reader) as unit:
            total = unit.book.count_appointments(wanted)
            if query.only_count:
                return ex.page(kind, query, (), total, None)
            found, more = unit.book.find_appointments(wanted, query.count, _after(query))
        last = search.cursor(found[-1].starts_at.isoformat(), str(found[-1].id)) if more else None
        return ex.page(kind, query, map(appointments.appointment, found), total, last)

    return find


def _wanted(ex: Exchange, query: Query) -> Wanted:
    window = search.window(query, "date", ZoneInfo(ex.services.settings.time_zone))
    statuses, ids = query.tokens("status"), query.any_of("_id")
    for each in statuses:
        if each not in appointments.STATUSES:
            raise Malformed(
                "status", f"one of {', '.join(appointments.STATUSES)} is expected", "code-invalid"
            )
    return Wanted(
        facility_id=g.reader.facility_id,
        practitioner_id=query.reference("practitioner", ("Practitioner", "PractitionerRole"), ex.base),
        patient_id=query.reference("patient", ("Patient",), ex.base),
        place_id=query.reference("location", ("Location",), ex.base),
        statuses=statuses or None,
        ids=[found for each in ids if (found := read_uuid(each))] if ids else None,
        since=window.since,
        until=window.until,
    )


def _after(query: Query) -> tuple[datetime, UUID] | None:
    if query.cursor is None:
        return None
    moment, last = search.read_cursor(query.cursor, 2)
    try:
        starts_at, found = datetime.fromisoformat(moment), UUID(last)
    except ValueError as error:
        raise Malformed("_cursor", "is not one of ours", "value") from error
    if starts_at.tzinfo is None:
        raise Malformed("_cursor", "is not one of ours", "value")
    return starts_at, found


def _ticket() -> Ticket:
    """The key under which the same request may come again: the asker's own, or none."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return Ticket(uuid7(), None)
    if not 0 < len(key) <= LONGEST_KEY:
        raise Malformed(KEY_HEADER, f"1 to {LONGEST_KEY} characters are expected", "value")
    # Spaces and the order of members do not make another request.
    plain = json.dumps(json.loads(request.get_data(cache=True)), sort_keys=True).encode()
    client = exchange_booking.client_uuid(g.reader.id)
    return Ticket(uuid5(client, key), hashlib.sha256(plain).hexdigest())


def _shown(found: Appointment, status: int = 200) -> Response:
    response = answer(appointments.appointment(found), status)
    response.headers["ETag"] = f'W/"{found.version}"'
    return response
