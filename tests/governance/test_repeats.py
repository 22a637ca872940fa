"""What is sent twice happens once: forms by their token, calls by their Idempotency-Key."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content.models import Asset
from governance import services
from governance.models import Change, IdempotentRequest
from governance.schedules import forget_requests
from governance.transitions import Action
from journeys.models import Journey
from tests.bad_input.conftest import Browser
from tests.governance.posting import as_posted

OPEN = "/changes/new/journey/account-opening/"
SUBMIT = "/journeys/account-opening/steps/welcome-email/submit/?slot=body"
ASSET = {
    "key": "goodbye",
    "kind": "sms",
    "team": "email",
    "name": "Goodbye",
    "do": "save",
    "language": "en",
    "en.text": "Goodbye",
}
FORMS = {
    OPEN: {"title": "Warmer", "rationale": "Because"},
    SUBMIT: {
        "version": "new",
        "rationale": "Because",
        "en.subject": "Hi",
        "en.body": "<p>Hi</p>",
        "as_draft": "on",
    },
    "/journeys/+new/": {"name": "Loan", "key": "loan"},
}


def token_of(page):
    return as_posted(page.content.decode())["form_token"][0]


@pytest.mark.parametrize("address", FORMS)
def test_a_form_sent_twice_leads_to_the_same_change(cast, address):
    browser = Browser(cast.mei)
    form = {**FORMS[address], "form_token": token_of(browser.get(address))}

    first = browser.post(address, form)
    opened = Change.objects.count()
    second = browser.post(address, form)

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Change.objects.count() == opened


def test_a_form_sent_again_after_its_change_has_ended_begins_anew(cast):
    browser = Browser(cast.mei)
    form = {**FORMS[OPEN], "form_token": token_of(browser.get(OPEN))}
    first = browser.post(OPEN, form)
    number = Change.objects.latest("number").number
    services.take(action=Action.WITHDRAW, number=number, actor=cast.mei)

    second = browser.post(OPEN, form)

    assert second.status_code == 302
    assert second["Location"] != first["Location"]
    assert browser.post(OPEN, form)["Location"] == second["Location"]


@pytest.mark.parametrize("address", [OPEN, SUBMIT])
def test_a_form_sent_again_with_something_else_is_another_change(cast, address):
    browser = Browser(cast.mei)
    form = {**FORMS[address], "form_token": token_of(browser.get(address))}
    before = Change.objects.count()

    browser.post(address, form)
    browser.post(address, {**form, "rationale": "And for another reason"})
    browser.post(address, {**form, "form_token": token_of(browser.get(address))})

    assert Change.objects.count() == before + 3


def test_a_refused_form_keeps_its_token(cast):
    browser = Browser(cast.mei)
    token = token_of(browser.get(OPEN))

    refused = browser.post(OPEN, {"title": "", "rationale": "x", "form_token": token})

    assert refused.status_code == 422
    assert token_of(refused) == token


def test_nobody_gets_another_persons_change_by_their_token(cast):
    mei, tom = Browser(cast.mei), Browser(cast.tom)
    form = {**FORMS[OPEN], "form_token": token_of(mei.get(OPEN))}

    assert mei.post(OPEN, form)["Location"] != tom.post(OPEN, form)["Location"]


def test_a_new_asset_sent_twice_is_there_once(cast):
    browser = Browser(cast.mei)

    answers = [browser.post("/content/+new/", ASSET) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Asset.objects.get(key="goodbye").versions.count() == 1


def test_a_key_that_somebody_else_has_is_still_refused(cast):
    Browser(cast.mei).post("/content/+new/", ASSET)

    assert Browser(cast.tom).post("/content/+new/", ASSET).status_code == 422
    assert Browser(cast.mei).post("/content/+new/", {**ASSET, "en.text": "Bye"}).status_code == 422


def test_old_requests_are_forgotten(cast):
    for key in ("old", "new"):
        services.open_change(
            kind="journey",
            key="account-opening",
            title=key,
            actor=cast.mei,
            repeat=services.Repeat(key, "0" * 64),
        )
    old = IdempotentRequest.objects.filter(key="old")
    old.update(created_at=timezone.now() - timedelta(days=5))

    forget_requests()

    assert list(IdempotentRequest.objects.values_list("key", flat=True)) == ["new"]
    assert Journey.objects.filter(key="account-opening").exists()
