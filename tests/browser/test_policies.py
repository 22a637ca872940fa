"""A policy from the form to the first draft it asks about, by clicking."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.servers]

# It fits one step of one journey only, so that the changes of other tests are asked as before.
CONDITIONS = [
    ("Channels", "E-mail"),
    ("Kinds of edits", "content"),
    ("Steps", "welcome-email"),
    ("Subject", "account-opening"),
]
# Colours fade from level to level of the page, a frame or two for each.
FRAMES = "async () => { for (let n = 0; n < 30; n++) await new Promise(requestAnimationFrame) }"


def settled(page):
    """The form has been drawn anew, and what is new in it listens."""
    expect(page.locator(".htmx-request, .htmx-added")).to_have_count(0)


def add_condition(page, place, fact, value):
    """One more question in the form; its values are boxes, or lines to write on."""
    page.get_by_role("button", name="Add condition").click()
    settled(page)
    page.locator(f"[name='when.{place}.fact']").select_option(label=fact)
    settled(page)
    values = page.locator(f"[name='when.{place}.value']").first
    if values.get_attribute("type") == "checkbox":
        page.locator(f"[id='id_when-{place}-value']").get_by_label(value, exact=True).check()
    else:
        values.fill(value)


def in_both_lights(person):
    """The page as it is by day and by night; colours that still fade would be measured halfway."""
    for scheme in ("dark", "light"):
        person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        person.page.evaluate(FRAMES)
        person.check()


@pytest.fixture
def omar(visit):
    """A governance lead; what he put into force ends with the test."""
    omar = visit("omar")
    yield omar
    end = omar.at("/policies/legal-welcome/").page.get_by_role("link", name="End", exact=True)
    if end.count():
        end.click()
        omar.page.get_by_label("Why").fill("It was tried.")
        omar.page.get_by_role("button", name="Propose the end").click()
        omar.page.get_by_role("link", name="End it").click()
        omar.page.get_by_role("button", name="End it").click()
        expect(omar.page.get_by_text("Not in force").first).to_be_visible()


def test_policy_is_written_tried_replayed_and_put_into_force(omar, visit):
    page = omar.page

    # Omar writes it: who changes the words of the welcome e-mail has legal read them.
    omar.at("/policies/new/")
    for place, (fact, value) in enumerate(CONDITIONS):
        add_condition(page, place, fact, value)
    page.get_by_label("Who", exact=True).select_option("team:legal")
    page.locator("[name='need.0.name.en']").fill("Legal reads the welcome")
    page.locator("[name='name.en']").fill("Legal reads the welcome e-mail")
    page.locator("[name=key]").fill("legal-welcome")
    words = page.locator("#policy-words")
    expect(words).to_contain_text("leads of the team “Legal and compliance”")
    expect(words).not_to_contain_text("Something is still missing")
    in_both_lights(omar)
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("heading", name="Version 1 is proposed")).to_be_visible()
    in_both_lights(omar)
    policy = page.url

    # What would it have asked about a change that is over?
    page.get_by_role("link", name="Try it on a change").click()
    page.get_by_label("Change", exact=True).fill("first name in the subject")
    page.get_by_role("button", name="Try it").click()
    trial = page.get_by_role("table")
    expect(trial).to_contain_text("Legal reads the welcome")
    expect(trial).to_contain_text("Helen")
    expect(page.get_by_text("Asked besides: Legal reads the welcome")).to_be_visible()
    in_both_lights(omar)

    # And about all changes of the last ninety days? A worker looks while he waits.
    page.goto(policy)
    page.get_by_role("link", name="Replay the past with it").click()
    expect(page.get_by_text("“Legal reads the welcome e-mail” in its version 1")).to_be_visible()
    in_both_lights(omar)
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_role("heading", name="What differs")).to_be_visible(timeout=30_000)
    asked = page.get_by_role("row").filter(has_text="first name in the subject")
    expect(asked).to_contain_text("Asked besides: Legal reads the welcome")
    in_both_lights(omar)
    omar.at("/policies/replays/")
    replay = page.locator("[data-row]").filter(has_text="Legal reads the welcome e-mail")
    expect(replay.first).to_contain_text("Done")
    in_both_lights(omar)

    # Mei has begun a draft about the same e-mail; legal has nothing to do with it yet.
    mei = visit("mei").at("/journeys/account-opening/")
    mei.page.get_by_role("link", name="Propose change").click()
    mei.page.get_by_label("Title").fill("The welcome as it was before")
    mei.page.get_by_label("Why", exact=True).fill("More people went on with it.")
    mei.page.get_by_role("button", name="Start the change").click()
    expect(mei.page).to_have_url(re.compile(r"/changes/\d+/edit/"))
    deciders = mei.page.get_by_role("region", name="Who will have to approve, and why")
    expect(deciders).to_contain_text("Nobody yet")
    in_both_lights(mei)

    # It comes into force, and with her next edit she reads who has to approve as well.
    page.goto(policy)
    page.get_by_role("link", name="Activate").click()
    in_both_lights(omar)
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_text("In force, v1").first).to_be_visible()
    in_both_lights(omar)
    mei.page.get_by_role("link", name="Welcome e-mail").first.click()
    mei.page.locator("[name='slot:body']").select_option("onboarding-welcome@2")
    mei.page.get_by_role("button", name="Save").click()
    expect(deciders).to_contain_text("Helen")
    in_both_lights(mei)
