"""What a slot asks of content is edited in its step's form, and read where content is chosen."""

import pytest
from django.urls import reverse

from governance.proposals import proposal_of
from journeys.models import SlotBinding
from tests.cast import propose
from tests.governance.needing import make_live_ask
from tests.governance.posting import as_posted


def form_page(client, cast, change, key="welcome-email"):
    client.force_login(cast.mei)
    address = reverse("change-edit-element", args=[change.number, "steps", key])
    return address, client.get(address).content.decode()


def save(client, cast, change, **said):
    """Post the form of the welcome e-mail as it was loaded, with this typed."""
    address, page = form_page(client, cast, change)
    data = as_posted(page)
    data |= {name.replace("_", ":"): value for name, value in said.items()}
    answer = client.post(address, data)
    change.refresh_from_db()
    return answer


def needs_of(change):
    steps = change.revisions.get(number=change.revision).document["steps"]
    slots = next(step["slots"] for step in steps if step["key"] == "welcome-email")
    return slots["body"].get("needs")


def test_needs_are_written_as_people_chose_them(client, cast):
    change = propose(cast)
    answer = save(client, cast, change, needs_body_kind="email", needs_body_languages=["zh-Hant"])
    assert answer.status_code == 302
    assert needs_of(change) == {"kind": "email", "languages": ["zh-Hant"], "size": ""}


def test_a_slot_comes_to_ask_nothing_again(client, cast):
    change = propose(cast)
    save(client, cast, change, needs_body_kind="email")
    save(client, cast, change, needs_body_kind="")
    assert needs_of(change) is None


def test_only_kinds_that_go_out_on_the_channel_are_offered(client, cast):
    _address, page = form_page(client, cast, propose(cast))
    kind = page.partition('name="needs:body:kind"')[2].partition("</select>")[0]
    assert 'value="email"' in kind
    assert 'value="push"' not in kind
    assert "needs:body:size" not in page


def test_a_size_is_written_as_pixels(client, cast):
    web = {"op": "update", "element": "steps", "key": "call", "fields": {"channel": "web"}}
    change = propose(cast, web)
    address, page = form_page(client, cast, change, "call")
    data = as_posted(page)
    wrong = client.post(address, {**data, "needs:script:size": ["wide"]})
    assert wrong.status_code == 422
    assert "such as 300x250" in wrong.content.decode()
    client.post(address, {**data, "needs:script:size": ["300 × 250"]})
    change.refresh_from_db()
    steps = change.revisions.get(number=change.revision).document["steps"]
    (call,) = [step for step in steps if step["key"] == "call"]
    assert call["slots"]["script"]["needs"]["size"] == "300x250"


def test_what_is_asked_is_a_column_of_the_live_slot(cast):
    make_live_ask(cast, languages=["zh-Hant"])
    slot = SlotBinding.objects.get(step__key="welcome-email", slot="body")
    assert slot.needs == {"kind": "", "languages": ["zh-Hant"], "size": ""}


def test_the_step_says_what_it_asks(client, cast):
    make_live_ask(cast, languages=["zh-Hant"])
    client.force_login(cast.mei)
    page = client.get(reverse("step-detail", args=[cast.journey.key, "welcome-email"]))
    assert "Traditional Chinese" in page.content.decode()


@pytest.mark.parametrize(("language", "fits"), [("en", True), ("zh-Hant", False)])
def test_the_form_for_content_says_what_does_not_fit(client, cast, language, fits):
    make_live_ask(cast, languages=[language])
    client.force_login(cast.mei)
    address = reverse("content-submit", args=[cast.journey.key, "welcome-email"])
    page = client.get(f"{address}?slot=body").content.decode()
    assert "It asks for" in page
    assert ("This does not fit the place yet" not in page) is fits
    assert ("These languages are missing: Traditional Chinese." in page) is not fits


def test_replacing_leaves_out_what_does_not_fit(client, cast):
    make_live_ask(cast, languages=["zh-Hant"])
    client.force_login(cast.mei)
    address = reverse("asset-submit", args=[cast.asset.key])
    page = client.get(f"{address}?replace={cast.asset.key}").content.decode()
    assert "Version 1 does not fit: These languages are missing: Traditional Chinese." in page
    assert "checked" not in page.partition("data-rows")[2].partition("</ul>")[0]


def test_words_of_the_change_name_what_is_asked(cast):
    wanted = {"kind": "email", "languages": ["en", "zh-Hant"], "size": ""}
    fields = {"slots/body/needs": wanted}
    edit = {"op": "update", "element": "steps", "key": "welcome-email", "fields": fields}
    (sentence,) = proposal_of(propose(cast, edit)).words
    assert "E-mail, English, Traditional Chinese" in sentence
