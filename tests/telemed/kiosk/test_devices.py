"""What a device at the table sends: read by the server, once, for one patient; a bad one gives no number."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from scheduling.ids import uuid7
from telemed import database
from telemed.accounts.clerk_tables import clerk_mode
from telemed.intake.devices import MeasuringDevice
from telemed.intake.drivers import DRIVERS, simulator
from telemed.intake.drivers.simulator import Sent
from telemed.records.access_log import Reader
from telemed.services import Services
from tests import build
from tests.fakes import FakeClock
from tests.telemed.intake.vectors import VECTORS
from tests.telemed.kiosk.clerks import ClerkHere, clerk_at
from tests.telemed.kiosk.conftest import Counter

READER = Reader("job", "test", None, "test", "setting the table")
# Half past nine in Bulgaria, as the wall beside the device has it.
HERE = build.NOW.astimezone(ZoneInfo("Europe/Sofia")).replace(tzinfo=None)


class Table:
    """One device of each sort at the kiosk's table, and what it sends."""

    def __init__(self, services: Services, counter: Counter) -> None:
        self.services, self.counter = services, counter
        self.devices: dict[str, MeasuringDevice] = {}
        for driver in DRIVERS.values():
            made = MeasuringDevice(
                uuid7(), counter.kiosk_id, driver.kind, "Model 1", f"SN-{driver.kind}", driver.name, build.NOW
            )
            self.devices[driver.characteristic] = made
            with services.unit(READER) as unit:
                unit.measuring.add(made)

    def changes(self, characteristic: str, **changes: Any) -> None:
        """The coordinator changes a device."""
        with self.services.unit(READER) as unit:
            now = unit.measuring.get(self.devices[characteristic].id)
            unit.measuring.change(replace(now, **changes))

    def device(self, characteristic: str) -> MeasuringDevice:
        """A device as it is now."""
        with self.services.view() as view:
            return view.measuring.get(self.devices[characteristic].id)

    def sends(self, sent: Sent, session: UUID | None = None, **changes: str) -> dict[str, Any]:
        """What the server makes of it."""
        body = {
            "device_id": str(self.devices.get(sent.characteristic, self.devices["2a35"]).id),
            "characteristic": sent.characteristic,
            "raw": sent.raw.hex(),
            "session": str(session or uuid4()),
        }
        answer = self.counter.ask("POST", "/api/v1/readings", {**body, **changes})
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())


@pytest.fixture
def table(services: Services, counter: Counter) -> Table:
    return Table(services, counter)


@pytest.fixture
def clerk(table: Table, counter: Counter) -> ClerkHere:
    """Somebody of the kiosk's own counter."""
    with table.services.view() as view:
        site_id = view.book.kiosk(counter.kiosk_id).site_id
    return clerk_at(table.services, site_id, counter)


@pytest.fixture
def opened(clerk: ClerkHere) -> ClerkHere:
    """A clerk who has opened the kiosk."""
    assert clerk.token()
    return clerk


def test_each_kind_gives_its_value(table: Table) -> None:
    read = {kind: table.sends(sent)["values"] for kind, sent in simulator.GOOD.items()}
    assert read == {
        "pressure": {"systolic": "128", "diastolic": "82", "pulse": "72"},
        "oxygen": {"oxygen": "97", "pulse": "70"},
        "temperature": {"temperature": "36.6"},
        "glucose": {"glucose": "5.4"},
        "weight": {"weight": "71.5"},
        "pulse": {"pulse": "68"},
    }


def test_a_bad_reading_is_a_problem_and_never_a_number(table: Table) -> None:
    for name, sent in simulator.BAD.items():
        if sent.raw:
            answer = table.sends(sent)
            assert answer["problem"], name
            assert answer["values"] == {}, name


class TestWhoseReadingItIs:
    def test_a_stored_record_of_another_patient_is_refused(self, table: Table, clock: FakeClock) -> None:
        sent = simulator.oxygen(at=HERE)
        assert table.sends(sent)["values"]
        clock.forward(timedelta(days=3))
        again = table.sends(sent)
        assert (again["values"], again["problem"]) == ({}, "used_before")

    def test_a_meters_record_is_known_by_its_number_even_without_a_clock(self, table: Table) -> None:
        first, other = (simulator.glucose(sequence=number, at=HERE) for number in (7, 8))
        assert table.sends(first)["values"]
        assert table.sends(other)["values"]
        assert table.sends(first)["problem"] == "used_before"

    def test_the_same_patient_may_send_it_again(self, table: Table) -> None:
        patient, sent = uuid4(), simulator.pressure(at=HERE)
        assert table.sends(sent, patient) == table.sends(sent, patient)
        assert table.sends(sent, patient)["problem"] is None

    def test_two_patients_within_seconds_are_flagged(self, table: Table, clock: FakeClock) -> None:
        table.sends(simulator.weight("71.5"))
        clock.forward(timedelta(seconds=4))
        assert table.sends(simulator.weight("71.5"))["flags"] == ["seen_before"]
        clock.forward(timedelta(minutes=5))
        assert table.sends(simulator.weight("71.5"))["flags"] == []

    def test_only_the_last_readings_are_remembered_and_only_by_a_hash(self, table: Table) -> None:
        for number in range(60):
            table.sends(simulator.glucose(sequence=number, at=HERE))
        device = table.device("2a18")
        with table.services.view() as view:
            kept = view.measuring.used(device.id)
        assert len(kept) == 50
        assert not any(simulator.glucose(sequence=59, at=HERE).raw.hex()[:12] in each.digest for each in kept)


class TestWhatTheDoctorMustKnow:
    def test_an_overdue_calibration_is_flagged_and_not_refused(self, table: Table) -> None:
        table.changes("2a35", calibrate_by=HERE.date() - timedelta(days=1))
        answer = table.sends(simulator.pressure())
        assert answer["values"]["systolic"] == "128"
        assert answer["flags"] == ["calibration_overdue"]

    def test_expired_strips_are_flagged_and_each_reading_uses_one(self, table: Table) -> None:
        table.changes("2a18", remaining=2, lot_expires=date(2026, 1, 1))
        patient, records = uuid4(), [simulator.glucose(sequence=each, at=HERE) for each in (1, 2, 3)]
        flagged = [table.sends(each, patient)["flags"] for each in records]
        assert flagged == [["strips_expired"]] * 3
        assert table.device("2a18").remaining == 0

    @pytest.mark.parametrize("year", [1970, 2090])
    def test_a_clock_far_off_is_flagged(self, table: Table, year: int) -> None:
        answer = table.sends(simulator.pressure(at=datetime(year, 1, 1, 12)))  # noqa: DTZ001  a device's clock
        assert answer["flags"] == ["clock_wrong"]
        assert table.sends(simulator.pressure(at=HERE))["flags"] == ["seen_before"]


class TestWhichDevices:
    def test_a_device_of_another_table_or_another_sort_is_unknown(self, table: Table) -> None:
        assert table.sends(simulator.pressure(), device_id=str(uuid7()))["problem"] == "unknown-device"
        oximeter = str(table.devices["2a5e"].id)
        assert table.sends(simulator.pressure(), device_id=oximeter)["problem"] == "unknown-device"

    def test_a_retired_device_is_unknown(self, table: Table) -> None:
        with table.services.unit(READER) as unit:
            unit.measuring.retire(table.devices["2a35"].id, unit.now)
        assert table.sends(simulator.pressure())["problem"] == "unknown-device"
        listed = table.counter.ask("GET", "/api/v1/devices").get_json()["devices"]
        assert len(listed) == len(DRIVERS) - 1

    def test_the_browser_is_told_what_to_listen_to(self, table: Table) -> None:
        told = table.counter.ask("GET", "/api/v1/devices").get_json()["devices"]
        meter = next(each for each in told if each["kind"] == "glucose")
        assert (meter["service"], meter["characteristic"], meter["records"]) == ("1808", "2a18", True)
        assert meter["key"] == ""

    def test_a_clerk_pairs_a_device_once_and_another_in_its_place(
        self, table: Table, opened: ClerkHere
    ) -> None:
        cuff, scale = (table.devices[each].id for each in ("2a35", "2a9d"))
        told = {"name": "A&D  UA-651", "key": "qZGk9e98u0J5II8p81qmPw=="}
        assert table.counter.ask("POST", f"/api/v1/devices/{cuff}/paired", told).status_code == 204
        assert (table.device("2a35").paired_name, table.device("2a35").paired) == ("A&D UA-651", True)
        assert table.counter.ask("POST", f"/api/v1/devices/{scale}/paired", told).status_code == 204
        assert not table.device("2a35").paired

    def test_pairing_what_is_not_here_is_refused(self, table: Table, opened: ClerkHere) -> None:
        told = {"name": "x", "key": "y"}
        assert table.counter.ask("POST", f"/api/v1/devices/{uuid7()}/paired", told).status_code == 404


@pytest.mark.parametrize(
    "spoiled",
    [
        {"raw": ""},
        {"raw": "0"},
        {"raw": "zz"},
        {"raw": "00" * 513},
        {"raw": None},
        {"characteristic": "2A35"},
        {"device_id": "cuff"},
        {"session": ""},
        {"value": "120"},
    ],
)
def test_what_is_no_reading_at_all_is_refused_by_its_form(table: Table, spoiled: dict[str, Any]) -> None:
    body = {"device_id": str(uuid7()), "characteristic": "2a35", "raw": "00", "session": str(uuid4())}
    answer = table.counter.ask("POST", "/api/v1/readings", {**body, **spoiled})
    assert answer.status_code == 422, answer.text


def test_nobody_without_the_kiosks_key_reads_or_pairs(table: Table) -> None:
    assert table.counter.browser.get("/api/v1/devices").status_code == 401
    assert table.counter.ask("POST", "/api/v1/readings", {}, seconds=0).status_code == 401


class TestBehindThePin:
    def test_whoever_sits_there_pairs_nothing(self, table: Table, counter: Counter) -> None:
        assert self._is_shut(table)

    def test_another_kiosks_clerk_opens_nothing_here(self, table: Table, opened: ClerkHere) -> None:
        there = self._elsewhere(table)
        with database.write(table.services.engine) as connection:
            connection.execute(update(clerk_mode).values(kiosk_id=there))
        assert self._is_shut(table)

    def test_when_the_clerk_has_gone_or_the_minutes_are_over_it_is_shut(
        self, table: Table, clerk: ClerkHere
    ) -> None:
        token = clerk.token()
        assert table.counter.browser.get("/kiosk/devices").status_code == 200
        clerk.asks(token, "POST", "/api/v1/clerk/close")
        assert self._is_shut(table)
        clerk.token()
        with database.write(table.services.engine) as connection:
            moved = timedelta(minutes=6)
            for each in connection.execute(select(clerk_mode)).all():
                times = {"opened_at": each.opened_at - moved, "expires_at": each.expires_at - moved}
                connection.execute(update(clerk_mode).where(clerk_mode.c.id == each.id).values(times))
        assert self._is_shut(table)

    def _is_shut(self, table: Table) -> bool:
        device = table.devices["2a5e"]
        told = {"name": "another", "key": "k"}
        answer = table.counter.ask("POST", f"/api/v1/devices/{device.id}/paired", told)
        page = table.counter.browser.get("/kiosk/devices")
        refused = (answer.status_code, table.device("2a5e").paired) == (401, False)
        return refused and (page.status_code, page.location) == (303, "/kiosk")

    def _elsewhere(self, table: Table) -> UUID:
        with table.services.unit(READER) as unit:
            there = build.kiosk(unit.book.kiosk(table.counter.kiosk_id).site_id)
            unit.book.add_kiosk(there)
        return there.id


def test_the_clerks_page_lists_the_table(table: Table, opened: ClerkHere) -> None:
    page = table.counter.browser.get("/kiosk/devices?lang=en").text
    assert all(word in page for word in ("Blood pressure cuff", "Glucose meter", "Model 1", "Not paired yet"))


def test_the_same_record_filed_for_two_patients_is_doubted_and_sent_again_is_the_same(table: Table) -> None:
    sent = simulator.glucose(at=HERE)
    reading = {
        "code": "glucose",
        "value": "5.4",
        "source": "device",
        "characteristic": "2a18",
        "raw": sent.raw.hex(),
        "taken_at": build.NOW.isoformat(),
        "device_id": str(table.devices["2a18"].id),
    }
    body = {**VECTORS["submissions"][0]["body"], "measurements": [reading]}
    intakes = [uuid7(), uuid7()]
    answers = [table.counter.ask("PUT", f"/api/v1/intakes/{each}", body) for each in (*intakes, intakes[1])]
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert answers[1].get_json() == answers[2].get_json()
    with table.services.view() as view:
        assert view.measuring.filed(intakes) == {
            (intakes[0], 0): (),
            (intakes[1], 0): ("used_before",),
        }
