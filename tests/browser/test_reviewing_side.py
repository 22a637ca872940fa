"""A reviewer at work: ticking parts off by mouse and keyboard, and suggesting an edit."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.servers]


@pytest.fixture
def change(visit):
    """Tom on the page of a change of a journey that others can decide on."""
    tom = visit("tom").at("/changes/?state=in_review")
    addresses = tom.page.locator("a.row-link").evaluate_all("links => links.map(a => a.href)")
    for address in addresses:
        tom.page.goto(address)
        if tom.page.get_by_role("link", name="Suggest an edit").count():
            return tom
    raise AssertionError("The demo has no such change.")


def test_ticking_folds_counts_and_stays(change):
    page = change.page
    part = page.locator("section.hunk").first
    box, body = part.get_by_role("checkbox"), part.locator("details.hunk-body")
    count = page.locator("#viewed-count")
    before = int(count.inner_text().split()[0])

    box.click()
    expect(box).to_be_checked()
    expect(count).to_have_text(re.compile(rf"^{before + 1} of"))
    expect(body).not_to_have_attribute("open", "")
    expect(box).to_be_focused()
    change.check()

    # The fold opens by keyboard, and what was not read yet is read then.
    page.reload()
    expect(box).to_be_checked()
    body.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(body.locator("> div.in")).to_be_visible()
    change.check()

    box.focus()
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    expect(count).to_have_text(re.compile(rf"^{before} of"))


def test_what_is_new_and_a_suggestion(change):
    page = change.page
    page.get_by_role("link", name="Since my last review").click()
    expect(page.get_by_role("link", name="Show all parts")).to_be_visible()
    change.check()
    page.get_by_role("link", name="All parts", exact=True).click()

    page.get_by_role("link", name="Suggest an edit").first.click()
    change.check()
    page.get_by_label("Why you suggest it").fill("Fewer words")
    field = page.locator("form textarea, form input[type=text]").first
    field.fill("Said in fewer words")
    page.get_by_role("button", name="Suggest").click()

    expect(page.get_by_text("suggests", exact=False).first).to_be_visible()
    expect(page.get_by_text("Fewer words").first).to_be_visible()
    change.check()
