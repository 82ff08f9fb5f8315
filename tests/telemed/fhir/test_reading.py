"""What comes in is read strictly, and every refusal names its element."""

import json
from typing import Any

import pytest

from scheduling.ids import uuid7
from telemed.fhir.appointments import Asked, read_appointment
from telemed.fhir.claims import Claim
from telemed.fhir.reading import Malformed, resource
from tests import build

BASE = "https://telemed.example/fhir/R4"


def body(**changes: Any) -> dict[str, Any]:
    """An Appointment as another system sends it, with some members changed or, as None, left out."""
    actors = [f"Practitioner/{uuid7()}", f"Location/{uuid7()}", f"Patient/{uuid7()}"]
    sent = {
        "resourceType": "Appointment",
        "status": "booked",
        "start": "2026-11-24T09:00:00+02:00",
        "end": "2026-11-24T09:20:00+02:00",
        "participant": [{"actor": {"reference": actor}, "status": "accepted"} for actor in actors],
    } | changes
    return {name: value for name, value in sent.items() if value is not None}


def read(sent: Any) -> Asked:
    """Read it as the door does."""
    return read_appointment(resource(json.dumps(sent).encode(), "Appointment"), BASE)


def actor(**of: Any) -> list[dict[str, Any]]:
    """One participant."""
    return [{"actor": of, "status": "accepted"}]


def test_a_plain_appointment_is_understood() -> None:
    asked = read(body())
    assert asked.status == "booked"
    assert asked.starts_at is not None
    assert asked.starts_at.isoformat() == "2026-11-24T07:00:00+00:00"
    assert asked.practitioner_id
    assert asked.location_id
    assert asked.patient


def test_whole_addresses_and_history_are_references_too() -> None:
    wanted = uuid7()
    for text in (f"{BASE}/Patient/{wanted}", f"Patient/{wanted}/_history/3"):
        assert read(body(participant=actor(reference=text))).patient == wanted


def test_a_patient_may_be_described_inside() -> None:
    inside = {
        "resourceType": "Patient",
        "id": "p",
        "name": [{"family": "Петрова", "given": ["Мария", "Иванова"]}],
        "birthDate": "1950-03-08",
        "gender": "female",
        "telecom": [{"system": "email", "value": "m@example"}, {"system": "phone", "value": "+359888123456"}],
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "bg"}]}}],
        "identifier": [{"system": "urn:telemed:identifier:egn", "value": "5003080000"}],
    }
    claim = read(body(contained=[inside], participant=actor(reference="#p"))).patient
    assert isinstance(claim, Claim)
    assert claim.name == "Мария Иванова Петрова"
    assert claim.phone == "+359888123456"
    assert claim.identifier is not None
    assert (claim.identifier.kind, claim.identifier.value) == ("egn", "5003080000")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"resourceType": "Patient"}, "Appointment.resourceType"),
    ({"resourceType": None}, "Appointment.resourceType"),
    ({"status": None}, "Appointment.status"),
    ({"status": "agreed"}, "Appointment.status"),
    ({"status": ["booked"]}, "Appointment.status"),
    ({"status": ""}, "Appointment.status"),
    ({"status": "a\0"}, "Appointment.status"),
    ({"start": "2026-11-24T09:00:00"}, "Appointment.start"),
    ({"start": "2026-11-24"}, "Appointment.start"),
    ({"start": "2026-02-30T09:00:00Z"}, "Appointment.start"),
    ({"start": "9999-12-31T23:59:59-14:00"}, "Appointment.start"),
    ({"start": "0001-01-01T00:00:00+14:00"}, "Appointment.start"),
    ({"start": 5}, "Appointment.start"),
    ({"end": None}, "Appointment.end"),
    ({"start": None}, "Appointment.start"),
    ({"end": "2026-11-24T09:00:00+02:00"}, "Appointment.end"),
    ({"participant": None}, "Appointment.participant"),
    ({"participant": []}, "Appointment.participant"),
    ({"participant": {}}, "Appointment.participant"),
    ({"participant": [5]}, "Appointment.participant[0]"),
    ({"participant": [{"status": "accepted"}]}, "Appointment.participant[0].actor"),
    ({"participant": [{"actor": {"reference": "Patient/x"}}]}, "Appointment.participant[0].status"),
    ({"participant": actor(reference="Patient/x")}, "Appointment.participant[0].actor.reference"),
    ({"participant": actor(reference="nonsense")}, "Appointment.participant[0].actor.reference"),
    ({"participant": actor(reference="Device/1")}, "Appointment.participant[0].actor.reference"),
    ({"participant": actor(reference="#none")}, "Appointment.participant[0].actor.reference"),
    ({"participant": actor(display="somebody")}, "Appointment.participant[0].actor.reference"),
    ({"participant": actor(identifier={"value": "1"})}, "Appointment.participant[0].actor.identifier.system"),
    (
        {"participant": actor(identifier={"system": "urn:else", "value": "1"})},
        "Appointment.participant[0].actor.identifier.system",
    ),
    ({"participant": actor(reference=f"Patient/{uuid7()}") * 2}, "Appointment.participant[1].actor"),
    ({"slot": [{"reference": "Slot/none"}]}, "Appointment.slot[0].reference"),
    ({"slot": "Slot/none"}, "Appointment.slot"),
    ({"contained": [{"resourceType": "Device", "id": "p"}], "participant": actor(reference="#p")},
     "Appointment.contained[0].resourceType"),
    ({"contained": [{"resourceType": "Patient", "id": "p"}], "participant": actor(reference="#p")},
     "Appointment.contained[0].name"),
    ({"extension": [{"url": "urn:telemed:channel", "valueCode": "smoke"}]},
     "Appointment.extension[0].valueCode"),
    ({"serviceType": [{"coding": [{"system": "urn:telemed:visit-type"}]}]},
     "Appointment.serviceType[0].coding[0].code"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "path"), WRONG, ids=[f"{path}-{number}" for number, (_, path) in enumerate(WRONG)]
)
def test_what_is_wrong_is_named(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read(body(**changes))
    assert refusal.value.path == path


@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"[]", b"null", b"5", b'"x"', b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'{"a":' * 50_000,
     b'{"resourceType": "Appointment", "x": ' + b"9" * 5_000 + b"}"],
    ids=lambda sent: repr(sent[:12]),
)  # fmt: skip
def test_what_is_no_resource_is_refused_calmly(sent: bytes) -> None:
    with pytest.raises(Malformed):
        read_appointment(resource(sent, "Appointment"), BASE)


def test_a_change_need_not_repeat_what_stays() -> None:
    before = build.appointment(starts_at=build.local(9), ends_at=build.local(9, 20))
    sent = body(
        start="2026-11-17T10:00:00+02:00",
        end="2026-11-17T10:20:00+02:00",
        participant=[
            *actor(reference=f"Practitioner/{before.practitioner_id}"),
            *actor(reference=f"Location/{before.kiosk_id}"),
            *actor(reference=f"Patient/{before.patient_id}"),
        ],
    )
    asked = read_appointment(resource(json.dumps(sent).encode(), "Appointment"), BASE, before)
    assert asked.starts_at == build.local(10)
    assert (asked.practitioner_id, asked.location_id, asked.patient) == (None, None, None)
