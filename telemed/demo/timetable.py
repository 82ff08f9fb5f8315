"""What differs from the weekly hours in the demo: visit types, a travelling kit, leave, repairs, a fair."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import hypot
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.hours import DAY
from scheduling.openings import HolidayName, PlacedKiosk, SiteCalendar
from scheduling.places import Holiday, Kiosk, Outage, OutageKind, Settlement, Site, SpecialDay, Stop
from scheduling.rosters import DutyDay, Leave, PractitionerCalendar
from scheduling.store import Book
from scheduling.visit_types import CONSULTATION, VisitType
from telemed.demo.people import DOCTORS, Cast
from telemed.demo.places import ZONE, Map, new_id

_KINDS = (
    VisitType(
        CONSULTATION,
        {
            "bg": "Консултация",
            "en": "Consultation",
            "tr": "Muayene",
            "uk": "Консультація",
            "ru": "Консультация",
            "uz": "Maslahat",
            "uz-Cyrl": "Маслаҳат",
            "vi": "Khám tư vấn",
        },
        "general",
        20,
        0,
        ("video", "audio", "written"),
        needs_kiosk=True,
        needs_clerk=False,
        lead_minutes=0,
        cancel_minutes=0,
    ),
    VisitType(
        "follow-up",
        {
            "bg": "Контролен преглед",
            "en": "Follow-up",
            "tr": "Kontrol muayenesi",
            "uk": "Повторний прийом",
            "ru": "Повторный приём",
            "uz": "Takroriy qabul",
            "uz-Cyrl": "Такрорий қабул",
            "vi": "Tái khám",
        },
        "general",
        10,
        0,
        ("video", "audio"),
        needs_kiosk=True,
        needs_clerk=False,
        lead_minutes=0,
        cancel_minutes=60,
    ),
    VisitType(
        "first-visit",
        {
            "bg": "Първи преглед",
            "en": "First visit",
            "tr": "İlk muayene",
            "uk": "Перший прийом",
            "ru": "Первый приём",
            "uz": "Birinchi qabul",
            "uz-Cyrl": "Биринчи қабул",
            "vi": "Khám lần đầu",
        },
        "general",
        30,
        10,
        ("video",),
        needs_kiosk=True,
        needs_clerk=True,
        lead_minutes=60,
        cancel_minutes=120,
    ),
)
# Weekday, arrival, departure, and every how many weeks the kit comes to each of its three villages.
_ROUTE = (
    (1, time(10), time(12), 1),
    (1, time(13, 30), time(15), 1),
    (3, time(10), time(12), 2),
)
_FIRST_VISITS = "general practice"


@dataclass(frozen=True)
class Timetable:
    """Everything that decides, beside hours and rosters, when somebody can be seen."""

    visit_types: tuple[VisitType, ...]
    offers: dict[UUID, tuple[str, ...]]
    route: tuple[Site, ...]
    kit: Kiosk
    stops: tuple[Stop, ...]
    leave: tuple[Leave, ...]
    duty_days: tuple[DutyDay, ...]
    special_days: tuple[SpecialDay, ...]
    outages: tuple[Outage, ...]
    holidays: tuple[Holiday, ...]

    def practitioners(self, where: Map, cast: Cast) -> dict[UUID, PractitionerCalendar]:
        """Return when each practitioner works."""
        types = {kind.id: kind for kind in self.visit_types}
        return {
            each.id: PractitionerCalendar(
                each.id,
                1,
                each.languages,
                {kind: types[kind] for kind in self.offers[each.id]},
                where.zones(),
                tuple(shift for shift in cast.shifts if shift.practitioner_id == each.id),
                tuple(day for day in self.duty_days if day.practitioner_id == each.id),
                tuple(away for away in self.leave if away.practitioner_id == each.id),
            )
            for each in cast.practitioners
        }

    def sites(self, where: Map, national: HolidayName) -> dict[UUID, SiteCalendar]:
        """Return when each post office and its kiosk can be used."""
        own = {each.day: each for each in self.holidays}

        def holiday(day: date) -> str | None:
            return (own[day].name if own[day].closed else None) if day in own else national(day)

        return {
            site.id: SiteCalendar(
                site,
                1,
                holiday,
                (PlacedKiosk(where.kiosk_at(site).id, 1),),
                {each.day: (each,) for each in self.special_days if each.site_id == site.id},
                outages=tuple(each for each in self.outages if each.site_id == site.id),
            )
            for site in where.sites
        }

    def write(self, book: Book) -> None:
        """Store it, beside the places and people that are stored already."""
        for site in self.route:
            book.add_site(site)
        book.add_kiosk(self.kit)
        for kind in self.visit_types:
            book.set_visit_type(kind)
        for practitioner_id, offered in self.offers.items():
            book.set_offers(practitioner_id, offered)
        book.set_stops(self.kit.id, self.stops)
        for away in self.leave:
            book.add_leave(away)
        for day in self.duty_days:
            book.set_duty_days(day.practitioner_id, day.facility_id, day.day, 1, [day])
        for special in self.special_days:
            book.set_site_day(special.site_id, special.day, [special])
        for outage in self.outages:
            book.add_outage(outage)
        for holiday in self.holidays:
            book.set_holiday(holiday)


def draw_timetable(where: Map, cast: Cast, tuesday: date, national: HolidayName, rng: Random) -> Timetable:
    """Draw it around the day on which the demo begins; what is shown first stays as it is every week."""
    offices = rng.sample([site for site in where.sites if site != where.home()], 4)
    shown = (0, DOCTORS[0])  # who can be signed in as
    others = rng.sample([each for at, each in enumerate(cast.practitioners) if at not in shown], 3)
    monday = tuesday - DAY
    kit = Kiosk(new_id(rng), offices[0].id, "Пътуващ куфар")
    route = tuple(_stop_at(village, rng) for village in _villages_near(offices[0], where))
    stops = (
        Stop(kit.id, site.id, weekday, arrives, leaves, weeks, monday - 14 * DAY)
        for site, (weekday, arrives, leaves, weeks) in zip(route, _ROUTE, strict=True)
    )
    return Timetable(
        visit_types=_KINDS,
        offers={each.id: _offered_by(each.specialty) for each in cast.practitioners},
        route=route,
        kit=kit,
        stops=tuple(stops),
        leave=(
            Leave(new_id(rng), others[0].id, monday, monday + 4 * DAY, "Отпуск"),
            Leave(new_id(rng), others[1].id, monday + 7 * DAY, monday + 8 * DAY, "Обучение"),
        ),
        duty_days=(
            DutyDay(others[2].id, others[2].facility_id, tuesday + 2 * DAY, None, None),
            DutyDay(others[2].id, others[2].facility_id, tuesday + 4 * DAY, time(9), time(12)),
        ),
        special_days=(
            SpecialDay(offices[1].id, tuesday + DAY, None, None, "Ремонт"),
            SpecialDay(offices[2].id, tuesday + 2 * DAY, time(10), time(12), "Инвентаризация"),
        ),
        outages=(
            _outage(offices[3].id, tuesday + DAY, time(9), "maintenance", "Нов принтер", rng),
            _outage(offices[2].id, tuesday, time(9), "clerk_away", "На пощенски курс", rng),
        ),
        holidays=(
            *_worked(tuesday, national),
            Holiday(monday + 11 * DAY, "Празник на общината", closed=True),
        ),
    )


def _worked(tuesday: date, national: HolidayName) -> list[Holiday]:
    """The demo can be shown in any week: where its days are holidays they are worked all the same."""
    names = ((day, national(day)) for day in (tuesday, tuesday + DAY))
    return [Holiday(day, name, closed=False) for day, name in names if name is not None]


def _offered_by(specialty: str) -> tuple[str, ...]:
    more = ("first-visit",) if specialty == _FIRST_VISITS else ()
    return (CONSULTATION, "follow-up", *more)


def _villages_near(office: Site, where: Map) -> list[Settlement]:
    """The three settlements without a post office that the postman of this one reaches first."""
    served = {site.settlement_code for site in where.sites}
    here = next(each for each in where.settlements if each.code == office.settlement_code)
    rest = [each for each in where.settlements if each.code not in served]
    return sorted(rest, key=lambda each: _distance(here, each))[: len(_ROUTE)]


def _distance(one: Settlement, other: Settlement) -> float:
    known = [each or 0.0 for each in (one.latitude, other.latitude, one.longitude, other.longitude)]
    return hypot(known[0] - known[1], known[2] - known[3])


def _stop_at(village: Settlement, rng: Random) -> Site:
    return Site(new_id(rng), "route_stop", village.code, f"Спирка {village.name}", ZONE, ())


def _outage(site_id: UUID, day: date, begins: time, kind: OutageKind, reason: str, rng: Random) -> Outage:
    starts_at = datetime.combine(day, begins, ZoneInfo(ZONE)).astimezone(UTC)
    return Outage(new_id(rng), site_id, None, starts_at, starts_at + timedelta(hours=2), kind, reason)
