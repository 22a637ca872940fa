"""Undoing one published change and keeping those that came after it."""

import pytest

from cjops.core.errors import Conflict
from governance import services
from governance.integration import integration_of
from governance.models import Change
from governance.transitions import Action, State
from tests.cast import go_live, reach, rename, take, wait_for

pytestmark = pytest.mark.django_db


def undo(change, cast):
    entry = take(change, Action.ROLL_BACK, cast.ana, comment="Complaints went up")
    return Change.objects.get(pk=entry.data["opened"])


def live(cast):
    cast.journey.refresh_from_db()
    document = cast.journey.live_version.get_document()
    return {step["key"]: step for step in document["steps"]}


def test_middle_one_of_six_is_undone_and_the_later_five_stay(cast):
    go_live(cast, rename("First", "call"), by=("jun", "ana"))
    middle = go_live(
        cast,
        rename("Call them", "call"),
        {"op": "update", "element": "steps", "key": "wait", "fields": {"purpose": "Let it sink"}},
        by=("jun", "ana"),
    )
    go_live(cast, rename("A warm welcome"), by=("tom", "ana"))
    go_live(cast, wait_for(3))
    go_live(
        cast,
        {"op": "update", "element": "steps", "key": "call", "fields": {"mindset": "Curious"}},
        by=("jun", "ana"),
    )
    go_live(cast, rename("The end", "end"))
    go_live(cast, {"op": "update", "element": "header", "fields": {"market": "business"}})

    back = undo(middle, cast)
    assert (back.state, back.base_number) == (State.IN_REVIEW, 8)
    take(back, Action.APPROVE, cast.jun)
    take(back, Action.PUBLISH, cast.ana)

    steps = live(cast)
    assert (steps["call"]["name"], steps["wait"]["purpose"]) == ("First", "")
    assert steps["welcome-email"]["name"] == "A warm welcome"
    assert (steps["wait"]["wait"], steps["call"]["mindset"]) == ("P3D", "Curious")
    assert steps["end"]["name"] == "The end"
    assert cast.journey.live_version.get_document()["market"] == "business"
    assert cast.journey.live_version.number == 9


def test_undo_in_a_place_that_moved_on_stays_a_draft_that_names_it(cast):
    change = reach(cast, "published")
    go_live(cast, rename("Later name"), by=("tom", "ana"))

    back = undo(change, cast)

    assert (back.state, back.conflict_count, back.live_moved_to) == (State.DRAFT, 1, 3)
    (conflict,) = integration_of(back).merge.conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == (
        "A warm welcome",
        "Welcome e-mail",
        "Later name",
    )


def test_settled_undo_is_decided_on_like_any_change(cast):
    change = reach(cast, "published")
    go_live(cast, rename("Later name"), by=("tom", "ana"))
    back = undo(change, cast)
    (conflict,) = integration_of(back).merge.conflicts

    chosen = [{"conflict": conflict.fingerprint, "choice": "mine"}]
    take(back, Action.REBASE, cast.ana, resolutions=chosen)
    take(back, Action.SUBMIT, cast.ana)

    keys = set(back.requirements.filter(revision=back.revision).values_list("key", flat=True))
    assert keys == {"steward:email", "owner/otherwise"}


def added(element, key, **fields):
    return {"op": "add", "element": element, "key": key, "fields": fields}


def test_undo_that_fails_a_check_stays_a_draft_to_be_mended(cast):
    change = go_live(
        cast,
        added("steps", "extra", name="Extra", kind="wait", wait="P1D", stage="use"),
        added("transitions", "wait-extra", source="wait", target="extra"),
        added("transitions", "extra-end", source="extra", target="end"),
    )
    # The way over the new step is the only one out of “wait” by now.
    go_live(
        cast,
        {"op": "remove", "element": "transitions", "key": "wait-call"},
        added("entries", "called", name="Called", rule="Called us", step="call"),
    )

    entry = take(change, Action.ROLL_BACK, cast.ana)

    back = Change.objects.get(pk=entry.data["opened"])
    assert (back.state, entry.data["errors"] > 0) == (State.DRAFT, True)
    again = added("transitions", "wait-end", source="wait", target="end")
    services.edit_change(number=back.number, actor=cast.ana, edits=[again])
    take(back, Action.SUBMIT, cast.ana)
    keys = set(back.requirements.filter(revision=back.revision).values_list("key", flat=True))
    assert "roll-back" not in keys


def test_undo_that_is_edited_into_more_needs_everybody(cast):
    """Going back to the whole document of then would undo what came since."""
    change = reach(cast, "published")
    later = go_live(cast, rename("Thank-you call", "call"), by=("jun", "ana"))
    back = undo(change, cast)
    take(back, Action.REQUEST_CHANGES, cast.tom, comment="More, please")
    old = back.revisions.get(number=1)

    services.replace_document(
        number=back.number, actor=cast.ana, raw=old.document, expected_digest=back.digest
    )
    take(back, Action.SUBMIT, cast.ana)

    keys = set(back.requirements.filter(revision=back.revision).values_list("key", flat=True))
    assert "roll-back" not in keys
    assert "steward:call-centre" in keys
    assert later.published_number == 3


def test_undo_whose_reasons_somebody_words_anew_stays_plain(cast):
    change = reach(cast, "published")
    back = undo(change, cast)
    take(back, Action.REQUEST_CHANGES, cast.tom, comment="Say why")

    services.describe_change(number=back.number, actor=cast.ana, rationale="People complained")
    take(back, Action.SUBMIT, cast.ana)

    keys = set(back.requirements.filter(revision=back.revision).values_list("key", flat=True))
    assert keys == {"roll-back"}


def test_undo_with_open_conflicts_is_not_submitted(cast):
    change = reach(cast, "published")
    go_live(cast, rename("Later name"), by=("tom", "ana"))
    back = undo(change, cast)

    with pytest.raises(Conflict) as refused:
        services.take(action=Action.SUBMIT, number=back.number, actor=cast.ana)

    assert refused.value.code == "conflicts_open"


def test_plain_undo_needs_one_other_person_also_after_live_moved_once_more(cast):
    change = reach(cast, "published")
    back = undo(change, cast)
    go_live(cast, wait_for(3))

    take(back, Action.REBASE, cast.ana)

    keys = set(back.requirements.filter(revision=back.revision).values_list("key", flat=True))
    assert keys == {"roll-back"}
    take(back, Action.APPROVE, cast.tom)
    take(back, Action.PUBLISH, cast.ana)
    assert live(cast)["welcome-email"]["name"] == "Welcome e-mail"
    assert live(cast)["wait"]["wait"] == "P3D"


def test_undo_of_what_later_changes_took_back_is_refused(cast):
    change = reach(cast, "published")
    go_live(cast, rename("Welcome e-mail"), by=("tom", "ana"))

    with pytest.raises(Conflict) as refused:
        services.take(action=Action.ROLL_BACK, number=change.number, actor=cast.ana)

    assert refused.value.code == "nothing_left"
    assert not Change.objects.filter(reverts=change).exists()
