"""Expected shares of a branch that only several open changes together make wrong."""

import pytest

from governance.clashes import clashes_of
from journeys.models import Journey
from tests.factories import publish
from tests.governance.clashing import (
    change_of,
    only,
    path,
    second_journey,
    told,
    update,
)

pytestmark = pytest.mark.django_db


def branching(cast):
    """A journey whose first step leads to three others, two of which take half each."""
    ways = [
        ("welcome-email", "wait", 0.5),
        ("welcome-email", "call", 0.5),
        ("wait", "call", None),
        ("call", "end", None),
    ]
    transitions = [
        {"key": f"{a}-{b}", "source": a, "target": b, "share": share, "condition": b}
        for a, b, share in ways
    ]
    return second_journey(cast, "branching", transitions=transitions)


def less(key, target):
    """A new path for a fifth of the customers, taken from those who wait."""
    added = {"source": "welcome-email", "target": target, "share": 0.2, "condition": key}
    return (
        {"op": "add", "element": "transitions", "key": key, "fields": added},
        update("transitions", "welcome-email-wait", share=0.3),
    )


def test_shares_that_are_right_alone_and_together(cast):
    journey = branching(cast)
    share = {"share": 0.2, "condition": "Asks"}
    one = change_of(
        journey,
        cast.ana,
        path("welcome-email", "end", **share),
        update("transitions", "welcome-email-wait", share=0.3),
    )
    third = {"op": "add", "element": "transitions", "key": "again"} | {
        "fields": {"source": "welcome-email", "target": "wait", **share}
    }
    other = change_of(
        journey, cast.ana, third, update("transitions", "welcome-email-call", share=0.3)
    )
    assert (
        told(one, cast.ana) == [("share", other.number, "breaks", False)]
        or told(one, cast.ana) == []
    )
    # 0.3 + 0.3 + 0.2 + 0.2 is whole again: what each takes, the other leaves alone.
    assert told(one, cast.ana) == []


def test_shares_taken_from_one_path_twice_do_not_add_up(cast):
    journey = branching(cast)
    one = change_of(journey, cast.ana, *less("one", "end"))
    other = change_of(journey, cast.ana, *less("two", "end"))
    assert told(one, cast.ana) == [("share", other.number, "breaks", False)]
    clash = only(one, cast.ana)
    assert f"Together with CR-{other.number} the shares" in clash.sentence
    assert "120 %" in clash.sentence
    assert clash.hunk == ("transitions", "one")


def test_a_change_whose_own_shares_are_wrong_is_not_the_others_fault(cast):
    journey = branching(cast)
    one = change_of(journey, cast.ana, update("transitions", "welcome-email-wait", share=0.3))
    change_of(journey, cast.ana, update("transitions", "welcome-email-call", share=0.7))
    assert told(one, cast.ana) == []


def test_three_changes_can_break_what_no_two_of_them_do(cast):
    journey = branching(cast)
    keys = ("one", "two", "three")
    # Each adds a path of nothing much, and the tolerance takes two of them.
    changes = []
    for key in keys:
        added = {"source": "welcome-email", "target": "end", "share": 0.002, "condition": key}
        edit = {"op": "add", "element": "transitions", "key": key, "fields": added}
        changes.append(change_of(journey, cast.ana, edit))
    found = clashes_of(changes[0], cast.ana).items
    assert [one.other.number for one in found] == [change.number for change in changes[1:]]
    assert {one.severity for one in found} == {"breaks"}
    assert f"CR-{changes[1].number}, CR-{changes[2].number}" in found[0].sentence


def test_shares_are_looked_at_on_what_is_live_now(cast):
    journey = branching(cast)
    one = change_of(journey, cast.ana, *less("one", "end"))
    other = change_of(journey, cast.ana, *less("two", "end"))
    assert told(one, cast.ana) == [("share", other.number, "breaks", False)]
    # A third change of that kind goes live, so that each is wrong by itself from then on.
    document = Journey.objects.get(pk=journey.pk).live_version.get_document()
    ways = {way["key"]: way for way in document["transitions"]}
    ways["welcome-email-wait"] = ways["welcome-email-wait"] | {"share": 0.3}
    ways["three"] = ways["welcome-email-wait"] | {"key": "three", "target": "end", "share": 0.2}
    publish(
        Journey.objects.get(pk=journey.pk),
        document | {"transitions": list(ways.values())},
        cast.ana,
    )
    assert told(one, cast.ana) == []
