"""A reviewer compares a picture that a change replaces: by mouse, by keyboard, without scripts."""

import pytest
from playwright.sync_api import expect

from tests.bad_input import pictures

pytestmark = [pytest.mark.browser, pytest.mark.servers]


@pytest.fixture(scope="module")
def address():
    """Where the change of the banner is read; made once, by whoever asks first."""
    return {}


@pytest.fixture
def hugo(visit, address):
    """Hugo, who has another picture for the banner, on the page where it is compared."""
    hugo = visit("hugo")
    page = hugo.page
    if not address:
        hugo.at("/changes/new/asset/savings-banner/")
        page.locator("[name=title]").fill("A plainer banner")
        page.locator("[name=rationale]").fill("Read better on partner sites")
        page.locator("main form button").last.click()
        page.wait_for_url("**/edit/")
        upload = {
            "name": "plain.png",
            "mimeType": "image/png",
            "buffer": pictures.saved("PNG", (300, 250)),
        }
        page.locator("[name='en.upload.300x250']").set_input_files(upload)
        page.locator("[name='en.alt.300x250']").fill("Two fields of colour")
        with page.expect_navigation():
            page.locator("button[name=do][value=save]").last.click()
        number = page.url.rstrip("/").removesuffix("/edit").rpartition("/")[2]
        address["path"] = f"/changes/{number}/content/renditions/en/"
    return hugo.at(address["path"])


def ends_at(page):
    return page.locator("[data-compare]").evaluate("one => one.style.getPropertyValue('--at')")


def test_the_slider_is_moved_by_keyboard(hugo):
    page = hugo.page
    slider = page.get_by_role("slider")
    expect(slider).to_be_hidden()
    page.get_by_role("button", name="Swipe").click()
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert ends_at(page) == "51"
    expect(slider).to_have_attribute("aria-valuetext", "Before up to 51 %")
    page.keyboard.press("End")
    assert ends_at(page) == "100"
    hugo.check()


def test_it_follows_the_mouse(hugo):
    page = hugo.page
    page.get_by_role("button", name="Swipe").click()
    stage = page.locator(".shots").first
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 20)
    page.mouse.up()
    expect(page.get_by_role("slider")).to_have_value("25")


def test_over_each_other_and_what_differs(hugo):
    page = hugo.page
    page.get_by_role("button", name="Overlay").click()
    after = page.locator(".shot.after img")
    assert after.evaluate("one => getComputedStyle(one).opacity") == "0.5"
    page.get_by_role("button", name="Difference").click()
    expect(page.get_by_role("slider")).to_be_hidden()
    expect(page.get_by_text("What is the same is black", exact=False)).to_be_visible()
    hugo.check()


def test_what_else_differs_stands_in_words(hugo):
    table = hugo.page.locator(".pair table")
    expect(table).to_contain_text("300 × 250 pixels")
    expect(table).to_contain_text("lighter")
    expect(table).to_contain_text("Two fields of colour")


def test_without_scripts_both_stand_side_by_side(hugo, address, browser):
    context = browser.new_context(
        java_script_enabled=False, storage_state=hugo.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{hugo.portal.url}{address['path']}")
    expect(page.locator(".shot.before img")).to_be_visible()
    expect(page.locator(".shot.after img")).to_be_visible()
    expect(page.get_by_role("button", name="Swipe")).to_be_hidden()
    context.close()
