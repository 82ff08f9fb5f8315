from dataclasses import replace
from uuid import UUID

from scheduling.calendar_cache import CalendarCache
from tests.build import TUESDAY
from tests.scheduling.calendars import DOCTOR, KIOSK, SITE, practitioner, site


def test_a_calendar_is_good_for_its_version_only() -> None:
    kept = CalendarCache()
    mine, here = practitioner(), site()
    kept.keep_practitioner(mine)
    kept.keep_site(here)
    assert (kept.practitioner(DOCTOR, 1), kept.practitioner(DOCTOR, 2)) == (mine, None)
    assert (kept.site(SITE.id, 1), kept.site(SITE.id, 2)) == (here, None)
    assert (kept.site_of(SITE.id, KIOSK, 1), kept.site_of(SITE.id, KIOSK, 2)) == (here, None)
    assert kept.site_of(SITE.id, UUID(int=99), 1) is None


def test_the_newest_is_the_only_one() -> None:
    kept = CalendarCache()
    kept.keep_practitioner(practitioner())
    kept.keep_practitioner(practitioner(version=2))
    assert kept.practitioner(DOCTOR, 1) is None


def test_the_oldest_goes_when_there_is_no_room() -> None:
    kept = CalendarCache(room=2)
    for number in (1, 2, 3):
        kept.keep_practitioner(practitioner(practitioner_id=UUID(int=number)))
        kept.keep_site(site(replace(SITE, id=UUID(int=number))))
    assert [kept.practitioner(UUID(int=number), 1) is None for number in (1, 2, 3)] == [True, False, False]
    assert [kept.site(UUID(int=number), 1) is None for number in (1, 2, 3)] == [True, False, False]


def test_one_apart_is_empty_and_of_the_same_country() -> None:
    kept = CalendarCache(lambda day: "Republic Day" if day == TUESDAY else None)
    kept.keep_practitioner(practitioner())
    apart = kept.apart()
    assert apart.practitioner(DOCTOR, 1) is None
    assert apart.national_holiday(TUESDAY) == "Republic Day"
