"""The body of ``PUT /api/v1/intakes/<id>``: everything one visit to the kiosk asks the service for."""

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
    StringConstraints,
    model_validator,
)

from scheduling.visit_types import CONSULTATION
from telemed.intake import intake, units, vitals
from telemed.intake.drivers import as_sent
from telemed.intake.intake import COMPLAINTS
from telemed.intake.steps.symptoms import ANSWERS, SIGNS

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120, pattern=r"^[^\x00-\x1f]+$")
]


def _in_every_zone(moment: datetime) -> datetime:
    if not MINYEAR < moment.year < MAXYEAR:
        raise ValueError("at the ends of the calendar a moment cannot be said in every zone")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_every_zone)]


class Strict(BaseModel):
    """A part of a submission; what it does not name, it does not take."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Claim(Strict):
    """Who the patient says they are."""

    identifier_kind: Annotated[str, StringConstraints(max_length=12)] | None = None
    identifier: Annotated[str, StringConstraints(max_length=32, pattern=r"^[0-9A-Z]+$")] | None = None
    name: Name
    birth_date: date | None = None

    @model_validator(mode="after")
    def _whole_identifier(self) -> "Claim":
        if (self.identifier_kind is None) != (self.identifier is None):
            raise ValueError("an identifier and its kind come together")
        return self


Word = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_ -]*$")]
# As long as a Bluetooth characteristic can be, in hexadecimal digits.
Bytes = Annotated[str, StringConstraints(max_length=1024, pattern=r"^([0-9a-f]{2})*$")]


class Measurement(Strict):
    """One reading, or the reason why there is none; what a device has sent is read again from its bytes."""

    code: str
    value: Decimal | None = None
    reason: vitals.Reason | None = None
    typed_by: vitals.TypedBy = "patient"
    taken_at: Moment
    number: Annotated[int, Field(ge=1, le=20)] = 1
    source: vitals.Source = "typed"
    coded: Word = ""
    entered: Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9.]*$")] = ""
    entered_unit: Annotated[str, StringConstraints(max_length=12, pattern=r"^[\x21-\x7e]*$")] = ""
    device_id: UUID | None = None
    characteristic: Annotated[str, StringConstraints(max_length=36, pattern=r"^[0-9a-f-]*$")] = ""
    raw: Bytes = ""
    # None from a kiosk: the server reads a device's own clock from its bytes.
    device_time: NaiveDatetime | None = None
    flags: Annotated[tuple[Word, ...], Field(max_length=24)] = ()
    detail: Word = ""
    assisted_by: UUID | None = None

    def reading(self) -> vitals.Measurement:
        """Return the checked reading with all that its bytes say; one that cannot exist raises."""
        said = vitals.Measurement(**{name: getattr(self, name) for name in vitals.Measurement._fields})
        return units.check_entered(as_sent(vitals.checked(said)))

    @model_validator(mode="after")
    def _possible(self) -> "Measurement":
        self.reading()
        return self


class Symptom(Strict):
    """What was answered to a question that belongs to a complaint."""

    question: str
    answer: str

    @model_validator(mode="after")
    def _possible(self) -> "Symptom":
        if self.answer not in ANSWERS.get(self.question, ()):
            raise ValueError("no such question, or no such answer to it")
        return self


class Now(Strict):
    """The patient waits here for the next free doctor."""

    kind: Literal["now"] = "now"


VisitTypeId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,20}$")]


class SlotChoice(Strict):
    """The patient comes back at a free time, which may be held for them meanwhile."""

    kind: Literal["slot"] = "slot"
    practitioner_id: UUID
    kiosk_id: UUID
    starts_at: Moment
    visit_type_id: VisitTypeId = CONSULTATION
    hold_id: UUID | None = None


class WishChoice(Strict):
    """No time suits: the patient hopes for one that is given back within so many days."""

    kind: Literal["wish"] = "wish"
    days: Annotated[int, Field(ge=1, le=30)]
    visit_type_id: VisitTypeId = CONSULTATION


Phone = Annotated[str, StringConstraints(pattern=r"^\+[0-9]{8,15}$")]


class Proxy(Strict):
    """Somebody else who may be told place and time: a first name and a number."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40, pattern=r"^[^\x00-\x1f]+$")
    ]
    phone: Phone


class Contacts(Strict):
    """By which further ways the patient may be reached, and in which letters."""

    script: Literal["native", "latin"] = "native"
    voice: Phone | None = None
    proxy: Proxy | None = None
    letter: bool = False


class Submission(Strict):
    """One intake as the kiosk sends it, once."""

    language: str
    red_flag: bool
    claim: Claim
    notice_version: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00-\x1f]+$")]
    phone: Phone | None = None
    sms: bool
    # None from a kiosk that does not ask yet.
    contacts: Contacts | None = None
    sharing: bool
    complaint: str
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    measurements: tuple[Measurement, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    choice: Annotated[Now | SlotChoice | WishChoice, Field(discriminator="kind")]

    @model_validator(mode="after")
    def _coherent(self) -> "Submission":
        if self.sms != (self.phone is not None):
            raise ValueError("a phone number is kept exactly when SMS was agreed to")
        if self.complaint not in COMPLAINTS:
            raise ValueError("unknown complaint")
        readings = [(measurement.code, measurement.number) for measurement in self.measurements]
        if len(readings) != len(set(readings)):
            raise ValueError("the same measurement twice")
        vitals.check_pressure(self.readings())
        if len({symptom.question for symptom in self.symptoms}) < len(self.symptoms):
            raise ValueError("the same question twice")
        if not self.red_flag and any(each.answer == SIGNS.get(each.question) for each in self.symptoms):
            raise ValueError("a sign of danger is a red flag")
        return self

    def measured_later(self, by: timedelta) -> "Submission":
        """Return this submission with its readings moved: a browser's clock is not the domain's."""
        moved = tuple(each.model_copy(update={"taken_at": each.taken_at + by}) for each in self.measurements)
        return self.model_copy(update={"measurements": moved})

    def readings(self) -> tuple[vitals.Measurement, ...]:
        """Return the readings, of a device with all that its bytes say."""
        return tuple(measurement.reading() for measurement in self.measurements)

    def body(self) -> bytes:
        """Return the canonical bytes by which two submissions are compared."""
        told = self.model_dump(mode="json")
        # How a slot was kept says nothing about what was asked for; what is usual need not be said.
        told["choice"].pop("hold_id", None)
        if told["choice"].get("visit_type_id") == CONSULTATION:
            del told["choice"]["visit_type_id"]
        if self.contacts is None:
            del told["contacts"]
        if not self.symptoms:
            del told["symptoms"]
        told["measurements"] = [_in_full(each) for each in self.readings()]
        return intake.canonical(told)

    def intake(self, filed: intake.Filing) -> intake.Intake:
        """Return the intake this submission becomes when filed."""
        claim = intake.Claim(**self.claim.model_dump())
        return intake.Intake(
            filing=filed,
            claim=claim,
            measurements=self.readings(),
            symptoms=tuple(intake.Symptom(each.question, each.answer) for each in self.symptoms),
            **self.model_dump(include=_PLAIN),
        )


def _in_full(reading: vitals.Measurement) -> dict[str, Any]:
    """Return what is filed of a reading; what is usual need not be said, so old bodies stay as they were."""
    written = Measurement.model_construct(**reading._asdict()).model_dump(mode="json")
    usual = vitals.Measurement._field_defaults
    return {
        name: said
        for name, said in written.items()
        if name not in usual or getattr(reading, name) != usual[name]
    }


_PLAIN = {"language", "red_flag", "complaint", "words", "phone", "sms", "sharing", "notice_version"}


def read(body: Mapping[str, Any] | bytes) -> Submission:
    """Read a submission from JSON; what does not fit raises pydantic's ValidationError."""
    return (
        Submission.model_validate_json(body)
        if isinstance(body, bytes)
        else Submission.model_validate(dict(body))
    )
