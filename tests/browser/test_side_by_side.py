"""Three people, three changes of one journey: a conflict settled by field, a queue, all live."""

import copy

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.servers]

JOURNEY = "account-opening"


def live(person):
    """Number and document of the live version, as the API tells this person."""
    api = f"{person.portal.url}/api/v1/journeys/{JOURNEY}/"
    number = person.page.request.get(api).json()["live_version"]
    return number, person.page.request.get(f"{api}versions/{number}/").json()["document"]


def step_of(document, key):
    return next(step for step in document["steps"] if step["key"] == key)


def propose(person, title, fields):
    """A change with these values by step and field, written in forms and submitted; its number."""
    person.at(f"/changes/new/journey/{JOURNEY}/")
    person.page.get_by_label("Title").fill(title)
    person.page.get_by_label("Why", exact=True).fill("People drop out here.")
    person.page.get_by_role("button", name="Start the change").click()
    person.page.wait_for_url("**/changes/*/**")
    number = person.page.url.split("/changes/")[1].split("/")[0]
    for (step, field), value in fields.items():
        person.at(f"/changes/{number}/edit/steps/{step}/")
        person.page.locator(f"main [name='{field}']").fill(value)
        person.page.get_by_role("button", name="Save").first.click()
        person.page.wait_for_url("**/edit/**")
    person.at(f"/changes/{number}/edit/")
    person.page.get_by_role("button", name="Submit for review").first.click()
    expect(person.page.get_by_text("In review").first).to_be_visible()
    return number


def approve(person, number):
    person.at(f"/changes/{number}/")
    person.page.get_by_role("button", name="Approve").click()
    said = person.page.locator("#toasts").get_by_text("Your approval is recorded.")
    expect(said).to_be_visible()


def publish(person, number):
    person.at(f"/changes/{number}/")
    person.page.get_by_role("link", name="Publish now").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Publish now").click()
    expect(person.page.get_by_text("Published").first).to_be_visible()


def test_three_changes_of_three_people_one_conflict_and_one_queue(visit):
    mei, lin, eva = visit("mei"), visit("lin"), visit("eva")
    tom, sara, ana = visit("tom"), visit("sara"), visit("ana")
    before, document = live(ana)

    # Three people write on the same version.
    first = propose(mei, "Warmer welcome", {("welcome-email", "name"): "A warm welcome"})
    second = propose(
        lin,
        "Shorter welcome",
        {("welcome-email", "name"): "Welcome!", ("card-sent", "purpose"): "Say when it comes."},
    )
    third = propose(eva, "Kinder words", {("welcome-email", "mindset"): "Glad that it is done."})
    for number, people in ((first, [tom, ana]), (second, [tom, sara, ana]), (third, [tom, ana])):
        for person in people:
            approve(person, number)

    # Eva's waits for Lin's, and goes live right after it.
    eva.at(f"/changes/{third}/")
    eva.page.get_by_role("link", name="Publish after another change").click()
    eva.check()
    eva.page.get_by_label("Publish after").select_option(second)
    eva.page.get_by_role("button", name="Publish after another change").click()
    expect(eva.page.get_by_text(f"Waits for CR-{second}")).to_be_visible()
    ana.at(f"/changes/{third}/")
    expect(ana.page.get_by_text(f"It waits for CR-{second} to go live first.")).to_be_visible()
    ana.page.get_by_role("link", name="Schedule").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Schedule").click()
    expect(ana.page.get_by_text("Scheduled").first).to_be_visible()

    # Mei's goes live; Lin's change says what moved and where the two clash.
    publish(ana, first)
    lin.at(f"/changes/{second}/")
    expect(lin.page.get_by_text(f"Live has moved: v{before} → v{before + 1}")).to_be_visible()
    lin.check()
    lin.page.get_by_role("link", name="See and settle the conflicts").click()
    lin.check()
    conflict = lin.page.get_by_role("group", name="A warm welcome · Name")
    conflict.get_by_label("Write something else").check()
    conflict.get_by_role("textbox").fill("Welcome, warmly")
    lin.page.get_by_role("button", name=f"Take version {before + 1}").click()

    # What Sara approved is as it was; what Tom and Ana approved has changed.
    expect(lin.page.get_by_text("In review").first).to_be_visible()
    expect(lin.page.get_by_text("1 of 3 decisions").first).to_be_visible()
    sara.at(f"/changes/{second}/")
    expect(sara.page.get_by_role("button", name="Approve")).to_have_count(0)
    for person in (tom, ana):
        approve(person, second)
    publish(ana, second)

    # Eva's follows by itself, by the worker.
    eva.at(f"/changes/{third}/")
    for _ in range(60):
        if eva.page.get_by_text("Published").first.is_visible():
            break
        eva.page.wait_for_timeout(1_000)
        eva.page.reload()
    expect(eva.page.get_by_text("Published").first).to_be_visible()
    eva.check()

    # Live is what the three make together, worked out by hand.
    expected = copy.deepcopy(document)
    step_of(expected, "welcome-email")["name"] = "Welcome, warmly"
    step_of(expected, "welcome-email")["mindset"] = "Glad that it is done."
    step_of(expected, "card-sent")["purpose"] = "Say when it comes."
    assert live(ana) == (before + 3, expected)


def test_middle_change_is_undone_by_hand_and_the_later_ones_stay(visit):
    ana, lin, tom = visit("ana"), visit("lin"), visit("tom")
    before, document = live(ana)
    numbers = []
    for field, value in (
        ("mindset", "Curious"),
        ("pain_points", "Too many forms"),
        ("customer_action", "Opens the mail"),
    ):
        number = propose(lin, f"Set {field}", {("account-ready", field): value})
        for person in (tom, ana):
            approve(person, number)
        publish(ana, number)
        numbers.append(number)

    ana.at(f"/changes/{numbers[1]}/")
    ana.page.get_by_role("link", name="Roll back").click()
    ana.page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(ana.page.get_by_role("heading", name="Roll back: Set pain_points")).to_be_visible()
    back = ana.page.url.rstrip("/").rpartition("/")[2]
    approve(tom, back)
    publish(ana, back)

    expected = copy.deepcopy(document)
    step = step_of(expected, "account-ready")
    step["mindset"], step["customer_action"] = "Curious", "Opens the mail"
    assert live(ana) == (before + 4, expected)
