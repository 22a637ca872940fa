"""A change of 200 parts on a journey of 300 steps: its page stays small."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import tags.services
from cjops.documents import diff, hunks
from governance import services
from governance.models import Change
from governance.presenting import open_ones
from governance.proposals import proposal_of
from governance.transitions import Action
from people import granting
from people.models import Role
from tests.pages import nodes_of
from tests.query_scene import long_document

STEPS, HUNKS = 300, 200
MOST_NODES, MOST_QUERIES = 5_000, 24


@pytest.fixture
def large(cast):
    """In review; a new journey would be one decision, so it is live before."""
    taxonomy = tags.services.create_taxonomy(
        key="topics", name="Topics", team=cast.asset.team, actor=cast.mei
    )
    taxonomy.concepts.create(key="cards", label="Cards", rank="a", status="active")
    created = services.create_journey(
        key="three-hundred-steps", actor=cast.omar, raw=long_document(cast.asset, STEPS)
    )
    for user, role in ((cast.ana, "journey-manager"), (cast.mei, "contributor")):
        granting.give(
            on=granting.on(created.journey), role=Role.objects.get(key=role), user=user, actor=None
        )
    services.take(action=Action.SUBMIT, number=created.number, actor=cast.omar)
    for person in (cast.tom, cast.ana):
        services.take(action=Action.APPROVE, number=created.number, actor=person)
    services.take(action=Action.PUBLISH, number=created.number, actor=cast.ana)
    change = services.open_change(
        kind="journey", key="three-hundred-steps", title="Plainer words", actor=cast.mei
    )
    fields = {"purpose": "In plain words", "mindset": "Good to know", "emotion": 2}
    edits = [
        {"op": "update", "element": "steps", "key": f"step-{number}", "fields": fields}
        for number in range(HUNKS)
    ]
    services.edit_change(number=change.number, actor=cast.mei, edits=edits)
    services.take(action=Action.SUBMIT, number=change.number, actor=cast.mei)
    return Change.objects.get(pk=change.number)


@pytest.mark.parametrize("name", ["mei", "tom", "ana"])
def test_the_page_of_a_large_change_is_small(signed_in, large, name):
    client = signed_in(name)
    address = reverse("change-detail", args=[large.number])
    client.get(address)  # fills what a process remembers

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)

    assert nodes_of(answer) < MOST_NODES
    assert len(captured) <= MOST_QUERIES
    page = answer.content.decode()
    assert page.count('class="card hunk"') == HUNKS
    assert page.count('role="checkbox"') == HUNKS


def test_one_approval_covers_all_parts_of_a_large_change(signed_in, large):
    address = reverse("change-take", args=[large.number, "approve"])

    signed_in("ana").post(address, {"digest": large.digest})

    assert set(large.reviews.get().hunks) == proposal_of(large).digests


def renamed(count, fields):
    """Hunks of so many steps in which these fields change."""
    before = [
        {"key": f"s{n}", "rank": f"a{n:03}", **dict.fromkeys(fields, "")} for n in range(count)
    ]
    after = [{**step, **dict.fromkeys(fields, "new")} for step in before]
    return hunks(diff({"steps": before}, {"steps": after}))


def test_few_parts_are_all_open():
    few = renamed(3, ["name"])
    assert open_ones(few) == {hunk.digest for hunk in few}


def test_parts_with_many_fields_leave_room_for_fewer():
    names = [f"field-{number}" for number in range(30)]
    assert len(open_ones(renamed(HUNKS, ["name"]))) > len(open_ones(renamed(HUNKS, names))) > 0


def test_content_takes_more_room_than_words():
    before = {"key": "a", "rank": "a", "slots": {"body": {"version": 1}}, "name": ""}
    steps = [{**before, "key": f"s{number}"} for number in range(HUNKS)]
    content = [{**step, "slots": {"body": {"version": 2}}} for step in steps]
    words = [{**step, "name": "new"} for step in steps]

    by_content, by_words = (
        open_ones(hunks(diff({"steps": steps}, {"steps": after}))) for after in (content, words)
    )

    assert 0 < len(by_content) < len(by_words)


def test_what_is_ticked_off_makes_room():
    many = renamed(HUNKS, ["name"])
    first = open_ones(many)

    assert not open_ones(many, first) & first
    assert len(open_ones(many, first)) == len(first)
