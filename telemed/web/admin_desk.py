"""What the coordinator's doors share: who sits there, and how a change of a calendar is answered."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from scheduling.errors import StaleVersion
from scheduling.events import Actor
from scheduling.stores.stranded import Scope
from telemed import clock
from telemed.accounts.store import Staff
from telemed.services import Services
from telemed.unit import Unit
from telemed.visits import stranded
from telemed.web.day_words import DayWords
from telemed.web.forms import Form
from telemed.web.moments import Moments
from telemed.web.place_names import place_names
from telemed.web.problems import Refusal

PURPOSE = "looking whose appointments a change would strand"
LABELS = {
    "day": "Day",
    "name": "Name",
    "note": "Remark",
    "reason": "Reason",
    "kind": "What happens",
    "kiosk": "Which kiosk",
    "site": "Site",
    "practitioner": "Practitioner",
    "who": "Whose week",
    "weeks": "Into these weeks",
    "how": "This day",
    "first_day": "First day",
    "last_day": "Last day",
    "valid_from": "From this day on",
    "from_day": "From",
    "from_time": "From",
    "until_day": "Until",
    "until_time": "Until",
    "stay_1_from": "Arrives and leaves",
    "stay_1_to": "Arrives and leaves",
    "id": "Short name for other systems",
    "service": "Kind of service",
    "minutes": "Length, minutes",
    "buffer_minutes": "Break after it, minutes",
    "lead_minutes": "Patients book at least so many minutes before",
    "cancel_minutes": "Patients cancel at least so many minutes before",
    "channel_video": "How it can be held",
    **dict.fromkeys([f"open_{n}_{end}" for n in (1, 2) for end in ("from", "to")], "Opening hours"),
    **dict.fromkeys([f"duty_{n}_{end}" for n in (1, 2, 3) for end in ("from", "to")], "Other hours"),
}
"""What fields are called; message ids."""

Show = Callable[[Form, bool], ResponseReturnValue]
"""Shows the form again, with whether somebody else has changed it meanwhile."""


def me() -> Staff:
    """Who is at the desk."""
    staff: Staff = g.staff
    return staff


def actor() -> Actor:
    """Who is at the desk, as an event names them."""
    return Actor("staff", me().id)


def own_facility() -> UUID:
    """Whose rosters and patients these are; an account of no facility has none."""
    facility_id = me().facility_id
    if facility_id is None:
        raise Refusal("no-facility")
    return facility_id


def words() -> DayWords:
    """Days in the reader's language."""
    return DayWords(g.lang)


def labels() -> dict[str, str]:
    """What the fields of all these forms are called where their problems are listed."""
    week = {
        f"day{weekday}_{number}_{end}": words().weekday(weekday)
        for weekday in range(7)
        for number in (1, 2)
        for end in ("from", "to")
    }
    return week | {name: t(label) for name, label in LABELS.items()}


def named(names: Mapping[str, str]) -> str:
    """A name that is kept by language, in the reader's or else in any."""
    return names.get(g.lang) or next(iter(names.values()), "")


def zone(services: Services) -> ZoneInfo:
    """The zone of the deployment, for what belongs to no site."""
    return ZoneInfo(services.settings.time_zone)


def said(services: Services, where: ZoneInfo | None = None) -> Moments:
    """Moments in the reader's language and the time of a place."""
    return Moments(services.texts, g.lang, where or zone(services))


def when(services: Services) -> Callable[[datetime], str]:
    """Says a moment of the machine's clock."""
    return said(services).when


class Clocks(NamedTuple):
    """What the two clocks of a demo tell now, in words."""

    demo: str
    real: str


def clocks(services: Services) -> Clocks | None:
    """Both clocks of a demo, for pages with moments of the machine's; elsewhere there is one clock only."""
    if not services.settings.demo:
        return None
    tell = when(services)
    return Clocks(tell(services.clock.now()), tell(clock.real_now()))


def t(message: str) -> str:
    """A message in the reader's language."""
    return str(_word("t")(message))


def t_in(context: str, message: str) -> str:
    """A message of a context in the reader's language."""
    return str(_word("tc")(context, message))


def _word(name: str) -> Callable[..., object]:
    translate = current_app.jinja_env.globals[name]
    assert callable(translate)
    return translate


def day_of(written: str) -> date:
    """The day in an address; anything else is no page."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        abort(404)
    if not 2000 <= found.year <= 2100:
        abort(404)
    return found


def back_to(address: str) -> Show:
    """For a change that has no form: going back to the form means going back to its page."""

    def show(_form: Form, stale: bool) -> ResponseReturnValue:
        if stale:
            raise Refusal("changed-meanwhile")
        return redirect(address, code=303)

    return show


def sent() -> Form:
    """The form as it was sent."""
    return Form(request.form.to_dict())


def settle(
    services: Services,
    form: Form,
    reach: Scope,
    change: Callable[[Unit], None],
    show: Show,
    done: str,
) -> ResponseReturnValue:
    """Answer a form that changes a calendar: first what is wrong, then what it would strand, then make it."""
    if form.sent.get("step") == "edit":
        return show(form, False)
    if not form.fine:
        return make_response(show(form, False), 422)
    try:
        with services.unit(g.reader.with_purpose(PURPOSE)) as unit:
            agreed = form.sent.get("agreed", "")
            report, made = stranded.attempt(unit, lambda: change(unit), reach, agreed)
            sites = [line.site for line in report.lines]
            place = place_names(services.texts, g.lang, unit.book, sites)
    except StaleVersion:
        return make_response(show(form, True), 409)
    if made:
        return redirect("/admin/conflicts" if report.number else done, code=303)
    return render_template(
        "admin/stranding.html",
        report=report,
        form=form,
        place=place,
        when=lambda line: said(services, line.zone).when(line.appointment.starts_at),
    )
