"""The whole loop of content by clicking, from the first word to the story that customers read.

Lin writes a text message and an e-mail in two languages for two steps of one journey.
"""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.servers]

JOURNEY = "salary-switch"
BODY = """<p>Hello {{ first_nmae }},</p>
<p>We have told everybody who pays you. It is risk-free.</p>
<p><a href="https://bank.example/salary?utm_source=email&amp;utm_medium=email&amp;utm_campaign=salary">See who was told</a></p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>"""  # noqa: E501
BODY_ZH = """<p>您好，{{ first_name }}：</p>
<p>所有付款人都已收到通知。</p>
<p><a href="https://bank.example/salary?utm_source=email&amp;utm_medium=email&amp;utm_campaign=salary">查看名单</a></p>
<p><a href="{{ unsubscribe_url }}">退订</a></p>"""
EMAIL, MESSAGE = "Your payers know your new account", "Your salary has moved"
EMAIL_STEP, MESSAGE_STEP = "Everybody has been told", "Your salary is here"


def save(page):
    page.get_by_role("button", name=re.compile("^Save as the first version")).click()


def key_of(page):
    """The key of the asset whose page is open."""
    return page.url.partition("/content/")[2].partition("/")[0]


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
    page = begin(lin, "sms", MESSAGE)
    page.locator("[name='en.text']").fill("Cloudlark Bank: your salary arrives here from now on.")
    page.locator("[name='zh-hans.text']").fill("【云雀银行】您的工资今后将转入本行账户。")
    save(page)
    expect(page.get_by_role("heading", name=MESSAGE)).to_be_visible()
    lin.check()
    return key_of(page)


def write_email(lin):
    """The e-mail, with three mistakes in it that are put right by following the links to them."""
    page = begin(lin, "email", EMAIL)
    page.locator("[name='en.subject']").fill("Everybody who pays you knows your new account")
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
    body.press_sequentially("<p>We have told everybody who pays you. It costs nothing.</p>")
    summary.get_by_role("link", name="Subject").click()
    expect(subject).to_be_focused()
    page.keyboard.insert_text("付款人都知道您的新账户了")
    expect(page.locator("[data-state]")).to_have_attribute("data-errors", "0", timeout=15_000)
    lin.check()
    save(page)
    expect(page.get_by_role("heading", name=EMAIL)).to_be_visible()
    lin.check()
    return key_of(page)


def open_submitting(lin, step):
    page = lin.at(f"/journeys/{JOURNEY}/").page
    page.get_by_role("link", name=step).first.click()
    lin.check()
    page.get_by_role("link", name="Submit content").first.click()
    return page


def choose(page, key):
    page.get_by_role("combobox", name="Content piece").select_option(key)
    page.get_by_role("button", name=re.compile("[Uu]se this piece")).click()
    page.get_by_label("Which wording").select_option("1")


def submit_for_two_steps(lin, email, message):
    """The e-mail first, kept as a draft; the text message becomes part of that change."""
    page = open_submitting(lin, EMAIL_STEP)
    choose(page, email)
    page.get_by_label("Why this change").fill("Customers ask whether their employer has been told.")
    page.get_by_label("Keep it as a draft").check()
    lin.check()
    page.get_by_role("button", name="Submit content").click()
    expect(page.get_by_text("Saved as a draft").first).to_be_attached()

    page = open_submitting(lin, MESSAGE_STEP)
    choose(page, message)
    page.get_by_label("Part of").select_option(index=1)
    lin.check()
    page.get_by_role("button", name="Submit content").click()
    expect(page.get_by_text("In review").first).to_be_visible()
    expect(page.locator("section.hunk")).to_have_count(2)
    lin.check()
    return page.url


def open_from_inbox(page, change):
    """Open the change where it waits for the person."""
    number = change.rstrip("/").rpartition("/")[2]
    page.locator(f"main a.row-link[href*='/changes/{number}/']").first.click()
    expect(page.get_by_role("heading", name=re.compile("^New content for"))).to_be_visible()


def review(tom, change):
    """Tom reads the rendered e-mail and speaks about a sentence of it, and asks for a change."""
    page = tom.page
    tom.at("/").check()
    open_from_inbox(page, change)
    part = page.locator("section.hunk", has_text=EMAIL_STEP)
    part.get_by_role("link", name="Read and comment").click()
    tom.check()
    frame = page.frame_locator("iframe[src*='/after/']")
    frame.get_by_text("It costs nothing.").click()
    expect(page.locator(".remark-quote", has_text="It costs nothing.")).to_be_visible()
    page.locator("[name=text]").first.fill("Say that it is free for good, or leave it out.")
    page.get_by_role("button", name="Keep it for my review").click()
    expect(page.get_by_text("Only you see this")).to_be_visible()
    tom.check()
    page.get_by_role("link", name="Finish the review").click()
    page.locator("#decide textarea").fill("One sentence of the e-mail promises too much.")
    page.get_by_role("button", name="Request changes").click()
    expect(page.get_by_text("Changes requested").first).to_be_visible()
    tom.check()


def answer(lin, change):
    """Lin reads the comment at its sentence, revises the e-mail, answers, and submits again."""
    page = lin.page
    lin.at("/").check()
    page.goto(change)
    lin.check()
    part = page.locator("section.hunk", has_text=EMAIL_STEP)
    part.get_by_role("link", name="Read and comment").click()
    expect(page.get_by_text("Say that it is free for good")).to_be_visible()
    lin.check()
    page.go_back()
    part.get_by_role("link", name="Revise this content").click()
    lin.check()
    body = page.locator("[name='en.body']")
    body.fill(body.input_value().replace("It costs nothing.", "It is free for good."))
    page.get_by_role("button", name=re.compile("^Save into the change")).click()
    expect(page.get_by_text("Changes requested").first).to_be_visible()
    part.get_by_role("link", name="Read and comment").click()
    expect(page.get_by_text("The passage reads differently now")).to_be_visible()
    page.get_by_text("Answer or settle").click()
    page.get_by_label("Your answer").fill("It now says so.")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator(".remark", has_text="It now says so.")).to_be_visible()
    lin.check()
    page.goto(change)
    page.get_by_role("link", name="Submit for review").or_(
        page.get_by_role("button", name="Submit for review")
    ).first.click()
    expect(page.get_by_text("In review").first).to_be_visible()
    lin.check()


def approve_what_is_new(tom, change):
    """Tom sees the sentence that is new, and not the text message, which is as he saw it."""
    page = tom.at("/").page
    open_from_inbox(page, change)
    page.get_by_role("link", name="Since my last review").click()
    parts = page.locator("section.hunk")
    expect(parts).to_have_count(1)
    expect(parts).to_contain_text(EMAIL_STEP)
    expect(parts.locator("ins", has_text="is free for good")).to_be_visible()
    expect(parts).not_to_contain_text("Asset of the content")
    expect(page.get_by_text("1 part is as you saw it in revision")).to_be_visible()
    tom.check()
    parts.get_by_role("link", name="Read and comment").click()
    expect(page.get_by_text("As you reviewed it, in revision")).to_be_visible()
    tom.check()
    page.goto(change)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("1 of 3 decisions").first).to_be_visible()


def publish(visit, change):
    """The two others decide; whoever answers for the journey publishes."""
    jun = visit("jun")
    jun.page.goto(change)
    jun.page.get_by_role("button", name="Approve").click()
    expect(jun.page.get_by_text("2 of 3 decisions").first).to_be_visible()
    david = visit("david")
    david.page.goto(change)
    david.page.get_by_role("button", name="Approve").click()
    expect(david.page.get_by_text("Approved").first).to_be_visible()
    david.page.get_by_role("link", name="Publish now").click()
    david.check()
    david.page.get_by_role("dialog").get_by_role("button", name="Publish now").click()
    expect(david.page.get_by_text("Published").first).to_be_visible()
    david.check()


def read_the_story(david):
    """What a customer reads whose salary moves, in the order in which it comes."""
    page = david.at(f"/journeys/{JOURNEY}/").page
    page.get_by_role("link", name="Story").first.click()
    ways = page.get_by_role("navigation", name=re.compile("Started"))
    ways.get_by_role("link", name="Yes").click()
    expect(page.locator(".story")).to_contain_text("It is free for good.")
    david.check()
    for language, told in {
        "en": (
            "Everybody who pays you knows your new account",
            "We have told everybody who pays you. It is free for good.",
            "Cloudlark Bank: your salary arrives here from now on.",
        ),
        "zh-hans": (
            "付款人都知道您的新账户了",
            "所有付款人都已收到通知。",
            "【云雀银行】您的工资今后将转入本行账户。",
        ),
    }.items():
        page.get_by_label("Language", exact=True).select_option(language)
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator(".story")).to_contain_text(told[0])
        read = " ".join(page.locator(".story").inner_text().split())
        places = [read.find(text) for text in told]
        assert -1 not in places, (told, read)
        assert places == sorted(places)
        david.check()


def test_content_from_the_first_word_to_the_story(visit):
    lin = visit("lin")
    message = write_text_message(lin)
    email = write_email(lin)
    change = submit_for_two_steps(lin, email, message)
    tom = visit("tom")
    review(tom, change)
    answer(lin, change)
    approve_what_is_new(tom, change)
    publish(visit, change)
    read_the_story(visit("david"))
