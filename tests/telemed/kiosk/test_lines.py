"""A kiosk tells how good its line was; a visit is then offered, and booked, by what the line carries."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from scheduling import tables
from scheduling.ids import uuid7
from telemed import database
from telemed.services import Services
from tests import build
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.conftest import Counter

BODY: dict[str, Any] = VECTORS["submissions"][0]["body"]
DOOR = "/api/v1/line-readings"
WEEK = timedelta(days=7)
EVERY_HOUR = range(8, 18)


def reading(**changes: Any) -> dict[str, Any]:
    at = (build.NOW - timedelta(minutes=3)).isoformat()
    good = {"at": at, "up_kbps": 900, "down_kbps": 4000, "rtt_ms": 60, "loss_percent": 0.4}
    return {**good, **changes}


def kept(services: Services) -> list[tuple[Any, ...]]:
    columns = tables.line_reading.c
    with database.read(services.engine) as connection:
        rows = connection.execute(
            select(columns.up_kbps, columns.rtt_ms, columns.source).order_by(columns.at)
        )
        return [tuple(row) for row in rows]


def measured(services: Services, counter: Counter, kbps: int) -> None:
    """Three weeks in which the line was like this at every hour of every day."""
    rows = [
        {
            "id": uuid7(),
            "kiosk_id": counter.kiosk_id,
            "at": build.local(hour, minute) - day * timedelta(days=1),
            "up_kbps": kbps,
            "down_kbps": kbps,
            "rtt_ms": 80,
            "loss_percent": 1.0,
            "source": "probe",
        }
        for day in range(1, 22)
        for hour in EVERY_HOUR
        for minute in (5, 35)
    ]
    with database.write(services.engine) as connection:
        connection.execute(insert(tables.line_reading), rows)


def offered(counter: Counter) -> dict[str, Any]:
    answer: dict[str, Any] = counter.ask("GET", "/api/v1/slots?lang=en").get_json()
    return answer


def channels(free: dict[str, Any]) -> set[str]:
    return {time["channel"] for day in free["days"] for time in day["times"]}


def test_readings_are_kept_as_told_and_gaps_stay_gaps(counter: Counter, services: Services) -> None:
    told = [
        reading(),
        reading(at=build.NOW.isoformat(), rtt_ms=None, source="call"),
        reading(at="2020-01-01T00:00Z"),
    ]
    assert counter.ask("POST", DOOR, {"readings": told}).status_code == 204
    assert kept(services) == [(900, 60, "probe"), (900, None, "call")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"readings": []},
        {"readings": [reading(up_kbps=-1)]},
        {"readings": [reading(loss_percent=101)]},
        {"readings": [reading(at="yesterday")]},
        {"readings": [reading(at="2026-11-17T09:00:00")]},
        {"readings": [reading(source="guess")]},
        {"readings": [{**reading(), "patient": "Мария"}]},
        {"readings": [reading()] * 201},
        [],
    ],
)
def test_what_is_no_reading_is_refused_whole(counter: Counter, services: Services, wrong: Any) -> None:
    assert counter.ask("POST", DOOR, wrong).status_code == 422
    assert kept(services) == []


def test_nobody_else_tells_of_a_line(counter: Counter) -> None:
    assert counter.browser.post(DOOR, json={"readings": [reading()]}).status_code == 401


def test_a_line_that_was_never_measured_is_offered_with_that_remark(counter: Counter) -> None:
    free = offered(counter)
    assert channels(free) == {""}
    assert [remark["words"] for remark in free["remarks"]] == [
        "We have not measured this line yet. If the picture does not come, you go on by voice."
    ]


def test_a_good_line_needs_no_words(counter: Counter, services: Services) -> None:
    measured(services, counter, 4000)
    free = offered(counter)
    assert (channels(free), free["remarks"]) == ({""}, [])


@pytest.mark.parametrize(
    ("kbps", "channel", "said", "because"),
    [(120, "audio", "by voice", "too thin for video"), (20, "written", "in writing", "too weak for a call")],
)
def test_a_bad_line_is_offered_as_it_is_said_and_booked_so(
    counter: Counter,
    services: Services,
    kbps: int,
    channel: str,
    said: str,
    because: str,
) -> None:
    measured(services, counter, kbps)
    free = offered(counter)
    assert channels(free) == {channel}
    [remark] = free["remarks"]
    assert remark["channel"] == channel
    assert because in remark["words"]
    time = free["days"][0]["times"][0]
    assert time["said"] == said
    doctor, kiosk, starts_at = time["value"].split("|")
    choice = {"kind": "slot", "practitioner_id": doctor, "kiosk_id": kiosk, "starts_at": starts_at}
    assert counter.ask("PUT", f"/api/v1/intakes/{uuid7()}", {**BODY, "choice": choice}).status_code == 200
    with database.read(services.engine) as connection:
        assert connection.scalars(select(tables.appointment.c.channel)).all() == [channel]


def test_without_script_the_page_says_the_same(
    counter: Counter, services: Services, plain: dict[str, str]
) -> None:
    measured(services, counter, 120)
    counter.go_through({**plain, "when": "later"}, until="slot")
    page = counter.see("slot", "en").text
    assert "too thin for video" in page
    assert ", by voice</span>" in page
