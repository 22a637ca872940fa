"""The whole loop by clicking: propose, review, publish, see it live, roll back."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.servers]


def live_version(person):
    """Number and digest of the live version, as the API tells this person."""
    answer = person.page.request.get(f"{person.portal.url}/api/v1/journeys/account-opening/")
    journey = answer.json()
    return journey["live_version"], journey["live_digest"]


def test_content_of_a_live_step_from_proposal_to_roll_back(visit):
    # Mei, a contributor in the e-mail team, replaces the e-mail of a live step.
    mei = visit("mei").check()
    before, digest = live_version(mei)
    mei.page.get_by_role("link", name="Journeys", exact=True).first.click()
    mei.check()
    mei.page.get_by_role("link", name="Account opening").first.click()
    mei.check()
    mei.page.get_by_role("link", name="Welcome e-mail").first.click()
    mei.check()
    mei.page.get_by_role("link", name="Submit content").first.click()
    mei.check()
    mei.page.get_by_role("textbox", name="Subject").first.fill(
        "Welcome in: your account is nearly there"
    )
    mei.page.get_by_label("Why this change").fill("People drop out before the identity check.")
    mei.page.get_by_role("button", name="Submit content").click()
    expect(mei.page.get_by_role("status").first).to_be_attached()
    expect(mei.page.get_by_text("In review").first).to_be_visible()
    mei.check()
    change = mei.page.url.rstrip("/").rpartition("/")[2]
    title = mei.page.get_by_role("heading", level=1).inner_text()

    # Tom, who leads her team, finds it in his inbox and approves.
    tom = visit("tom").check()
    tom.page.get_by_role("link", name=title).first.click()
    expect(tom.page.get_by_text("Welcome in: your account").first).to_be_visible()
    tom.check()
    tom.page.get_by_role("button", name="Approve").click()
    expect(tom.page.get_by_text("1 of 2 decisions").first).to_be_visible()

    # Ana answers for the journey: she approves and publishes.
    ana = visit("ana").check()
    ana.page.get_by_role("link", name=title).first.click()
    ana.page.get_by_role("button", name="Approve").click()
    expect(ana.page.get_by_text("Approved").first).to_be_visible()
    ana.check()
    ana.page.get_by_role("link", name="Publish now").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Publish now").click()
    expect(ana.page.get_by_text("Published").first).to_be_visible()
    assert live_version(ana)[0] == before + 1

    # The new version is live on the page of the journey.
    ana.at("/journeys/account-opening/")
    expect(ana.page.get_by_text(f"v{before + 1}").first).to_be_visible()
    ana.check()

    # She rolls it back; a second person looks; it is live again as it was.
    ana.at(f"/changes/{change}/")
    ana.page.get_by_role("link", name="Roll back").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(ana.page.get_by_role("heading", name=f"Roll back: {title}")).to_be_visible()
    back = ana.page.url
    tom.page.goto(back)
    tom.page.get_by_role("button", name="Approve").click()
    expect(tom.page.get_by_text("Approved").first).to_be_visible()
    ana.page.goto(back)
    ana.page.get_by_role("link", name="Publish now").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Publish now").click()
    expect(ana.page.get_by_text("Published").first).to_be_visible()
    ana.check()
    assert live_version(ana) == (before + 2, digest)


# Colours know no language and words no colours: each of both once.
@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "zh-hans")])
def test_every_screen_is_accessible(visit, demo, scheme, language):
    ana = visit("ana", color_scheme=scheme)
    ana.context.add_cookies([{"name": "django_language", "value": language, "url": demo.url}])
    for path in (
        "/",
        "/changes/",
        "/journeys/",
        "/journeys/account-opening/",
        "/journeys/account-opening/steps/welcome-email/",
        "/content/",
        "/content/onboarding-welcome/",
        "/people/",
        "/people/email/",
        "/preferences/",
        "/journeys/mortgage/?tab=flow",
        "/journeys/account-opening/steps/welcome-email/submit/",
        "/journeys/+new/",
        "/content/+new/",
    ):
        ana.at(path).check()
    # A change that waits for her, and the outline and the forms of one that is edited.
    ana.at("/").page.locator("main .row-link").first.click()
    ana.check()
    ana.at("/changes/?state=draft").page.locator("main .row-link", has_text="question card").click()
    ana.page.locator("a[href$='/edit/']").click()
    ana.check()
    ana.page.locator("a[href$='/edit/header/journey/']").click()
    ana.check()


def test_no_screen_scrolls_sideways_on_a_phone(visit):
    ana = visit("ana", has_touch=True)
    ana.page.set_viewport_size({"width": 320, "height": 720})
    for path in (
        "/",
        "/changes/",
        "/journeys/",
        "/journeys/account-opening/",
        "/content/",
        "/people/",
    ):
        ana.at(path)
        width = ana.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{path} is {width} px wide"


def test_person_without_a_grant_meets_the_page_of_what_does_not_exist(visit):
    zoe = visit("zoe")
    answer = zoe.page.goto(f"{zoe.portal.url}/journeys/account-opening/")
    missing = zoe.page.goto(f"{zoe.portal.url}/journeys/no-such-journey/")

    assert (answer.status, missing.status) == (404, 404)
