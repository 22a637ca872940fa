"""Answering a review: the next version of content, and the change that binds it, in one step."""

import pytest
from django.urls import reverse

import content.services
from cjops.core.errors import Conflict, Forbidden, NotFound, Stale
from content.models import AssetVersion
from governance import services
from governance.models import Change
from governance.proposals import proposal_of
from governance.transitions import Action
from tests.cast import email_document, take
from tests.pages import text_of

TEXT = "A calmer welcome"


@pytest.fixture
def change(cast):
    """Mei's draft: a version of the welcome e-mail that is not live yet, in the step's slot."""
    return services.submit_content(
        journey_key="account-opening",
        step_key="welcome-email",
        slot=slot_of(cast),
        actor=cast.mei,
        asset_key="onboarding-welcome",
        rationale="Because",
        document=email_document("A louder welcome"),
        as_draft=True,
    )


def slot_of(cast):
    document = cast.journey.live_version.get_document()
    step = next(one for one in document["steps"] if one["key"] == "welcome-email")
    return next(iter(step["slots"]))


def revise(cast, change, **changed):
    values = {
        "number": change.number, "actor": cast.mei, "asset_key": "onboarding-welcome",
        "version": 2, "document": email_document(TEXT), "expected_digest": change.digest,
    } | changed  # fmt: skip
    return services.revise_content(**values)


def bound(change):
    steps = proposal_of(change).proposed["steps"]
    step = next(one for one in steps if one["key"] == "welcome-email")
    return next(iter(step["slots"].values()))


def test_the_next_version_is_in_the_change_at_once(cast, change):
    after = revise(cast, change)
    version = cast.asset.versions.get(number=3)
    assert bound(after) == bound(after) | {"version": 3, "digest": version.digest}
    assert after.revision == change.revision + 1


def test_saying_the_same_makes_no_revision(cast, change):
    after = revise(cast, change, document=email_document("A louder welcome"))
    assert after.revision == change.revision


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"version": 1}, Conflict),
        ({"version": 9}, Conflict),
        ({"asset_key": "other"}, Conflict),
        ({"expected_digest": "0" * 64}, Stale),
    ],
)
def test_refusals_leave_nothing_behind(cast, change, changed, error):
    with pytest.raises(error):
        revise(cast, change, **changed)
    assert AssetVersion.objects.filter(subject=cast.asset).count() == 2
    assert Change.objects.get(pk=change.pk).revision == change.revision


def test_who_may_not_edit_may_not_revise(cast, change):
    with pytest.raises(Forbidden):
        revise(cast, change, actor=cast.ida)
    with pytest.raises(NotFound):
        revise(cast, change, actor=cast.zoe)
    assert cast.asset.versions.count() == 2


def test_who_may_edit_the_change_and_not_write_the_content_may_not(cast, change):
    with pytest.raises(Forbidden):
        revise(cast, change, actor=cast.ana)
    assert cast.asset.versions.count() == 2


def test_a_change_that_is_not_open_any_more_is_left_alone(cast, change):
    take(change, Action.WITHDRAW, cast.mei)
    with pytest.raises((Conflict, Forbidden)):
        revise(cast, change)
    assert cast.asset.versions.count() == 2


def test_the_page_shows_the_bound_version_and_saves_into_the_change(signed_in, cast, change):
    client = signed_in("mei")
    where = reverse("content-revise", args=[change.number, "onboarding-welcome", 2])
    page = client.get(where)
    assert page.status_code == 200, text_of(page)
    assert "A louder welcome" in page.content.decode()
    content.services.add_version(
        asset=cast.asset, document=email_document("Elsewhere"), actor=cast.tom
    )
    document = email_document(TEXT)["renditions"][0]
    fields = {f"en.{name}": document[name] for name in ("subject", "body") if name in document}
    answer = client.post(
        where,
        {"do": "save", "base": "2", "name": "Onboarding welcome", "language": "en",
         "digest": change.digest, **fields},
    )  # fmt: skip
    assert answer.status_code == 302
    assert bound(Change.objects.get(pk=change.pk))["version"] == 4
