"""Who may enter which door, and by which proof: one table of every door there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask import Request

from telemed.accounts.sessions import Audience
from telemed.fhir import table

Proof = Literal[
    "open",
    "staff",
    "kiosk",
    "patient",
    "device",
    "clerk",
    "provider",
    "assertion",
    "bearer",
    "demo",
    "token",
]


@dataclass(frozen=True)
class Entry:
    """One door: the proof it asks for, the roles it lets in, and the session cookie it may use, if any.

    A quiet door is asked by scripts by themselves; it does not count as somebody being there.
    """

    proof: Proof
    who: tuple[str, ...]
    cookie: Audience | None = None
    quiet: bool = False


ANYBODY = ("anybody",)
PATIENT = ("patient",)
KIOSK = ("kiosk",)

_open = Entry("open", ANYBODY)
_sign_in = Entry("open", ANYBODY, cookie="staff")
_coordinator = Entry("staff", ("coordinator",), cookie="staff")
_doctor = Entry("staff", ("doctor",), cookie="staff")
_clerk = Entry("staff", ("clerk",), cookie="staff")
_any_staff = Entry("staff", ("doctor", "coordinator", "clerk"), cookie="staff")
_enrol = Entry("open", ANYBODY, cookie="kiosk")
_kiosk = Entry("kiosk", KIOSK, cookie="kiosk")
_device = Entry("device", KIOSK)
# A clerk whose PIN has opened this kiosk for some minutes: the kiosk's signature and a token beside it.
_clerk_mode = Entry("clerk", ("clerk",))
_patient = Entry("patient", PATIENT, cookie="my")
_demo = Entry("demo", ANYBODY)
_provider = Entry("provider", ("provider",))
# The door itself compares the token in the address.
_token = Entry("token", ("provider",))
# The door itself reads the signed assertion; no browser and no cookie is in it.
_assertion = Entry("assertion", ("system",))

ACCESS: dict[str, Entry] = {
    # files and supervision
    "assets.file": _open,
    "health.live": _open,
    "health.ready": _open,
    # staff sign-in (Flask-Security's views and ours)
    "staff.front": _open,
    "staff.home": _any_staff,
    "security.login": _sign_in,
    "security.two_factor_token_validation": _sign_in,
    "security.two_factor_setup": _sign_in,
    "security.two_factor_rescue": _open,
    "security.logout": _any_staff,
    # coordinator
    "admin.sites": _coordinator,
    "admin.site": _coordinator,
    "admin.make_code": _coordinator,
    "admin.revoke": _coordinator,
    "admin.revoked": _coordinator,
    "admin.devices": _coordinator,
    "admin.new_device": _coordinator,
    "admin.add_device": _coordinator,
    "admin.device": _coordinator,
    "admin.change_device": _coordinator,
    "admin.retire_device": _coordinator,
    "admin.hours": _coordinator,
    "admin.set_hours": _coordinator,
    "admin.special_day": _coordinator,
    "admin.add_special_day": _coordinator,
    "admin.drop_special_day": _coordinator,
    "admin.outage": _coordinator,
    "admin.add_outage": _coordinator,
    "admin.drop_outage": _coordinator,
    "admin.stop": _coordinator,
    "admin.add_stop": _coordinator,
    "admin.drop_stop": _coordinator,
    "admin.rosters": _coordinator,
    "admin.copy_week": _coordinator,
    "admin.copied_week": _coordinator,
    "admin.roster": _coordinator,
    "admin.weekly": _coordinator,
    "admin.set_weekly": _coordinator,
    "admin.roster_day": _coordinator,
    "admin.set_day": _coordinator,
    "admin.leave": _coordinator,
    "admin.add_leave": _coordinator,
    "admin.drop_leave": _coordinator,
    "admin.offers": _coordinator,
    "admin.set_offers": _coordinator,
    "admin.holidays": _coordinator,
    "admin.holiday": _coordinator,
    "admin.add_holiday": _coordinator,
    "admin.change_holiday": _coordinator,
    "admin.visit_types": _coordinator,
    "admin.new_visit_type": _coordinator,
    "admin.add_visit_type": _coordinator,
    "admin.visit_type": _coordinator,
    "admin.change_visit_type": _coordinator,
    "admin.find": _coordinator,
    "admin.found": _coordinator,
    "admin.day": _coordinator,
    "admin.conflicts": _coordinator,
    "admin.conflict": _coordinator,
    "admin.decide": _coordinator,
    "admin.unanswered": _coordinator,
    "admin.wishes": _coordinator,
    "admin.drop_wish": _coordinator,
    "admin.messages": _coordinator,
    "admin.story": _coordinator,
    "admin.send_again": _coordinator,
    "admin.stopped": _coordinator,
    "admin.lift": _coordinator,
    "admin.calls": _coordinator,
    "admin.phone": _coordinator,
    "admin.keep_phone": _coordinator,
    "admin.displays": _coordinator,
    "admin.make_display": _coordinator,
    "admin.drop_display": _coordinator,
    "admin.sessions": _coordinator,
    "admin.end": _coordinator,
    # clerk
    "counter.today": _clerk,
    "counter.emergencies_here": Entry("staff", ("clerk",), cookie="staff", quiet=True),
    "counter.rings": Entry("staff", ("clerk",), cookie="staff", quiet=True),
    "counter.go_to_kiosk": _clerk,
    "counter.sheet": _clerk,
    "counter.mark_call": _clerk,
    "counter.letters": _clerk,
    "counter.letter": _clerk,
    "counter.pin": _clerk,
    "counter.make_pin": _clerk,
    "counter.drop_pin": _clerk,
    # kiosk enrolment
    "enrol.page": _enrol,
    "enrol.enrol": _enrol,
    # kiosk pages: two are the same for everybody and hold nothing personal
    "kiosk.rules": _open,
    "kiosk.page_for_all": _open,
    "kiosk.language": _kiosk,
    "kiosk.step": _kiosk,
    "kiosk.answer": _kiosk,
    # what the kiosk says aloud is the same for everybody
    "kiosk_sounds.chapter": _open,
    # the queue without names: for a screen that has the address, and for an enrolled kiosk
    "displays.screen": _open,
    "displays.here": _kiosk,
    # a call for help: the button needs neither script nor session, only the enrolled kiosk
    "emergencies.press": Entry("kiosk", KIOSK),
    "emergencies.call": _device,
    # what the kiosk's script asks for
    "kiosk_waiting.wait": _device,
    "kiosk_waiting.go_home": _device,
    "kiosk_waiting.here": _device,
    # the technical side of a kiosk, for a clerk with a PIN
    "kiosk_clerk.unlock": _device,
    "kiosk_clerk.desk": _clerk_mode,
    "kiosk_clerk.keep": _clerk_mode,
    "kiosk_clerk.assist": _clerk_mode,
    "kiosk_clerk.close": _clerk_mode,
    "kiosk_times.types": _device,
    "kiosk_times.hold": _device,
    "kiosk_times.release": _device,
    "kiosk_again.answer": _device,
    "kiosk_written.question": _device,
    "kiosk_written.answer": _device,
    "kiosk_api.file": _device,
    "kiosk_api.slots": _device,
    "kiosk_api.arrive": _device,
    "kiosk_api.call_pass": _device,
    "kiosk_api.state": _device,
    "kiosk_api.leave": _device,
    "kiosk_api.summary": _device,
    "lines.take": _device,
    # trying camera, sound and line before a call
    "line_probe.kiosk": _device,
    "line_probe.at_kiosk": _kiosk,
    "line_probe.staff": _doctor,
    "line_probe.at_clinic": _doctor,
    "call_log.tell": _device,
    "kiosk_devices.known": _device,
    "kiosk_devices.read": _device,
    "kiosk_devices.paired": _device,
    "kiosk_devices.page": _kiosk,
    # doctor
    "clinic.today": _doctor,
    "clinic.waiting_list": Entry("staff", ("doctor",), cookie="staff", quiet=True),
    "clinic.case": _doctor,
    "clinic.alarm_now": Entry("staff", ("doctor",), cookie="staff", quiet=True),
    "clinic.measured_now": Entry("staff", ("doctor",), cookie="staff", quiet=True),
    "clinic.ask_again": _doctor,
    "clinic.rungs_now": Entry("staff", ("doctor",), cookie="staff", quiet=True),
    "clinic.answer_later": _doctor,
    "clinic.have_read": _doctor,
    "clinic.take_over": _doctor,
    "clinic.ask_in_writing": _doctor,
    "clinic.by_telephone": _doctor,
    "clinic.end_telephone": _doctor,
    "clinic.phone": _doctor,
    "clinic.keep_phone": _doctor,
    "clinic.drop_phone": _doctor,
    "clinic.scores": _doctor,
    "clinic.later": _doctor,
    "clinic.stop_call": _doctor,
    "clinic.clerk_now": Entry("staff", ("doctor",), cookie="staff", quiet=True),
    "clinic.rings": Entry("staff", ("doctor",), cookie="staff", quiet=True),
    "clinic.admit": _doctor,
    "clinic.identity": _doctor,
    "clinic.summary": _doctor,
    "clinic.note": _doctor,
    "clinic.note_state": _doctor,
    "clinic.correction": _doctor,
    "clinic.call_pass": _doctor,
    "clinic.hang_up": _doctor,
    "clinic.in_call": _doctor,
    "clinic.quality": Entry("staff", ("doctor",), cookie="staff", quiet=True),
    "clinic.priority": _doctor,
    "clinic.seen": _doctor,
    "clinic.emergency_seen": _doctor,
    "clinic.limits": _doctor,
    "clinic.sign_limits": _doctor,
    "clinic.appointment": _doctor,
    "clinic.appointment_step": _doctor,
    "clinic.appointment_move": _doctor,
    "clinic.appointment_allow": _doctor,
    "clinic.wishes": _doctor,
    "clinic.drop_wish": _doctor,
    # calendars: the feed is open to whoever knows its address
    "calendars.feed": _open,
    "calendars.page": _doctor,
    "calendars.make": _doctor,
    "calendars.end": _doctor,
    # the patient's own record
    "my.appointment": _patient,
    "my.enter": Entry("open", ANYBODY, cookie="my"),
    "my.open": Entry("open", ANYBODY, cookie="my"),
    "my.record": _patient,
    "my.sign_out": _patient,
    "my.told": _patient,
    # the SMS provider
    "sms.inbound": _provider,
    "sms.status": _provider,
    "voice.call": _provider,
    "voice.answer": _provider,
    "voice.status": _provider,
    "voice_join.join": _provider,
    "voice_join.left": _provider,
    "gateway.status": _token,
    "gateway.inbound": _token,
    # what calls say: the same for everybody, named by its own words
    "voice.sound": _open,
    # other systems; the doors of FHIR are made from the same table
    "oauth.token": _assertion,
    "scheduling_links.manifest": _open,
    "scheduling_links.file": _open,
    "fhir.metadata": _open,
    "fhir.smart_configuration": _open,
    **{door.endpoint: Entry("bearer", (door.scope,)) if door.scope else _open for door in table.doors()},
    # the demo's own pages
    **{f"demo.{name}": _demo for name in ("front", "kiosk", "phone", "answer", "forward", "call", "switch")},
}


def entry_of(endpoint: str | None, table: Mapping[str, Entry] = ACCESS) -> Entry | None:
    """The entry of an endpoint; none means that nobody may enter."""
    return table.get(endpoint) if endpoint else None


def audience_of(asked: Request) -> Audience | None:
    """Whose session cookie a request may use."""
    entry = entry_of(asked.endpoint)
    return entry.cookie if entry else None


def is_quiet(asked: Request) -> bool:
    """Whether a request says nothing about somebody being there."""
    entry = entry_of(asked.endpoint)
    return entry is not None and entry.quiet
