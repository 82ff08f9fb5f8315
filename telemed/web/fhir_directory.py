"""FHIR's directory: places, people, what facilities offer, and a patient one has an appointment with."""

from contextlib import suppress
from uuid import UUID

from flask import Response, g

from scheduling.errors import NotFound
from scheduling.people import Practitioner
from telemed.fhir import capability, people, places
from telemed.fhir.answers import Resource
from telemed.fhir.reading import read_uuid
from telemed.fhir.search import Query, plain_id
from telemed.fhir.table import served
from telemed.services import Services, View
from telemed.visits import exchange
from telemed.web.fhir_exchange import Exchange, Views
from telemed.web.fhir_outcomes import answer


def views(ex: Exchange) -> Views:
    """Every view of the directory, by type and what it does."""
    return {
        **_locations(ex),
        **_services(ex),
        **_practitioners(ex),
        **_roles(ex),
        ("Patient", "read"): lambda id: answer(_patient(ex, id)),
        ("OperationDefinition", "read"): lambda id: answer(_definition(ex, id)),
    }


def _locations(ex: Exchange) -> Views:
    def read(id: str) -> Response:
        wanted = uuid_or_404(id, "Location")
        with ex.services.view() as view:
            return answer(_location(ex.services, view, wanted))

    def search() -> Response:
        query = ex.query(served("Location"))
        within = query.reference("partof", ("Location",), ex.base)
        with ex.services.view() as view:
            found = _all_locations(ex.services, view)
        found = [
            each
            for each in _named(found, query)
            if _begins(each.get("address", {}).get("city", ""), query.one("address-city"))
            and (within is None or each.get("partOf", {}).get("reference") == f"Location/{within}")
        ]
        return ex.page_of(served("Location"), query, found)

    return {("Location", "read"): read, ("Location", "search"): search, ("Location", "find"): search}


def _location(services: Services, view: View, wanted: UUID) -> Resource:
    with suppress(NotFound):
        site = view.book.site(wanted)
        return places.site_location(site, view.book.settlement(site.settlement_code), services.country.code)
    kiosk = view.book.kiosk(wanted)
    return places.kiosk_location(kiosk, view.book.site(kiosk.site_id).name)


def _all_locations(services: Services, view: View) -> list[Resource]:
    sites = {site.id: site for site in view.book.sites()}
    settlements = {each.code: each for each in view.book.settlements()}
    country = services.country.code
    return [
        *(places.site_location(each, settlements[each.settlement_code], country) for each in sites.values()),
        *(places.kiosk_location(each, sites[each.site_id].name) for each in view.book.kiosks()),
    ]


def _services(ex: Exchange) -> Views:
    def load() -> list[Resource]:
        with ex.services.view() as view:
            return [
                places.healthcare_service(
                    each.facility,
                    each.visit_type.id,
                    each.visit_type.names,
                    each.visit_type.service,
                    each.visit_type.minutes,
                )
                for each in exchange.offerings(view.book, g.reader.facility_id)
            ]

    def read(id: str) -> Response:
        found = [each for each in load() if each["id"] == id]
        if not found:
            raise NotFound("HealthcareService")
        return answer(found[0])

    def search() -> Response:
        query = ex.query(served("HealthcareService"))
        types, facilities = query.tokens("service-type"), query.tokens("organization")
        found = [
            each
            for each in _with_id(load(), query)
            if (not types or each["type"][0]["coding"][0]["code"] in types)
            and (not facilities or each["providedBy"]["identifier"]["value"] in facilities)
        ]
        return ex.page_of(served("HealthcareService"), query, found)

    kind = "HealthcareService"
    return {(kind, "read"): read, (kind, "search"): search, (kind, "find"): search}


def _practitioners(ex: Exchange) -> Views:
    def read(id: str) -> Response:
        with ex.services.view() as view:
            return answer(people.practitioner(_practitioner(view, id)))

    def search() -> Response:
        query = ex.query(served("Practitioner"))
        name = (query.one("name") or "").casefold()
        with ex.services.view() as view:
            everybody = view.book.practitioners(g.reader.facility_id)
        found = [people.practitioner(each) for each in everybody if name in each.name.casefold()]
        return ex.page_of(served("Practitioner"), query, _with_id(found, query))

    return {
        ("Practitioner", "read"): read,
        ("Practitioner", "search"): search,
        ("Practitioner", "find"): search,
    }


def _roles(ex: Exchange) -> Views:
    def load(practitioner_id: UUID | None) -> list[Resource]:
        with ex.services.view() as view:
            facilities = {each.id: each for each in view.book.facilities()}
            offers, shifts = view.book.offers(), view.book.shifts()
            return [
                people.practitioner_role(
                    each,
                    facilities[each.facility_id],
                    sorted(offers.get(each.id, ())),
                    [shift for shift in shifts if shift.practitioner_id == each.id],
                )
                for each in view.book.practitioners(g.reader.facility_id)
                if practitioner_id in (None, each.id)
            ]

    def read(id: str) -> Response:
        found = load(uuid_or_404(id, "PractitionerRole"))
        if not found:
            raise NotFound("PractitionerRole")
        return answer(found[0])

    def search() -> Response:
        query = ex.query(served("PractitionerRole"))
        specialties = query.tokens("specialty")
        service = query.one("service")
        wanted = plain_id("service", service, "HealthcareService", ex.base) if service else None
        found = [
            each
            for each in _with_id(load(query.reference("practitioner", ("Practitioner",), ex.base)), query)
            if (not specialties or each["specialty"][0]["coding"][0]["code"] in specialties)
            and (wanted is None or _gives(each, wanted))
        ]
        return ex.page_of(served("PractitionerRole"), query, found)

    kind = "PractitionerRole"
    return {(kind, "read"): read, (kind, "search"): search, (kind, "find"): search}


def uuid_or_404(text: str, kind: str) -> UUID:
    """The id of something stored; what is no id of ours names nothing."""
    value = read_uuid(text)
    if value is None:
        raise NotFound(kind)
    return value


def _practitioner(view: View, text: str) -> Practitioner:
    return exchange.practitioner(view.book, uuid_or_404(text, "Practitioner"), g.reader.facility_id)


def _patient(ex: Exchange, text: str) -> Resource:
    with ex.services.unit(g.reader) as unit:
        return people.patient(exchange.patient(unit, uuid_or_404(text, "Patient"), g.reader.facility_id))


def _definition(ex: Exchange, text: str) -> Resource:
    found = capability.definitions(ex.base).get(text)
    if found is None:
        raise NotFound("OperationDefinition")
    return found


def _gives(role: Resource, service: str) -> bool:
    return any(
        each["reference"] == f"HealthcareService/{service}" for each in role.get("healthcareService", ())
    )


def _named(found: list[Resource], query: Query) -> list[Resource]:
    return [each for each in _with_id(found, query) if _begins(each["name"], query.one("name"))]


def _with_id(found: list[Resource], query: Query) -> list[Resource]:
    wanted = query.any_of("_id")
    return [each for each in found if each["id"] in wanted] if wanted else found


def _begins(text: str, start: str | None) -> bool:
    return start is None or text.casefold().startswith(start.casefold())
