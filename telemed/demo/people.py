"""Who plays in the demo: invented patients and practitioners with well-formed numbers."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from scheduling.calendar import Shift
from scheduling.people import Patient, Practitioner
from telemed.countries.bg import BULGARIA, EGN
from telemed.demo.names import FAMILIES, MEN, WOMEN
from telemed.demo.places import Map, new_id

PATIENTS = 2_000
DOCTORS = (20, 10, 10)
"""How many practitioners each of the three facilities has."""

_SPECIALTIES = (
    *("general practice",) * 5,
    "cardiology",
    "pulmonology",
    "neurology",
    "endocrinology",
    "dermatology",
)
_SHIFTS = ((time(8), time(13)), (time(12), time(17)), (time(8), time(17)))
_WORKDAYS = range(5)


@dataclass(frozen=True)
class Cast:
    """Everybody; the first practitioner of the first facility is the doctor the demo shows."""

    patients: tuple[Patient, ...]
    practitioners: tuple[Practitioner, ...]
    shifts: tuple[Shift, ...]

    def doctor(self) -> Practitioner:
        """Return the doctor on duty in the demo."""
        return self.practitioners[0]


def invent_people(where: Map, today: date, rng: Random) -> Cast:
    """Invent the people of the demo world."""
    practitioners, shifts = _staff(where, rng)
    return Cast(_patients(today, rng), tuple(practitioners), tuple(shifts))


def egn(born: date, serial: int) -> str:
    """Return the national number of somebody born that day; an even last digit of the serial means a man."""
    plus, century = next((m.plus, m.century) for m in EGN.birth_months if 0 <= born.year - m.century < 100)
    start = f"{born.year - century:02}{born.month + plus:02}{born.day:02}{serial:03}"
    rest = sum(weight * int(digit) for weight, digit in zip(EGN.weights, start, strict=True))
    return f"{start}{rest % 11 % 10}"


def _staff(where: Map, rng: Random) -> tuple[list[Practitioner], list[Shift]]:
    practitioners: list[Practitioner] = []
    shifts: list[Shift] = []
    for facility, number in zip(where.facilities, DOCTORS, strict=True):
        for place in range(number):
            name = f"д-р {_name(rng, 'female' if rng.random() < 0.55 else 'male')}"
            languages = ("bg", "en") if place == 0 or rng.random() < 0.4 else ("bg",)
            specialty = "general practice" if place == 0 else rng.choice(_SPECIALTIES)
            practitioner = Practitioner(new_id(rng), facility.id, name, specialty, languages)
            practitioners.append(practitioner)
            hours = _SHIFTS[2] if place == 0 else rng.choice(_SHIFTS)
            shifts += [Shift(practitioner.id, facility.id, weekday, *hours) for weekday in _WORKDAYS]
    return practitioners, shifts


def _patients(today: date, rng: Random) -> tuple[Patient, ...]:
    phones = rng.sample(range(7_000_000, 10_000_000), PATIENTS)
    numbers: set[str] = set()
    patients = []
    for phone in phones:
        born = today - timedelta(days=int(rng.triangular(1, 95, 74) * 365.25))
        sex = rng.choice(("female", "male"))
        number = _free_number(born, sex, numbers, rng)
        patients.append(
            Patient(
                id=new_id(rng),
                identity="confirmed" if rng.random() < 0.8 else "claimed",
                name=_name(rng, sex),
                birth_date=born,
                sex=sex,
                identifier_kind=EGN.kind,
                identifier=number,
                phone=f"{BULGARIA.phone_prefix}8{phone}{rng.randrange(10)}",
                language="en" if rng.random() < 0.02 else "bg",
            )
        )
    return tuple(patients)


def _free_number(born: date, sex: str, taken: set[str], rng: Random) -> str:
    while True:
        number = egn(born, 2 * rng.randrange(500) + (sex == "female"))
        if number not in taken:
            taken.add(number)
            return number


def _name(rng: Random, sex: str) -> str:
    family = rng.choice(FAMILIES)
    return f"{rng.choice(WOMEN)} {family}а" if sex == "female" else f"{rng.choice(MEN)} {family}"
