"""Content that becomes part of a draft, and what a reviewer sees of it the second time."""

import pytest
from django.urls import reverse

from cjops.core.errors import DomainError
from governance import services
from governance.models import Change
from governance.proposals import proposal_of
from governance.transitions import Action
from tests.cast import email_document, take
from tests.governance.test_revising import slot_of
from tests.pages import text_of


def submit(cast, subject, **changed):
    values = {
        "journey_key": "account-opening", "step_key": "welcome-email", "slot": slot_of(cast),
        "actor": cast.mei, "asset_key": "onboarding-welcome", "rationale": "",
        "document": email_document(subject),
    } | changed  # fmt: skip
    return services.submit_content(**values)


@pytest.fixture
def draft(cast):
    """Mei's draft with content in it."""
    return submit(cast, "A louder welcome", rationale="Because", as_draft=True)


def test_content_becomes_part_of_a_draft_and_adds_its_reason(cast, draft):
    change = submit(cast, "A calmer welcome", into=draft.number, rationale="Too loud")
    assert change.number == draft.number
    assert change.state == "in_review"
    assert change.rationale == "Because\n\nToo loud"
    step = next(s for s in proposal_of(change).proposed["steps"] if s["key"] == "welcome-email")
    assert step["slots"][slot_of(cast)]["version"] == 3


@pytest.mark.parametrize("who", ["ana", "zoe"])
def test_nobody_puts_content_into_the_draft_of_somebody_else(cast, draft, who):
    with pytest.raises(DomainError):
        submit(cast, "Mine", into=draft.number, actor=getattr(cast, who))
    assert Change.objects.get(pk=draft.pk).revision == draft.revision
    assert cast.asset.versions.count() == 2


def test_a_change_that_is_decided_on_takes_no_more_content(cast):
    change = submit(cast, "A louder welcome", rationale="Because")
    with pytest.raises(DomainError):
        submit(cast, "More", into=change.number)
    assert Change.objects.get(pk=change.pk).revision == change.revision
    assert cast.asset.versions.count() == 2


def test_the_form_offers_drafts_and_asks_for_no_second_reason(cast, client, draft):
    client.force_login(cast.mei)
    before = Change.objects.count()
    url = reverse("content-submit", args=["account-opening", "welcome-email"])
    assert f"CR-{draft.number}" in client.get(url).content.decode()
    sent = {"asset": "onboarding-welcome", "version": "1", "rationale": "", "do": "submit"}
    assert client.post(url, sent).status_code == 422
    answer = client.post(url, sent | {"into": str(draft.number), "as_draft": "on"})
    assert answer.status_code == 302
    assert Change.objects.count() == before


def test_since_a_review_only_the_words_that_are_new_are_marked(cast, client):
    change = submit(cast, "A louder welcome", rationale="Because")
    take(change, Action.REQUEST_CHANGES, cast.tom, comment="Too loud")
    services.revise_content(
        number=change.number,
        actor=cast.mei,
        asset_key="onboarding-welcome",
        version=2,
        document=email_document("A calmer welcome"),
    )
    client.force_login(cast.tom)
    page = reverse("change-detail", args=[change.number])
    everything, new = text_of(client.get(page)), text_of(client.get(page, {"since": "review"}))
    assert "Welcome to your account" in everything
    assert "Welcome to your account" not in new
    assert "louder" in new
    assert "calmer" in new


def test_rendered_content_is_compared_with_what_was_reviewed(cast, client):
    change = submit(cast, "A louder welcome", rationale="Because")
    take(change, Action.REQUEST_CHANGES, cast.tom, comment="Too loud")
    services.revise_content(
        number=change.number,
        actor=cast.mei,
        asset_key="onboarding-welcome",
        version=2,
        document=email_document("A calmer welcome"),
    )
    place = f"steps/welcome-email/{slot_of(cast)}/en"
    url = reverse("change-content", args=[change.number, place])
    for person, subject in ((cast.tom, "louder"), (cast.ana, "to your account")):
        client.force_login(person)
        assert subject in text_of(client.get(url, {"since": "review"}))
