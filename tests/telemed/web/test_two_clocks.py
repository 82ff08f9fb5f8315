"""A demo has two clocks; a page that shows a moment of the real one says so, and what both tell."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from telemed.services import Services
from tests.telemed.web.coordinators_desk import Desk, open_desk

SAID = "The demo’s clock says Tuesday, 17 November at 09:4"

Page = Callable[[Desk], str]
PAGES: dict[str, Page] = {
    "the list of sites": lambda _: "/admin",
    "a site": lambda desk: desk.site_page,
    "its screens": lambda desk: f"{desk.site_page}/screens",
    "who is signed in": lambda _: "/admin/sessions",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_both_clocks_are_named_where_the_real_one_is_shown(services: Services, page: Page) -> None:
    demo = replace(services, settings=replace(services.settings, demo=True))
    desk = open_desk(demo)
    assert SAID in desk.browser().get(page(desk)).text


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_where_there_is_one_clock_nothing_is_said_of_it(services: Services, page: Page) -> None:
    desk = open_desk(services)
    assert "clock" not in desk.browser().get(page(desk)).text
