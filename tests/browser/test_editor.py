"""Writing content in a browser: kept while it is typed, led by findings, without script too."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.servers]

# A picture of one red dot, as the clipboard would hold it.
PASTE = """(field) => {
  const bytes = atob(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJg" +
    "gg==");
  const data = new DataTransfer();
  const array = Uint8Array.from(bytes, (one) => one.charCodeAt(0));
  data.items.add(new File([array], "dot.png", { type: "image/png" }));
  field.focus();
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  field.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def saved(person):
    expect(person.page.locator("[data-kept]")).to_contain_text("Saved", timeout=15_000)


def test_a_text_message_in_two_languages_stopped_by_findings_and_put_right(visit):
    mei = visit("mei").at("/content/+new/?kind=sms").check()
    page = mei.page
    page.get_by_role("button", name=re.compile("Save as the first version")).click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    mei.check()
    page.get_by_label("Name", exact=True).fill("Card is on its way")
    page.locator("#add-language > summary").click()
    page.get_by_label("Language", exact=True).select_option("zh-hans")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("[name='zh-hans.text']")).to_be_focused()
    page.get_by_role("button", name=re.compile("Save as the first version")).click()

    summary = page.locator("[data-error-summary]")
    expect(summary.get_by_role("link")).to_have_count(2)
    summary.get_by_role("link").nth(0).click()
    expect(page.locator("[name='en.text']")).to_be_focused()
    page.keyboard.type("Hello, your card is on its way.")
    summary.get_by_role("link").nth(1).click()
    expect(page.locator("[name='zh-hans.text']")).to_be_focused()
    page.keyboard.insert_text("您好，您的卡已寄出。")
    saved(mei)
    expect(
        page.frame_locator(".preview-frame:not(.coming)").get_by_text("您的卡已寄出")
    ).to_be_visible(timeout=15_000)
    mei.check()
    page.get_by_role("button", name=re.compile("Save as the first version")).click()
    expect(page.get_by_role("heading", name="Card is on its way")).to_be_visible()


def test_what_was_typed_survives_a_tab_that_is_gone(visit):
    mei = visit("mei").at("/content/onboarding-welcome/write/")
    page = mei.page
    page.locator("[name='en.preheader']").fill("Half a thought")
    expect(page.locator("[data-kept]")).to_contain_text("Saved", timeout=15_000)
    page.close(run_before_unload=False)

    mei.page = mei.context.new_page()
    mei.at("/content/onboarding-welcome/write/").check()
    expect(mei.page.locator("[name='en.preheader']")).to_have_value("Half a thought")
    expect(mei.page.get_by_text("You have unsaved work")).to_be_visible()
    mei.page.get_by_role("button", name="Discard it").click()
    expect(mei.page.get_by_text("discarded").first).to_be_visible()
    expect(mei.page.locator("[name='en.preheader']")).not_to_have_value("Half a thought")


def test_a_picture_is_pasted_into_the_message(visit):
    mei = visit("mei").at("/content/onboarding-welcome/write/")
    field = mei.page.locator("[name='en.body']")
    field.evaluate(PASTE)
    expect(field).to_have_value(
        re.compile(r'<img src="/content/onboarding-welcome/pictures/'), timeout=15_000
    )
    expect(field).to_have_value(re.compile(r'width="1" height="1" alt="'))
    mei.page.get_by_role("button", name="Save draft").click()
    mei.page.get_by_role("button", name="Discard it").or_(
        mei.page.locator("[data-kept]")
    ).first.wait_for()
    mei.check()


def test_the_keyboard_is_never_caught(visit):
    mei = visit("mei").at("/content/onboarding-welcome/write/")
    field = mei.page.locator("[name='en.body']")
    field.focus()
    before = field.input_value()
    mei.page.keyboard.press("Tab")
    expect(field).not_to_be_focused()
    assert field.input_value() == before
    field.focus()
    mei.page.keyboard.press("Control+m")
    mei.page.keyboard.press("Tab")
    expect(field).to_be_focused()
    mei.page.keyboard.press("Escape")
    mei.page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_without_any_script_the_form_does_all_of_it(visit):
    mei = visit("mei", java_script_enabled=False).at("/content/+new/?kind=push")
    page = mei.page
    page.locator("[name='name']").fill("Without script")
    page.locator("[name='en.title']").fill("Half")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("[name='en.title']")).to_have_value("Half")
    expect(page.get_by_text("Your text is kept").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Save as the first version")).click()
    page.locator("[data-error-summary] a").first.click()
    page.locator("[name='en.text']").fill("Whole")
    page.get_by_role("button", name=re.compile("Save as the first version")).click()
    expect(page.get_by_role("heading", name="Without script")).to_be_visible()


@pytest.mark.parametrize("kind", ["banner", "event", "in-app", "poster"])
def test_every_kind_is_accessible_on_a_phone_in_the_dark_in_chinese(visit, demo, kind):
    mei = visit("mei", color_scheme="dark", has_touch=True)
    mei.context.add_cookies([{"name": "django_language", "value": "zh-hant", "url": demo.url}])
    mei.page.set_viewport_size({"width": 320, "height": 720})
    mei.at(f"/content/+new/?kind={kind}").check()
    assert mei.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_preview_is_looked_at_as_another_customer_in_the_dark_on_a_phone(visit):
    mei = visit("mei").at("/content/onboarding-welcome/write/").check()
    page = mei.page
    frame = page.locator(".preview-frame:not(.coming)")
    shown = page.locator("[data-inbox]:visible")
    expect(shown).to_have_count(1)
    state = page.locator("[data-state]")
    kept = state.get_attribute("data-count")
    customer = page.locator("#preview-profile option").nth(1).get_attribute("value")
    page.get_by_label("Sample customer").select_option(customer)
    page.get_by_label("Light or dark").select_option("1")
    page.get_by_label("Width").select_option("mobile")
    for name, value in (("profile", customer), ("dark", "1"), ("width", "mobile")):
        expect(frame).to_have_attribute("src", re.compile(f"{name}={value}(&|$)"))
    expect(shown).to_have_count(1)
    page.get_by_label("Part of the e-mail").select_option("text")
    expect(page.frame_locator(".preview-frame:not(.coming)").locator("pre.part")).to_be_visible()
    # Looking is not writing.
    expect(state).to_have_attribute("data-count", kept)
    mei.check()
