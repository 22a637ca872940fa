"""Slots say what they need; content that does not fit is refused with the reason."""

import pytest

import content.services
from cjops.core.errors import DocumentInvalid
from cjops.documents import digest
from content.models import Wording
from governance import services
from governance.proposals import proposal_of
from governance.transitions import Action
from journeys.adapter import JourneyAdapter
from journeys.definition import complete
from tests.cast import journey_document, propose, take
from tests.governance.needing import make_live_ask


def asking(cast, **needs):
    """A change in which the slot of the welcome e-mail asks for these."""
    fields = {"slots/body/needs": needs}
    return propose(
        cast, {"op": "update", "element": "steps", "key": "welcome-email", "fields": fields}
    )


def unfit(change):
    return [one.message for one in proposal_of(change).findings if one.code == "content-unfit"]


@pytest.mark.parametrize(
    ("needs", "reason"),
    [
        ({"kind": "push"}, "the kind “Push message”"),
        ({"languages": ["en", "zh-Hant"]}, "missing: Traditional Chinese."),
        ({"size": "300x250"}, "300 × 250"),
    ],
)
def test_what_does_not_fit_is_told(cast, needs, reason):
    (message,) = unfit(asking(cast, **needs))
    assert reason in message


@pytest.mark.parametrize("needs", [{}, {"kind": "email"}, {"languages": ["EN".lower()]}])
def test_what_fits_is_not(cast, needs):
    assert unfit(asking(cast, **needs)) == []


@pytest.fixture
def asking_live(cast):
    """As if a version were live whose slot asks for more than its content has."""
    make_live_ask(cast, languages=["zh-Hant"])
    return cast


def another_version(cast):
    rendition = {**cast.asset.live_version.get_document()["renditions"][0], "subject": "Other"}
    return {**cast.asset.live_version.get_document(), "renditions": [rendition]}


def bound(version):
    fields = {
        "slots/body/asset": version.subject.key,
        "slots/body/version": version.number,
        "slots/body/digest": version.digest,
    }
    return {"op": "update", "element": "steps", "key": "welcome-email", "fields": fields}


def weights(change):
    return {one.severity for one in proposal_of(change).findings if one.code == "content-unfit"}


def test_content_that_does_not_fit_is_not_submitted(asking_live):
    cast = asking_live
    with pytest.raises(DocumentInvalid) as refused:
        services.submit_content(
            journey_key=cast.journey.key,
            step_key="welcome-email",
            slot="body",
            actor=cast.mei,
            asset_key=cast.asset.key,
            rationale="New",
            document=another_version(cast),
        )
    assert "Traditional Chinese" in refused.value.extra["findings"][0].message


def test_binding_by_an_edit_is_no_way_around(asking_live):
    cast = asking_live
    version = content.services.add_version(
        asset=cast.asset, document=another_version(cast), actor=cast.mei
    )
    change = propose(cast, bound(version))
    assert weights(change) == {"error"}
    with pytest.raises(DocumentInvalid) as refused:
        take(change, Action.SUBMIT, cast.mei)
    assert [one.code for one in refused.value.extra["findings"]] == ["content-unfit"]


def test_content_that_fits_is_bound_and_submitted(asking_live):
    cast = asking_live
    document = another_version(cast)
    document["renditions"].append(
        {**document["renditions"][0], "key": "zh-hant", "language": "zh-Hant"}
    )
    version = content.services.add_version(asset=cast.asset, document=document, actor=cast.mei)
    change = propose(cast, bound(version))
    assert proposal_of(change).errors == []
    take(change, Action.SUBMIT, cast.mei)


def test_asking_for_more_than_there_is_is_refused(cast):
    change = asking(cast, languages=["zh-Hant"])
    assert weights(change) == {"error"}
    with pytest.raises(DocumentInvalid):
        take(change, Action.SUBMIT, cast.mei)


def test_what_was_live_before_keeps_no_change_elsewhere_from_review(asking_live):
    change = propose(
        asking_live,
        {"op": "update", "element": "steps", "key": "welcome-email", "fields": {"name": "Hello"}},
    )
    assert weights(change) == {"warning"}
    take(change, Action.SUBMIT, asking_live.mei)


def test_without_what_it_replaces_a_document_is_only_told_of(asking_live):
    document = complete(asking_live.journey.live_version.get_document())
    found = JourneyAdapter().validate(document)
    assert [one.severity for one in found if one.code == "content-unfit"] == ["warning"]


def test_live_that_moved_under_a_change_answers_for_its_own_slots(cast):
    """A change that was right stays right where somebody else made the slot ask for more."""
    change = propose(
        cast,
        {"op": "update", "element": "steps", "key": "welcome-email", "fields": {"name": "Hello"}},
    )
    live = complete(cast.journey.live_version.get_document())
    live["steps"][0]["slots"]["body"]["needs"] = {"kind": "push", "languages": [], "size": ""}
    outcome = proposal_of(change).onto(live)
    found = JourneyAdapter().validate(outcome.document, live)
    assert [one.severity for one in found if one.code == "content-unfit"] == ["warning"]


def test_a_slot_that_asks_nothing_keeps_its_digest():
    short = complete(journey_document("0" * 64))
    assert "needs" not in short["steps"][0]["slots"]["body"]
    asked = journey_document("0" * 64)
    asked["steps"][0]["slots"]["body"]["needs"] = {"kind": "", "languages": []}
    assert digest(complete(asked)) == digest(short)


def test_content_for_other_markets_is_told_where_it_is_bound(cast):
    Wording.objects.create(words="welcome", market="Hong Kong")
    document = {**cast.asset.live_version.get_document(), "rights": {"territories": ["Macau"]}}
    version = content.services.add_version(asset=cast.asset, document=document, actor=cast.mei)
    market = {"op": "update", "element": "header", "key": "", "fields": {"market": "HONG KONG"}}
    change = propose(cast, bound(version), market)
    told = {one.code: one for one in proposal_of(change).findings}
    assert told["content-other-market"].severity == "warning"
    assert "“Welcome”" in told["content-unsendable"].message
    at_home = {**market, "fields": {"market": "macau"}}
    elsewhere = propose(cast, bound(version), at_home)
    assert not {one.code for one in proposal_of(elsewhere).findings} & {
        "content-other-market",
        "content-unsendable",
    }
