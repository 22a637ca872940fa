"""Bringing back an earlier version, or parts of it, as a change like any other."""

import pytest

import content.services
from cjops.core.errors import Conflict, Forbidden, Invalid, NotFound
from governance.keys import reused
from governance.models import Change
from governance.proposals import Proposal, proposal_of
from governance.services import Repeat, edit_change, restore_version
from governance.transitions import Action, State
from people import granting
from tests.cast import email_document, rename, take
from tests.governance.publishing import AROUND, agree, publish, without_call

KEY = "account-opening"
CALL_AGAIN = [
    ("steps", "call"),
    ("transitions", "wait-call"),
    ("transitions", "call-end"),
    ("transitions", "wait-end"),
]


@pytest.fixture
def versions(cast):
    """1: as it was; 2: without the call; 3: the welcome e-mail has another name."""
    without_call(cast)
    publish(cast, rename("A warm welcome"))
    return cast


def restore(cast, number=1, elements=None, by="mei", **said):
    return restore_version(
        kind="journey", key=KEY, number=number, actor=cast.named(by), elements=elements, **said
    )


def proposed(change):
    return change.revisions.get(number=change.revision).document


def keys(document, name):
    return {item["key"] for item in document[name]}


def test_the_whole_version_comes_back_as_a_draft(versions):
    change = restore(versions)

    assert (change.state, change.restores, change.base_number) == (State.DRAFT, 1, 3)
    assert change.title == "Restore version 1"
    first = versions.journey.versions.get(number=1)
    assert change.digest == first.digest
    assert proposed(change) == first.document


def test_it_is_decided_on_and_published_like_any_change(versions):
    change = restore(versions, title="Call again", rationale="Too many never used the card")

    agree(versions, change, decide=("tom", "jun", "ana"))

    live = versions.journey.live_version
    assert live.number == 4
    assert live.document == versions.journey.versions.get(number=1).document
    assert change.rationale == "Too many never used the card"


def test_only_what_is_chosen_comes_back(versions):
    change = restore(versions, elements=[("steps", "call"), ("transitions", "wait-call")])

    document = proposed(change)
    assert "call" in keys(document, "steps")
    assert "wait-call" in keys(document, "transitions")
    assert "call-end" not in keys(document, "transitions")
    assert {s["name"] for s in document["steps"] if s["key"] == "welcome-email"} == {
        "A warm welcome"
    }
    assert change.title == "Restore parts of version 1"


def test_what_the_version_did_not_have_is_taken_out(versions):
    change = restore(versions, elements=[("transitions", "wait-end")])

    assert "wait-end" not in keys(proposed(change), "transitions")


def test_a_step_that_is_taken_out_takes_its_paths_along(versions):
    more = {"op": "add", "element": "steps", "key": "survey"}
    fields = {"name": "Survey", "kind": "touchpoint", "stage": "use", "channel": "email"}
    way = {"op": "add", "element": "transitions", "key": "to-survey"}
    publish(
        versions,
        {**more, "fields": fields},
        {**way, "fields": {"source": "wait", "target": "survey"}},
        {**way, "key": "from-survey", "fields": {"source": "survey", "target": "end"}},
    )

    change = restore(versions, number=3, elements=[("steps", "survey")])

    assert change.digest == versions.journey.versions.get(number=3).digest


def test_the_header_is_an_element_like_any_other(versions):
    header = {"op": "update", "element": "header", "fields": {"purpose": "Something else"}}
    publish(versions, header, decide=("ana",))

    change = restore(versions, number=3, elements=[("header", "header")])

    assert proposed(change)["purpose"] == "From application to first payment"


# Keys


def test_what_the_version_held_may_be_published_under_its_key(versions):
    agree(versions, restore(versions, elements=CALL_AGAIN), decide=("jun", "ana"))

    assert "call" in keys(versions.journey.live_version.document, "steps")


def test_what_the_version_did_not_hold_stays_taken(versions):
    agree(versions, restore(versions, elements=CALL_AGAIN), decide=("jun", "ana"))
    assert "wait-end" not in keys(versions.journey.live_version.document, "transitions")
    again = restore(versions, elements=[("steps", "welcome-email")])

    with pytest.raises(Invalid) as caught:
        edit_change(number=again.number, actor=versions.mei, edits=[AROUND])

    assert caught.value.code == "key_used"
    assert "wait-end" in caught.value.errors["/0"][0]


def test_while_it_is_edited_more_of_the_version_may_come_back(versions):
    change = restore(versions, elements=[("steps", "call")])
    way = {"op": "add", "element": "transitions", "key": "wait-call"}

    edit_change(
        number=change.number,
        actor=versions.mei,
        edits=[{**way, "fields": {"source": "wait", "target": "call"}}],
    )

    change.refresh_from_db()
    assert "wait-call" in keys(proposed(change), "transitions")


AS_IT_WAS = {
    "name": "Courtesy call",
    "stage": "use",
    "kind": "touchpoint",
    "channel": "call-centre",
    "team": "sms",
}
NINE_DAYS = {"name": "Nine days", "stage": "start", "kind": "wait", "wait": "P9D"}


@pytest.mark.parametrize("fields", [AS_IT_WAS, {**AS_IT_WAS, "name": "A kind call"}])
def test_a_key_comes_back_for_what_it_named(versions, fields):
    change = restore(versions, elements=[("steps", "welcome-email")])
    add = {"op": "add", "element": "steps", "key": "call", "fields": fields}

    edit_change(number=change.number, actor=versions.ana, edits=[add])

    change.refresh_from_db()
    assert "call" in keys(proposed(change), "steps")


def other_things():
    call = {"op": "add", "element": "steps", "key": "call"}
    way = {"op": "add", "element": "transitions", "key": "wait-call"}
    return {
        "a step of another kind": [{**call, "fields": NINE_DAYS}],
        "first as it was": [
            {**call, "fields": AS_IT_WAS},
            {"op": "update", "element": "steps", "key": "call", "fields": NINE_DAYS},
        ],
        "a path to elsewhere": [{**way, "fields": {"source": "wait", "target": "end"}}],
    }


@pytest.mark.parametrize("edits", other_things().values(), ids=other_things())
def test_a_key_comes_back_for_nothing_else(versions, edits):
    change = restore(versions, elements=[("steps", "welcome-email")])

    with pytest.raises(Invalid) as caught:
        edit_change(number=change.number, actor=versions.ana, edits=edits)

    assert caught.value.code == "key_used"
    assert "version 1" in next(iter(caught.value.errors.values()))[0]


def test_what_came_back_stays_what_it_was_while_it_is_edited(versions):
    change = restore(versions, elements=CALL_AGAIN)
    edit = {"op": "update", "element": "steps", "key": "call", "fields": NINE_DAYS}

    with pytest.raises(Invalid) as caught:
        edit_change(number=change.number, actor=versions.ana, edits=[edit])

    assert caught.value.code == "key_used"


def test_publishing_asks_again_what_a_key_comes_back_for(versions):
    change = restore(versions, elements=CALL_AGAIN)
    proposal = proposal_of(change)
    assert reused(change, proposal.changes) == set()
    step = next(one for one in proposal.proposed["steps"] if one["key"] == "call")

    step |= NINE_DAYS

    assert reused(change, Proposal("journey", proposal.base, proposal.proposed).changes) == {"call"}


# Refused


@pytest.mark.parametrize(
    ("number", "elements", "error"),
    [
        (3, None, Conflict),
        (9, None, NotFound),
        (0, None, NotFound),
        (1, [], Invalid),
        (1, [("steps", "nowhere")], Invalid),
        (1, [("chapters", "call")], Invalid),
        (1, [("steps", "call"), ("steps", "call")], Invalid),
        (1, [("header", ""), ("", "")], Invalid),
        (1, [("steps", "wait")], Conflict),
    ],
    ids=[
        "the live version",
        "no such version",
        "before the first",
        "nothing chosen",
        "a step that neither has",
        "a collection that neither has",
        "twice",
        "the header twice",
        "what is the same in both",
    ],
)
def test_what_cannot_be_restored_is_refused_in_words(versions, number, elements, error):
    count = Change.objects.count()

    with pytest.raises(error) as caught:
        restore(versions, number=number, elements=elements)

    assert caught.value.message
    assert Change.objects.count() == count


def test_a_version_that_says_what_is_live_is_refused(versions):
    publish(versions, rename("Welcome e-mail"))

    with pytest.raises(Conflict) as caught:
        restore(versions, number=2)

    assert caught.value.code == "nothing_to_restore"


def test_who_does_not_see_the_journey_learns_nothing(versions):
    with pytest.raises(NotFound) as hidden:
        restore(versions, by="zoe")
    with pytest.raises(NotFound) as missing:
        restore_version(kind="journey", key="nowhere", number=1, actor=versions.zoe)

    assert hidden.value.message == missing.value.message


def test_who_may_not_propose_is_told_so(versions):
    with pytest.raises(Forbidden):
        restore(versions, by="ida")


def test_content_that_somebody_does_not_see_is_not_bound_by_them(versions):
    other = content.services.create_asset(
        key="second",
        name="Second",
        kind="email",
        team=versions.asset.team,
        document=email_document("Hello"),
        actor=versions.mei,
    )
    fields = {"slots/body/asset": "second", "slots/body/digest": other.digest}
    publish(
        versions, {"op": "update", "element": "steps", "key": "welcome-email", "fields": fields}
    )
    versions.asset.refresh_from_db()
    versions.asset.is_restricted = True
    versions.asset.save()

    with pytest.raises(Invalid) as caught:
        restore(versions, number=3, by="jun")

    assert caught.value.code == "asset-unknown"


def test_the_same_request_opens_one_change(versions):
    repeat = Repeat("again", "the same")

    first = restore(versions, repeat=repeat)
    publish(versions, rename("Something else"))
    second = restore(versions, repeat=repeat)

    assert first.pk == second.pk


def test_an_asset_comes_back_the_same_way(cast):
    version = content.services.add_version(
        asset=cast.asset, document=email_document("Another"), actor=cast.mei
    )
    content.services.make_live(bound={(cast.asset.key, version.number)})

    change = restore_version(
        kind="asset",
        key=cast.asset.key,
        number=1,
        actor=cast.mei,
        elements=[("renditions", "en")],
    )

    assert (change.kind, change.restores) == ("asset", 1)
    assert proposed(change)["renditions"][0]["subject"] == "Welcome to your account"
    take(change, Action.SUBMIT, cast.mei)
    take(change, Action.APPROVE, cast.tom)
    take(change, Action.PUBLISH, cast.tom)
    cast.asset.refresh_from_db()
    assert cast.asset.live_version.document == proposed(change)


def test_who_only_owns_a_step_restores_that_step_and_no_more(versions):
    versions.journey.is_restricted = False
    versions.journey.save()
    grant = versions.journey.grants.get(team=versions.asset.team)
    granting.take_back(grant=grant, actor=None)

    assert restore(versions, elements=[("steps", "welcome-email")]).state == State.DRAFT
    with pytest.raises(Forbidden):
        restore(versions)
