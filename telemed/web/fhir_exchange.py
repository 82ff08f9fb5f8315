"""How FHIR is spoken over HTTP: media types, the parameters of a search, pages with links, versions."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, request
from flask.typing import ResponseReturnValue

from telemed.fhir import search
from telemed.fhir.answers import MEDIA_TYPE, Resource, searchset
from telemed.fhir.reading import Element, Malformed, resource
from telemed.fhir.search import Query
from telemed.fhir.table import Served
from telemed.services import Services
from telemed.web.fhir_outcomes import Declined, answer

View = Callable[..., ResponseReturnValue]
Views = Mapping[tuple[str, str], View]

JSON = frozenset({MEDIA_TYPE, "application/json"})
FORM = "application/x-www-form-urlencoded"
_FORMATS = JSON | {"json"}
_WELCOME = frozenset({"", "*/*", *JSON})
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


@dataclass(frozen=True)
class Exchange:
    """What every door of FHIR needs: the services, and the address that references begin with."""

    services: Services
    base: str

    def query(self, served: Served) -> Query:
        """What this search asks for, whether it stands in the address or in a form."""
        found = [(name, value) for name, values in request.args.lists() for value in values]
        if request.method == "POST":
            if request.mimetype != FORM:
                raise Declined(415, "not-supported", f"A search is sent as {FORM}.")
            found += [(name, value) for name, values in request.form.lists() for value in values]
        return search.read_query(found, served, is_strict())

    def body(self, kind: str) -> Element:
        """The resource that was sent."""
        if request.mimetype not in JSON:
            raise Declined(415, "not-supported", f"A resource is sent as {MEDIA_TYPE}.")
        return resource(request.get_data(cache=True), kind)

    def page(
        self, served: Served, query: Query, found: Iterable[Resource], total: int | None, after: str | None
    ) -> Response:
        """One page of a search, with the address of the next."""
        pairs = [
            (name, value)
            for name, values in query.values.items()
            for value in values
            if name not in ("_cursor", "_format", "_pretty")
        ]
        here = [*pairs, ("_cursor", query.cursor)] if query.cursor else pairs
        links = {"self": self._address(served, here)}
        if after is not None:
            links["next"] = self._address(served, [*pairs, ("_cursor", after)])
        return answer(searchset(self.base, found, total, links))

    def page_of(self, served: Served, query: Query, found: list[Resource]) -> Response:
        """One page of resources that are all at hand, by id."""
        if query.only_count:
            return self.page(served, query, (), len(found), None)
        ordered = sorted(found, key=lambda each: str(each["id"]))
        if query.cursor is not None:
            [last] = search.read_cursor(query.cursor, 1)
            ordered = [each for each in ordered if each["id"] > last]
        shown = ordered[: query.count]
        more = len(ordered) > len(shown)
        return self.page(
            served, query, shown, len(found), search.cursor(shown[-1]["id"]) if more and shown else None
        )

    def _address(self, served: Served, pairs: list[tuple[str, str]]) -> str:
        tail = f"?{urlencode(pairs)}" if pairs else ""
        return f"{self.base}/{served.type}{tail}"


def negotiate() -> None:
    """Refuse a caller that takes nothing we speak."""
    wanted = request.args.get("_format")
    if wanted is not None:
        speaks = wanted.replace(" ", "+") in _FORMATS
    else:
        speaks = request.headers.get("Accept", "") in _WELCOME or bool(
            request.accept_mimetypes.best_match(sorted(JSON))
        )
    if not speaks:
        raise Declined(406, "not-supported", f"This server speaks {MEDIA_TYPE}.")


def is_strict() -> bool:
    """Whether a parameter nobody knows is to be refused (Prefer: handling=strict)."""
    return "handling=strict" in request.headers.get("Prefer", "").replace(" ", "")


def expected_version() -> int:
    """The version that If-Match names."""
    header = request.headers.get("If-Match")
    if header is None:
        raise Declined(428, "required", 'Say which version you change: If-Match: W/"<versionId>".')
    match = _ETAG.fullmatch(header.strip())
    if match is None:
        raise Malformed("If-Match", 'W/"<versionId>" is expected', "value")
    return int(match[1])
