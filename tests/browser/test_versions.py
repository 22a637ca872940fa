"""Versions at a browser: two compared in three ways, one brought back in part."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.servers]

JOURNEY = "/journeys/account-opening/"
PAGES = (
    f"{JOURNEY}?tab=versions",
    f"{JOURNEY}versions/1/compare/8/",
    f"{JOURNEY}versions/8/compare/1/?view=flow",
    f"{JOURNEY}versions/8/compare/1/?view=flow&drawn=over",
    f"{JOURNEY}versions/1/compare/8/?view=list",
    f"{JOURNEY}versions/6/restore/",
)


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"color_scheme": "dark"},
        {"viewport": {"width": 390, "height": 800}},
    ],
    ids=["wide", "dark", "phone"],
)
def test_every_screen_of_versions_is_sound(visit, context):
    size = context.pop("viewport", None)
    ana = visit("ana", **context)
    if size:
        ana.page.set_viewport_size(size)
    for path in PAGES:
        ana.at(path).check()
        assert ana.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )


def test_two_versions_are_chosen_compared_and_one_restored_in_part(visit):
    ana = visit("ana").at(f"{JOURNEY}?tab=versions")
    page = ana.page
    page.select_option("#version-a", "6")
    page.select_option("#version-b", "8")
    page.locator(".version-pair button").click()
    page.wait_for_url("**/versions/6/compare/8/")
    expect(page.locator(".step.mark-edit")).to_have_count(2)
    page.get_by_role("link", name="List").click()
    expect(page.locator(".hunk")).to_have_count(3)
    page.get_by_role("link", name="Restore version 6").click()
    page.get_by_label("Only what is ticked below").check()
    page.get_by_label("Welcome e-mail").check()
    page.locator("[name=rationale]").fill("The longer subject was opened less")
    page.get_by_role("button", name="Start the change").click()
    page.wait_for_url("**/changes/*/")
    expect(page.locator(".hunk")).to_have_count(1)
    ana.check()
