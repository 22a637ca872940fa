"""The whole loop of content by clicking: write, be stopped, submit, be reviewed, revise, publish, read.

Lin writes a text message and an e-mail in two languages for two steps of one journey.
"""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.servers]

JOURNEY = "salary-switch"
BODY = """<p>Hello {{ first_nmae }},</p>
<p>Moving your salary takes five minutes. It is risk-free.</p>
<p><a href="https://bank.example/salary?utm_source=email&amp;utm_medium=email&amp;utm_campaign=salary">Start the move</a></p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>"""
BODY_ZH = """<p>您好，{{ first_name }}：</p>
<p>换工资账户只需五分钟。</p>
<p><a href="https://bank.example/salary?utm_source=email&amp;utm_medium=email&amp;utm_campaign=salary">开始办理</a></p>
<p><a href="{{ unsubscribe_url }}">退订</a></p>"""


def save(page):
    page.get_by_role("button", name=re.compile("^Save as the first version")).click()


def begin(person, kind, name):
    """A new asset of that kind, in English and Simplified Chinese."""
    page = person.at(f"/content/+new/?kind={kind}").page
    page.get_by_label("Name", exact=True).fill(name)
    page.locator("#add-language > summary").click()
    page.get_by_label("Language", exact=True).select_option("zh-hans")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="简体中文")).to_be_visible()
    return page


def write_text_message(lin):
    page = begin(lin, "sms", "Your salary has moved")
    page.locator("[name='en.text']").fill("Cloudlark Bank: your salary arrives here from now on.")
    page.locator("[name='zh-hans.text']").fill("【云雀银行】您的工资今后将转入本行账户。")
    save(page)
    expect(page.get_by_role("heading", name="Your salary has moved")).to_be_visible()
    lin.check()


def write_email(lin):
    """The e-mail, with three mistakes in it that are put right by following the links to them."""
    page = begin(lin, "email", "Five minutes to move your salary")
    page.locator("[name='en.subject']").fill("Move your salary in five minutes")
    page.locator("[name='en.body']").fill(BODY)
    page.locator("[name='zh-hans.body']").fill(BODY_ZH)
    save(page)

    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(3)
    lin.check()
    body, subject = page.locator("[name='en.body']"), page.locator("[name='zh-hans.subject']")

    summary.get_by_role("link", name="first_nmae").click()
    expect(body).to_be_focused()
    body.press_sequentially("<p>Hello {{ first_name }},</p>")
    summary.get_by_role("link", name="risk-free").click()
    expect(body).to_be_focused()
    body.press_sequentially("<p>Moving your salary takes five minutes. It costs nothing.</p>")
    summary.get_by_role("link", name="Subject").click()
    expect(subject).to_be_focused()
    page.keyboard.insert_text("五分钟换好工资账户")
    expect(page.locator("[data-state]")).to_have_attribute("data-errors", "0", timeout=15_000)
    lin.check()
    save(page)
    expect(page.get_by_role("heading", name="Five minutes to move your salary")).to_be_visible()
    lin.check()


def open_submitting(lin, step):
    page = lin.at(f"/journeys/{JOURNEY}/").page
    page.get_by_role("link", name=step).first.click()
    lin.check()
    page.get_by_role("link", name="Submit content").first.click()
    return page


def choose(page, name):
    page.get_by_role("combobox", name="Content piece").select_option(label=name)
    page.get_by_role("button", name=re.compile("[Uu]se this piece")).click()
    page.get_by_label("Which wording").select_option("1")


def submit_for_two_steps(lin):
    """The e-mail first, kept as a draft; the text message becomes part of it. The change's address."""
    page = open_submitting(lin, "How the switch works")
    choose(page, "Five minutes to move your salary")
    page.get_by_label("Why this change").fill("Half of our customers stop at the old invitation.")
    page.get_by_label("Keep it as a draft").check()
    lin.check()
    page.get_by_role("button", name="Submit content").click()
    expect(page.get_by_text("Saved as a draft").first).to_be_attached()

    page = open_submitting(lin, "Your salary is here")
    choose(page, "Your salary has moved")
    page.get_by_label("Part of").select_option(index=1)
    lin.check()
    page.get_by_role("button", name="Submit content").click()
    expect(page.get_by_text("In review").first).to_be_visible()
    expect(page.locator("section.hunk")).to_have_count(2)
    lin.check()
    return page.url


def test_content_from_the_first_word_to_the_story(visit):
    lin = visit("lin")
    write_text_message(lin)
    write_email(lin)
    change = submit_for_two_steps(lin)
    print(change, lin.page.locator("aside").inner_text())
