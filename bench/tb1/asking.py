"""What is asked of a FHIR server in TB-1: a day's slots, counts of free slots by day, and a booking."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from bench.tb1 import client
from bench.tb1.calls import Call
from bench.tb1.world import DAYS, KIOSKS_EACH, World

FHIR = "application/fhir+json"
HEALTH = Call("GET", "/health/live")


class Refused(Exception):
    """The server did not give what the workload needs; the message holds its answer."""


@dataclass
class Asking:
    """The requests of one world to one server, which is asked first where its schedules are."""

    world: World
    visit_type: str
    token: str
    base: str = "/fhir/R4"
    schedules: dict[tuple[int, int], str] = field(default_factory=dict)

    def discover(self, ports: Sequence[int]) -> None:
        """Find the schedule of each practitioner at each of the sites they work with."""
        pairs = [
            (practitioner, self.world.kiosk_of(practitioner, day))
            for practitioner in range(self.world.practitioners)
            for day in range(KIOSKS_EACH)
        ]
        calls = [self._get(self._schedule_search(*pair)) for pair in pairs]
        answered = {answer.call: answer for answer in client.drive(ports, 4, iter(calls), 600).answers}
        for pair, call in zip(pairs, calls, strict=True):
            entries = entries_of(answered[call])
            if len(entries) != 1:
                raise Refused(f"{len(entries)} schedules at {call.path}")
            self.schedules[pair] = entries[0]["id"]

    def list_day(self, practitioner: int, day: int) -> Call:
        """The slots of one practitioner on one day, free and taken."""
        schedule = self.schedules[practitioner, self.world.kiosk_of(practitioner, day)]
        first = self.world.today + timedelta(days=day + 1)
        after = first + timedelta(days=1)
        return self._get(f"Slot?schedule=Schedule/{schedule}&start=ge{first}&start=lt{after}")

    def count_days(self, practitioner: int) -> Call:
        """Free and total slots of each of the thirty days."""
        schedule = self.schedules[practitioner, self.world.kiosk_of(practitioner, 0)]
        return self._get(f"Schedule/{schedule}/$days?start={self.world.days[0]}&days={DAYS}")

    def book(self, patient: int, slot: str, key: UUID, group: int | None = None) -> Call:
        """Take a slot for a patient, under a key with which the request may be repeated."""
        body = {
            "resourceType": "Appointment",
            "status": "booked",
            "slot": [{"reference": f"Slot/{slot}"}],
            "participant": [
                {
                    "actor": {"reference": f"Patient/{self.world.ids['patient'][patient]}"},
                    "status": "accepted",
                }
            ],
        }
        headers = {**self._headers, "Content-Type": FHIR, "Idempotency-Key": str(key)}
        text = json.dumps(body, separators=(",", ":"))
        return Call("POST", f"{self.base}/Appointment", headers, text, group)

    def free_slots(self, ports: Sequence[int], pairs: Iterable[tuple[int, int]]) -> list[list[str]]:
        """The ids of the free slots of these practitioners on these days, day by day."""
        calls = [self.list_day(*pair) for pair in pairs]
        answered = {answer.call: answer for answer in client.drive(ports, 4, iter(calls), 600).answers}
        return [
            [each["id"] for each in entries_of(answered[call]) if each["status"] == "free"] for call in calls
        ]

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept": FHIR}

    def _get(self, path: str) -> Call:
        return Call("GET", f"{self.base}/{path}", self._headers)

    def _schedule_search(self, practitioner: int, kiosk: int) -> str:
        ids = self.world.ids
        return (
            f"Schedule?actor=Practitioner/{ids['practitioner'][practitioner]}"
            f"&actor=Location/{ids['site'][kiosk]}&service-type={quote(self.visit_type)}"
        )


def entries_of(answer: client.Answer) -> list[dict[str, str]]:
    """The resources of a bundle."""
    if answer.status != 200:
        raise Refused(f"{answer.status} to {answer.call.path}: {answer.body[:500].decode()}")
    return [entry["resource"] for entry in json.loads(answer.body).get("entry", [])]
