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
    StringConstraints,
    model_validator,
)

from scheduling.visit_types import CONSULTATION
from telemed.intake import intake, vitals
from telemed.intake.intake import COMPLAINTS

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


class Measurement(Strict):
    """One typed reading, or the reason why there is none."""

    code: str
    value: Decimal | None = None
    reason: vitals.Reason | None = None
    typed_by: vitals.TypedBy = "patient"
    taken_at: Moment

    def reading(self) -> vitals.Measurement:
        """Return the checked reading; one that cannot exist raises."""
        return vitals.measured(self.code, self.value, self.reason, self.typed_by, self.taken_at)

    @model_validator(mode="after")
    def _possible(self) -> "Measurement":
        self.reading()
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
    choice: Annotated[Now | SlotChoice | WishChoice, Field(discriminator="kind")]

    @model_validator(mode="after")
    def _coherent(self) -> "Submission":
        if self.sms != (self.phone is not None):
            raise ValueError("a phone number is kept exactly when SMS was agreed to")
        if self.complaint not in COMPLAINTS:
            raise ValueError("unknown complaint")
        codes = [measurement.code for measurement in self.measurements]
        if len(codes) != len(set(codes)):
            raise ValueError("the same measurement twice")
        vitals.check_pressure(self.readings())
        return self

    def measured_later(self, by: timedelta) -> "Submission":
        """Return this submission with its readings moved: a browser's clock is not the domain's."""
        moved = tuple(each.model_copy(update={"taken_at": each.taken_at + by}) for each in self.measurements)
        return self.model_copy(update={"measurements": moved})

    def readings(self) -> Mapping[str, vitals.Measurement]:
        """Return the readings by their code."""
        return {measurement.code: measurement.reading() for measurement in self.measurements}

    def body(self) -> bytes:
        """Return the canonical bytes by which two submissions are compared."""
        told = self.model_dump(mode="json")
        # How a slot was kept says nothing about what was asked for; what is usual need not be said.
        told["choice"].pop("hold_id", None)
        if told["choice"].get("visit_type_id") == CONSULTATION:
            del told["choice"]["visit_type_id"]
        if self.contacts is None:
            del told["contacts"]
        return intake.canonical(told)

    def intake(self, filed: intake.Filing) -> intake.Intake:
        """Return the intake this submission becomes when filed."""
        claim = intake.Claim(**self.claim.model_dump())
        return intake.Intake(
            filing=filed,
            claim=claim,
            measurements=tuple(self.readings().values()),
            **self.model_dump(include=_PLAIN),
        )


_PLAIN = {"language", "red_flag", "complaint", "words", "phone", "sms", "sharing", "notice_version"}


def read(body: Mapping[str, Any] | bytes) -> Submission:
    """Read a submission from JSON; what does not fit raises pydantic's ValidationError."""
    return (
        Submission.model_validate_json(body)
        if isinstance(body, bytes)
        else Submission.model_validate(dict(body))
    )
