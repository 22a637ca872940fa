"""Live moves under a change: what it says then, how it takes the new version, who decides again."""

import pytest

from cjops.core.errors import Conflict, Forbidden, Stale
from governance import services
from governance.integration import integration_of
from governance.models import Notification, NotificationKind
from governance.transitions import Action, State
from tests.cast import approved, go_live, propose, reach, rename, take, wait_for
from tests.governance.rebasing import rebase, settle, step_of

pytestmark = pytest.mark.django_db


# What merges by itself


def test_rebase_takes_the_new_version_and_keeps_what_the_change_says(cast):
    change = propose(cast)
    go_live(cast, wait_for(3))

    rebase(change, cast)

    assert (change.base_number, change.revision) == (2, 3)
    assert step_of(change)["name"] == "A warm welcome"
    assert step_of(change, "wait")["wait"] == "P3D"
    assert integration_of(change) is None


def test_what_merged_by_itself_is_nobodys_work(cast):
    change = propose(cast)
    go_live(cast, wait_for(3))

    rebase(change, cast)

    assert change.revisions.get(number=change.revision).author is None


def test_rebase_keeps_approvals_of_untouched_hunks(cast):
    change = reach(cast, "approved")
    go_live(cast, wait_for(3))

    rebase(change, cast)

    assert change.state == State.APPROVED
    assert not change.ledger.filter(action=Action.OUTDATE).exists()
    assert all(
        requirement.met_at for requirement in change.requirements.filter(revision=change.revision)
    )


def test_rebased_change_can_be_published(cast):
    change = reach(cast, "approved")
    go_live(cast, wait_for(3))
    rebase(change, cast)

    take(change, Action.PUBLISH, cast.ana)

    assert (change.state, change.published_number) == (State.PUBLISHED, 3)


def test_scheduled_change_that_merges_stays_on_the_calendar(cast):
    change = reach(cast, "scheduled")
    when = change.scheduled_for
    go_live(cast, wait_for(3))

    rebase(change, cast)

    assert (change.state, change.scheduled_for) == (State.SCHEDULED, when)


def test_nothing_to_take_over_where_live_has_not_moved(cast):
    change = propose(cast)

    with pytest.raises(Conflict) as refused:
        rebase(change, cast)

    assert refused.value.code == "live_unmoved"


def test_version_that_was_restored_meanwhile_is_no_move(cast):
    change = reach(cast, "approved")
    other = go_live(cast, wait_for(3))
    entry = take(other, Action.ROLL_BACK, cast.ana)
    back = type(other).objects.get(pk=entry.data["opened"])
    take(back, Action.APPROVE, cast.omar)
    take(back, Action.PUBLISH, cast.ana)

    assert integration_of(change) is None
    take(change, Action.PUBLISH, cast.ana)
    assert change.published_number == 4


def test_somebody_who_may_not_edit_may_not_rebase(cast):
    change = propose(cast)
    go_live(cast, wait_for(3))

    with pytest.raises(Forbidden):
        rebase(change, cast, by="ida")


def test_ended_change_is_not_rebased(cast):
    change = reach(cast, "withdrawn")
    go_live(cast, wait_for(3))

    with pytest.raises(Conflict):
        rebase(change, cast)


def test_rebase_of_something_edited_meanwhile_is_stale(cast):
    change = propose(cast)
    go_live(cast, wait_for(3))

    with pytest.raises(Stale):
        rebase(change, cast, expected_digest="0" * 64)


# Conflicts


def test_conflict_blocks_the_rebase_and_is_named(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    with pytest.raises(Conflict) as refused:
        rebase(change, cast)

    (conflict,) = integration_of(change).merge.conflicts
    assert refused.value.code == "conflicts_open"
    assert refused.value.extra["conflicts"] == [conflict.fingerprint]
    change.refresh_from_db()
    assert (change.base_number, change.revision) == (1, 2)


@pytest.mark.parametrize(
    ("resolution", "name"),
    [
        ({"choice": "mine"}, "A warm welcome"),
        ({"choice": "edited", "value": "Hello at last"}, "Hello at last"),
    ],
)
def test_conflict_is_settled_by_field(cast, resolution, name):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    rebase(change, cast, resolutions=settle(change, **resolution))

    assert step_of(change)["name"] == name
    assert change.revisions.get(number=change.revision).author == cast.mei


def test_their_side_leaves_live_as_it_is(cast):
    change = propose(cast, rename("A warm welcome"), wait_for(3))
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    rebase(change, cast, resolutions=settle(change, "theirs"))

    assert step_of(change)["name"] == "Another welcome"
    assert step_of(change, "wait")["wait"] == "P3D"


def test_change_of_which_nothing_would_be_left_is_refused(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    with pytest.raises(Conflict) as refused:
        rebase(change, cast, resolutions=settle(change, "theirs"))

    assert refused.value.code == "nothing_left"
    assert not change.resolutions.exists()


def test_settled_hunk_is_decided_on_again_and_the_others_are_not(cast):
    edits = rename("A warm welcome"), rename("Thank-you call", "call")
    change = approved(cast, *edits, by=("tom", "jun", "ana"))
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    rebase(change, cast, resolutions=settle(change, "mine"))

    assert change.state == State.IN_REVIEW
    waiting = change.requirements.filter(revision=change.revision, met_at=None)
    assert {requirement.key for requirement in waiting} == {"steward:email", "owner"}
    outdated = change.ledger.filter(action=Action.OUTDATE)
    assert [entry.actor for entry in outdated] == [None, None]
    assert {entry.data["reviewer"] for entry in outdated} == {cast.tom.pk, cast.ana.pk}


def test_whoever_has_to_decide_again_is_told_once(cast):
    change = reach(cast, "approved")
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    before = Notification.objects.latest("pk").pk

    rebase(change, cast, resolutions=settle(change, "mine"))

    told = Notification.objects.filter(pk__gt=before).values_list("user__name", "kind")
    assert sorted(told) == [
        ("Ana", NotificationKind.OUTDATED),
        ("Nora", NotificationKind.DECISION_WANTED),
        ("Tom", NotificationKind.OUTDATED),
    ]


def test_whoever_settles_a_conflict_does_not_decide_on_it(cast):
    change = reach(cast, "approved")
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    rebase(change, cast, by="tom", resolutions=settle(change, "mine"))

    with pytest.raises(Forbidden):
        services.take(action=Action.APPROVE, number=change.number, actor=cast.tom)
    take(change, Action.APPROVE, cast.nora)


def test_whoever_settled_a_conflict_earlier_does_not_decide_either(cast):
    change = reach(cast, "approved")
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    services.resolve(number=change.number, actor=cast.tom, resolutions=settle(change, "mine"))

    rebase(change, cast, by="mei")

    with pytest.raises(Forbidden):
        services.take(action=Action.APPROVE, number=change.number, actor=cast.tom)


def test_answer_that_is_sent_on_stays_the_work_of_whoever_gave_it(cast):
    change = reach(cast, "approved")
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    answer = settle(change, "edited", value="Hello at last")
    services.resolve(number=change.number, actor=cast.tom, resolutions=answer)

    entry = rebase(change, cast, by="mei", resolutions=answer)

    assert entry.data["resolutions"] == [{**answer[0], "by": cast.tom.pk}]
    with pytest.raises(Forbidden):
        services.take(action=Action.APPROVE, number=change.number, actor=cast.tom)


def test_kept_answers_are_in_the_ledger(cast):
    change = reach(cast, "approved")
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    answer = settle(change, "mine")

    services.resolve(number=change.number, actor=cast.tom, resolutions=answer)

    entry = change.ledger.get(action=Action.RESOLVE)
    assert (entry.actor, entry.data["resolutions"]) == (cast.tom, answer)


def test_approval_is_found_outdated_also_where_the_change_is_back_with_its_author(cast):
    change = propose(cast)
    take(change, Action.SUBMIT, cast.mei)
    take(change, Action.APPROVE, cast.tom)
    take(change, Action.REQUEST_CHANGES, cast.ana, comment="Shorter")
    go_live(cast, rename("Another welcome"), by=("nora", "ana"))

    rebase(change, cast, resolutions=settle(change, "mine"))

    assert change.state == State.CHANGES_REQUESTED
    entry = change.ledger.get(action=Action.OUTDATE)
    assert (entry.actor, entry.data["reviewer"]) == (None, cast.tom.pk)


def test_change_that_clashes_with_live_is_not_submitted(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    with pytest.raises(Conflict) as refused:
        services.take(action=Action.SUBMIT, number=change.number, actor=cast.mei)

    assert refused.value.code == "conflicts_open"


def test_change_of_somebody_who_left_can_be_taken_on(cast):
    change = reach(cast, "changes_requested")
    cast.mei.is_active = False
    cast.mei.save(update_fields=["is_active"])

    take(change, Action.SUBMIT, cast.ana)

    assert change.state == State.IN_REVIEW


def test_somebody_without_the_right_to_propose_takes_on_nothing(cast):
    change = reach(cast, "changes_requested")
    cast.mei.is_active = False
    cast.mei.save(update_fields=["is_active"])

    with pytest.raises(Forbidden):
        services.take(action=Action.SUBMIT, number=change.number, actor=cast.ida)


def test_outcome_that_fails_a_check_goes_back_to_its_author(cast):
    way_round = {
        "op": "update",
        "element": "transitions",
        "key": "welcome-email-wait",
        "fields": {"target": "call"},
    }
    remove_wait = {"op": "remove", "element": "steps", "key": "wait"}
    change = approved(cast, way_round, remove_wait)
    # Live gets a step that only the removed one leads to.
    go_live(
        cast,
        {
            "op": "add",
            "element": "steps",
            "key": "text",
            "fields": {
                "name": "Text",
                "kind": "touchpoint",
                "channel": "call-centre",
                "stage": "use",
                "slots": {"script": {"purpose": "Say hello"}},
            },
        },
        {
            "op": "update",
            "element": "transitions",
            "key": "wait-call",
            "fields": {"target": "text"},
        },
        {
            "op": "add",
            "element": "transitions",
            "key": "text-call",
            "fields": {"source": "text", "target": "call"},
        },
        by=("jun", "ana"),
    )
    conflicts = integration_of(change).merge.conflicts
    mine = [{"conflict": conflict.fingerprint, "choice": "mine"} for conflict in conflicts]

    entry = rebase(change, cast, resolutions=mine)

    assert change.state == State.CHANGES_REQUESTED
    assert entry.data["errors"] > 0
    told = change.notifications.filter(kind=NotificationKind.CHANGES_REQUESTED)
    assert not told.exists()  # Mei did it herself and sees it.


def without_call():
    way = {"op": "update", "element": "transitions", "key": "wait-call"}
    return {**way, "fields": {"target": "end"}}, {"op": "remove", "element": "steps", "key": "call"}


def test_what_was_removed_live_and_is_kept_can_go_live_again(cast):
    change = propose(cast, rename("Thank-you call", "call"))
    go_live(cast, *without_call(), by=("jun", "ana"))
    # The call comes back, and a way to it with an edit.
    rebase(change, cast, resolutions=settle(change, "mine"))
    services.edit_change(
        number=change.number,
        actor=cast.mei,
        edits=[
            {
                "op": "update",
                "element": "transitions",
                "key": "wait-call",
                "fields": {"target": "call"},
            },
            {
                "op": "add",
                "element": "transitions",
                "key": "call-to-end",
                "fields": {"source": "call", "target": "end"},
            },
        ],
    )
    take(change, Action.SUBMIT, cast.mei)
    for name in ("jun", "ana"):
        take(change, Action.APPROVE, cast.named(name))

    take(change, Action.PUBLISH, cast.ana)

    cast.journey.refresh_from_db()
    steps = {step["key"]: step for step in cast.journey.live_version.get_document()["steps"]}
    assert steps["call"]["name"] == "Thank-you call"
