"""What both doors of the kiosk do alike: file an intake, word the receipt, let a slip's owner arrive."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import segno
from flask import g

from telemed.accounts.devices import KioskDevice
from telemed.intake.answers import refusal
from telemed.intake.submission import Submission
from telemed.records.slip_codes import normalise, shown
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import assisting
from telemed.visits import kiosk as verbs
from telemed.visits.kiosk import Arrival, Conflict, Receipt, TooManyTries
from telemed.visits.measuring import READINGS_KEY, note_filed
from telemed.web.kiosk_slots import when_in_words
from telemed.web.kiosk_times import name_of
from telemed.web.line_words import HELD
from telemed.web.place_names import place_names
from telemed.web.problems import Refusal
from telemed.web.spoken_times import say_moment


class Slip(NamedTuple):
    """A receipt in words, as the slip shows it."""

    visit: str
    code: str
    shown: str
    kind: str
    when: str
    say: str
    place: str
    about: str
    doctor: str
    qr: str
    call: str


class Refused(NamedTuple):
    """Why a submission cannot be filed yet, and at which question to mend it."""

    step: str
    code: str


def file(
    services: Services, intake_id: UUID, submission: Submission, language: str
) -> Slip | Refused | Conflict:
    """File an intake from this kiosk; SlotTaken and its kin pass through, and then nothing is filed."""
    device: KioskDevice = g.kiosk
    with services.unit(g.reader) as unit:
        wrong = refusal(submission, services.country, unit.now.date())
        if wrong is not None:
            return Refused(*wrong)
        if not assisting.is_true(unit, submission, intake_id, device.kiosk_id):
            return Refused("review", "not_assisted")
        here = unit.book.kiosk(device.kiosk_id)
        receipt = verbs.file_intake(unit, intake_id, submission, here, language)
        if isinstance(receipt, Conflict):
            return receipt
        key = services.settings.key(READINGS_KEY)
        note_filed(unit, here, intake_id, submission.readings(), key)
        return _slip(services, unit, receipt, language)


def arrive(services: Services, code: str) -> Arrival | None:
    """Let the owner of a slip arrive here; None for a code that stands for nothing."""
    device: KioskDevice = g.kiosk
    try:
        with services.unit(g.reader) as unit:
            return verbs.arrive(unit, normalise(code), unit.book.kiosk(device.kiosk_id))
    except TooManyTries:
        raise Refusal("too-often") from None


def moment_here(services: Services, moment: datetime, language: str) -> str:
    """Say a moment in the time of this kiosk's place."""
    device: KioskDevice = g.kiosk
    with services.view() as view:
        zone = view.book.site(device.site_id).time_zone
    return when_in_words(services.texts, language, moment, zone)


def _slip(services: Services, unit: Unit, receipt: Receipt, language: str) -> Slip:
    site = unit.book.site(receipt.site_id)
    place = place_names(services.texts, language, unit.book, [site])(site)
    when = say = about = doctor = ""
    booked = unit.book.booked_under(receipt.intake_id, None) if receipt.starts_at else None
    if booked is not None:
        kind = unit.book.visit_type(booked.visit_type_id)
        channel = services.texts.translate(language, HELD[booked.channel])
        when = when_in_words(services.texts, language, booked.starts_at, site.time_zone)
        zone = ZoneInfo(site.time_zone)
        say = say_moment(language, booked.starts_at.astimezone(zone), unit.now.astimezone(zone).date())
        about = f"{name_of(kind, language)}, {channel}"
        doctor = unit.book.practitioner(booked.practitioner_id).name
    return Slip(
        visit=str(receipt.visit_id),
        code=receipt.code,
        shown=shown(receipt.code),
        # Who is called in now although they chose otherwise goes on to the doctor from the same page.
        kind=f"{receipt.kind}-now" if receipt.call == "doctor" and receipt.kind != "now" else receipt.kind,
        when=when,
        say=say,
        place=place,
        about=about,
        doctor=doctor,
        qr=segno.make(receipt.code, error="q", micro=False).svg_data_uri(border=2),
        call=receipt.call,
    )
