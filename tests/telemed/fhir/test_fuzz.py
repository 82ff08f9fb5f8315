"""Thousands of strange requests: each gets an answer in FHIR, and none is ever a failure of ours."""

import copy
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from scheduling.ids import uuid7
from telemed.fhir.table import SERVED
from telemed.services import Services
from tests.build import World
from tests.telemed.fhir.conftest import System, book, schedule_id, wish
from tests.telemed.fhir.shapes import faults

# Each example sends several requests: some hundreds in every run, more than five thousand in the long one.
AT_ONCE = 8
ROUNDS = min(settings().max_examples, 1_000)

STRANGE: list[Any] = [
    None, True, False, 0, -1, 10**40, 1e308, "", " ", "x", "\0", "\ud800", "é" * 600, "9" * 400, "booked",
    "cancelled", "2026-11-18T09:00:00Z", "2026-11-18T09:00:00+99:99", "0000-00-00T00:00:00Z", "Patient/",
    "9999-12-31T23:59:60Z", "#", "#p", "../../etc/passwd", "urn:uuid:x", "http://[", [], {}, [[]], [{}],
    [None], {"reference": 5}, {"a": {"b": []}},
]  # fmt: skip
TEXTS = st.sampled_from([each for each in STRANGE if isinstance(each, str)]) | st.text(max_size=40)
VALUES = st.sampled_from(STRANGE) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
FHIR = "application/fhir+json"
MEDIA = st.sampled_from([FHIR, "application/json", f"{FHIR}; charset=utf-16", "text/xml", "", ";;", "a/b/c"])
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Accept": st.sampled_from(["*/*", "text/html", "application/fhir+json;q=x", ",,,", "\x7f", 'a;b="c']),
        "Prefer": st.sampled_from(["handling=strict", "handling=lenient", "return=minimal", "handling"]),
        "If_Match": st.sampled_from(['W/"1"', 'W/"2"', '"1"', "*", "", 'W/"1", W/"2"', "W/", '"' * 50]),
        "Idempotency_Key": st.sampled_from(["a", "b", "é", "x" * 300, " "]),
        "Content_Type": MEDIA,
        "X_HTTP_Method_Override": st.just("DELETE"),
    },
)


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body, from the outside in."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(spot for name, each in inner for spot in spots(each, (*path, name)))]


@st.composite
def bodies(draw: st.DrawFn, samples: list[dict[str, Any]]) -> str | bytes:
    """A good body with some of its places spoilt, or no body of a resource at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(
            st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
        )
    body: Any = copy.deepcopy(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(spots(body)))
        if not place:
            continue
        inner: Any = body
        for name in place[:-1]:
            inner = inner[name]
        if draw(st.booleans()) and isinstance(inner, dict):
            del inner[place[-1]]
        else:
            inner[place[-1]] = draw(VALUES)
    return json.dumps(body)


@st.composite
def requests(
    draw: st.DrawFn, ids: list[str], samples: list[dict[str, Any]]
) -> tuple[str, str, Any, dict[str, str]]:
    """Method, path, body and headers of one strange request."""
    each = draw(st.sampled_from(SERVED))
    names = [param.name for param in each.params] + [
        "_count",
        "_summary",
        "_cursor",
        "start",
        "days",
        "x",
    ]
    values = (
        st.sampled_from([*ids, f"Schedule/{ids[0]}", "ge2026-11-18", "lt2026-12-18", "free", "5"]) | TEXTS
    )
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), values), max_size=4))
    query = "&".join(f"{name}={percent(value)}" for name, value in pairs)
    one = percent(draw(st.sampled_from(ids) | TEXTS))
    path = draw(
        st.sampled_from(
            [
                f"/{each.type}",
                f"/{each.type}/{one}",
                f"/{each.type}/_search",
                f"/{each.type}/{one}/$days",
                f"/{one}",
            ]
        )
    )
    method = draw(
        st.sampled_from(["GET", "GET", "GET", "POST", "POST", "PUT", "PUT", "PATCH", "DELETE", "HEAD"])
    )
    if draw(st.integers(0, 3)) == 0:
        method, path = draw(st.sampled_from([("POST", "/Appointment"), ("PUT", f"/Appointment/{ids[-1]}")]))
    headers = draw(HEADERS) if draw(st.integers(0, 2)) == 0 else {"If_Match": 'W/"1"'}
    body = draw(bodies(samples)) if method in ("POST", "PUT", "PATCH") else None
    return method, f"{path}?{query}" if query else path, body, headers


def percent(text: str) -> str:
    """A text as an address carries it, whatever its signs."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def check(answer: TestResponse, asked: object) -> None:
    """An answer is no failure, and says what is wrong as FHIR does."""
    assert answer.status_code < 500, (asked, answer.text)
    if (
        answer.request.method != "HEAD"
        and answer.status_code != 308
        and answer.request.path.startswith("/fhir/")
    ):
        assert answer.mimetype == "application/fhir+json", (asked, answer.status_code, answer.text[:200])
        body = answer.get_json()
        if answer.status_code >= 400:
            assert faults(body) == [], (asked, body)
        assert "Traceback" not in answer.text


def test_no_request_is_too_strange(
    world: World, another: World, system: Callable[..., System], services: Services
) -> None:
    asker = system()
    made = book(asker, world, "2026-11-18T09:00:00+02:00")
    inside = {"resourceType": "Patient", "id": "p", "name": [{"text": "Нов"}], "birthDate": "1980-01-01"}
    described = [wish(world, f"2026-11-{day}T10:00:00+02:00", contained=[inside]) for day in range(18, 28)]
    for each in described:
        each["participant"][2]["actor"]["reference"] = "#p"
    numbered = wish(world, "2026-11-18T11:00:00+02:00")
    number = {"system": "urn:telemed:identifier:egn", "value": "5003080000"}
    numbered["participant"][2]["actor"] = {"type": "Patient", "identifier": number}
    samples = [made, *described, numbered, wish(world, "2026-11-18T12:00:00+02:00")]
    ids = [
        schedule_id(world),
        made["slot"][0]["reference"].removeprefix("Slot/"),
        *(str(each.id) for each in (world.practitioner, world.site, world.kiosk, world.patient)),
        str(uuid7()),
        made["id"],
    ]

    answered: Counter[int] = Counter()

    @settings(max_examples=ROUNDS, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(requests(ids, samples), min_size=AT_ONCE, max_size=AT_ONCE))
    def send(asked: list[tuple[str, str, Any, dict[str, str]]]) -> None:
        for method, path, body, headers in asked:
            answer = asker.ask(method, path, body, **headers)
            check(answer, (method, path, body, headers))
            answered[answer.status_code] += 1

    send()
    # The fuzz goes deep only if good requests are among the strange ones.
    assert {200, 400, 404} <= set(answered), answered
