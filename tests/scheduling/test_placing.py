from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest

from scheduling.calendar import Slot
from scheduling.errors import NotFound, NotOffered, OffGrid, OutsideHours
from scheduling.places import Outage
from scheduling.placing import in_the_way, offered, placing
from tests import build
from tests.build import MINUTES_20, TUESDAY, local
from tests.scheduling.calendars import (
    CENTRE,
    CONSULTATION,
    DOCTOR,
    KIOSK,
    OTHER_CENTRE,
    SITE,
    on_duty,
    practitioner,
    site,
)

WHO = practitioner([*on_duty(time(8), time(12)), *on_duty(time(12), time(16))])


ELEVEN = local(11)


def slot(starts_at: datetime = ELEVEN, length: timedelta = MINUTES_20) -> Slot:
    return Slot(DOCTOR, KIOSK, SITE.id, starts_at, starts_at + length)


def placed(chosen: Slot) -> UUID:
    return placing(chosen, CONSULTATION, WHO, site())


def test_a_slot_belongs_to_the_facility_whose_duty_it_falls_into() -> None:
    shifts = [*on_duty(time(8), time(12)), *on_duty(time(12), time(16), facility_id=OTHER_CENTRE)]
    zones = {CENTRE: "Europe/Sofia", OTHER_CENTRE: "Europe/Sofia"}
    who = practitioner(shifts, zones=zones)
    assert placing(slot(), CONSULTATION, who, site()) == CENTRE
    assert placing(slot(local(13)), CONSULTATION, who, site()) == OTHER_CENTRE


@pytest.mark.parametrize(
    "starts_at",
    [local(8, 40), local(11, 50), local(15, 50), local(3), local(11, 0, TUESDAY + timedelta(days=4))],
    ids=["before opening", "across two duties", "beyond the duty", "at night", "on a closed day"],
)
def test_outside_hours_is_refused(starts_at: datetime) -> None:
    with pytest.raises(OutsideHours):
        placed(slot(starts_at))


@pytest.mark.parametrize(
    ("starts_at", "minutes"),
    [(local(11, 10), 20), (local(11), 25), (local(11), 40), (local(11) + timedelta(seconds=1), 20)],
    ids=["between two slots", "too long", "two slots at once", "a second late"],
)
def test_off_the_grid_is_refused(starts_at: datetime, minutes: int) -> None:
    with pytest.raises(OffGrid):
        placed(slot(starts_at, timedelta(minutes=minutes)))


@pytest.mark.parametrize("length", [timedelta(days=365 * 400), timedelta(0), -MINUTES_20])
def test_a_length_that_no_visit_has_is_refused_before_any_calendar_is_read(length: timedelta) -> None:
    with pytest.raises(OffGrid, match="no visit"):
        placed(slot(length=length))


def test_a_kiosk_of_another_site_is_not_found() -> None:
    with pytest.raises(NotFound, match="kiosk"):
        placed(replace(slot(), kiosk_id=UUID(int=99)))


def test_what_the_practitioner_does_not_offer_is_refused() -> None:
    with pytest.raises(NotOffered):
        placing(slot(), build.visit_type(id="surgery"), WHO, site())
    with pytest.raises(NotOffered):
        offered(WHO, "surgery")
    assert offered(WHO, "consultation") == CONSULTATION


def test_a_visit_that_needs_a_kiosk_is_not_offered_without_one() -> None:
    with pytest.raises(NotOffered):
        placed(replace(slot(), kiosk_id=None))


def test_each_obstacle_has_a_name() -> None:
    closed = site(replace(SITE, hours=()))
    broken = site(outages=(Outage(UUID(int=8), SITE.id, KIOSK, local(10), local(12), "maintenance", ""),))
    elsewhere = practitioner([])
    assert in_the_way(slot(), CONSULTATION, WHO, site()) is None
    assert in_the_way(slot(), CONSULTATION, WHO, closed) == "closed"
    assert in_the_way(slot(), CONSULTATION, WHO, broken) == "kiosk_away"
    assert in_the_way(slot(), CONSULTATION, elsewhere, site()) == "off_duty"
    assert in_the_way(slot(), build.visit_type(id="surgery"), WHO, site()) == "not_offered"


def test_nothing_is_in_the_way_of_what_lies_off_the_grid() -> None:
    assert in_the_way(slot(local(11, 7)), CONSULTATION, WHO, site()) is None
