"""What two open changes break together that neither breaks alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import content.services
from cjops.documents import digest
from governance import services
from governance.clashes import clashes_of
from governance.models import Change, ChangeRevision, Claim
from governance.proposals import proposal_of
from governance.transitions import Action
from journeys.models import Journey
from tests.cast import email_document, propose, reach, rename, take
from tests.governance.clashing import (
    change_of,
    filled,
    only,
    path,
    remove,
    second_journey,
    told,
    update,
    version_of,
)

pytestmark = pytest.mark.django_db


# --- touching ----------------------------------------------------------------------------------


def test_other_fields_of_one_step_overlap_and_merge(cast):
    one = propose(cast, rename("Hello"))
    other = propose(cast, update("steps", "welcome-email", purpose="Warm"))
    clash = only(one, cast.mei)
    assert told(one, cast.mei) == [("touch", other.number, "overlaps", False)]
    assert told(other, cast.mei) == [("touch", one.number, "overlaps", False)]
    assert clash.hunk == ("steps", "welcome-email")
    assert clash.sentence == "Both changes edit “Hello”, each something else of it."


def test_one_field_with_two_values_is_a_conflict_that_names_it(cast):
    one = propose(cast, rename("Hello"), update("steps", "wait", wait="P2D"))
    propose(cast, rename("Good day"))
    clash = only(one, cast.mei)
    assert clash.is_conflict
    assert clash.fields == ("Name",)
    assert clash.sentence == "Both changes say something new about “Hello”: Name."


def test_the_very_same_edit_is_no_clash(cast):
    one = propose(cast, rename("Hello"))
    propose(cast, rename("Hello"))
    assert told(one, cast.mei) == []


def test_other_elements_are_no_clash(cast):
    one = propose(cast, rename("Hello"))
    propose(cast, rename("Pause", "wait"))
    assert told(one, cast.mei) == []


def test_editing_what_the_other_removes_is_a_conflict(cast):
    one = propose(cast, rename("Talk", "call"))
    other = propose(cast, remove("steps", "call"))
    assert told(one, cast.mei) == [("touch", other.number, "overlaps", True)]
    assert only(one, cast.mei).sentence == (
        f"This change edits “Talk”, and CR-{other.number} removes it."
    )
    assert "This change removes “Courtesy call”" in only(other, cast.mei).sentence


def test_two_new_steps_under_one_key_are_a_conflict_and_under_two_are_none(cast):
    def step(key, name):
        fields = {"name": name, "kind": "wait", "wait": "P1D", "stage": "use"}
        return {"op": "add", "element": "steps", "key": key, "fields": fields}

    one = propose(cast, step("pause", "Pause"))
    other = propose(cast, step("pause", "Breathe"))
    propose(cast, step("rest", "Rest"))
    assert told(one, cast.mei) == [("touch", other.number, "overlaps", True)]
    assert only(one, cast.mei).hunk == ("steps", "pause")


def test_the_header_is_an_element_too(cast):
    one = propose(cast, update("header", "", purpose="Other"), by="ana")
    propose(cast, update("header", "", purpose="Another"), by="ana")
    clash = only(one, cast.ana)
    assert clash.hunk == ("", "")
    assert clash.place == "Account opening"
    assert clash.fields == ("Purpose",)


def test_changes_that_have_ended_do_not_count(cast):
    one = propose(cast, rename("Hello"))
    reach(cast, "withdrawn")
    reach(cast, "rejected")
    assert told(one, cast.mei) == []
    take(one, Action.WITHDRAW, cast.mei)
    propose(cast, rename("Good day"))
    assert told(one, cast.mei) == []


def test_approved_changes_stand_before_drafts(cast):
    draft = propose(cast, rename("Good day"))
    approved = reach(cast, "approved")
    one = propose(cast, rename("Hello"))
    assert [number for _kind, number, *_ in told(one, cast.mei)] == [approved.number, draft.number]


# --- removing and pointing -----------------------------------------------------------------------


def test_removing_a_step_that_the_other_leads_to_breaks(cast):
    one = propose(cast, remove("steps", "call"), path("wait", "end"))
    other = propose(cast, path("welcome-email", "call"))
    assert told(one, cast.mei) == [("remove", other.number, "breaks", False)]
    assert told(other, cast.mei) == [("point", one.number, "breaks", False)]
    clash = only(other, cast.mei)
    assert clash.hunk == ("transitions", "welcome-email-to-call")
    assert clash.sentence == (
        f"This change leads customers to “Courtesy call”, which CR-{one.number} removes."
    )


def test_removing_another_step_breaks_nothing(cast):
    propose(cast, remove("steps", "call"), path("wait", "end"))
    other = propose(cast, path("welcome-email", "end"))
    assert told(other, cast.mei) == []


def test_a_new_entry_into_a_removed_step_breaks(cast):
    propose(cast, remove("steps", "call"), path("wait", "end"))
    entry = {"op": "add", "element": "entries", "key": "called", "fields": {"step": "call"}}
    assert [kind for kind, *_ in told(propose(cast, entry), cast.mei)] == ["point"]


def test_a_step_put_into_a_removed_stage_breaks(cast):
    stages = [{"key": key, "name": key} for key in ("start", "use", "spare")]
    journey = second_journey(cast, stages=stages)
    change_of(journey, cast.ana, remove("stages", "spare"))
    other = change_of(journey, cast.ana, update("steps", "wait", stage="spare"))
    assert "puts a step into “spare”" in only(other, cast.ana).sentence


# --- slots ---------------------------------------------------------------------------------------


def test_two_contents_for_one_slot_break(cast):
    one = propose(cast, filled(version_of(cast, "One")))
    other = propose(cast, filled(version_of(cast, "Two")))
    assert told(one, cast.mei) == [("fill", other.number, "breaks", False)]
    clash = only(one, cast.mei)
    assert clash.hunk == ("steps", "welcome-email")
    assert clash.sentence.startswith("Both changes fill “body” of “Welcome e-mail”")


def test_the_same_content_for_one_slot_breaks_nothing(cast):
    version = version_of(cast, "One")
    one = propose(cast, filled(version), rename("Hello"))
    propose(cast, filled(version))
    assert [kind for kind, *_ in told(one, cast.mei)] == ["touch"]


def test_two_slots_of_one_step_break_nothing(cast):
    version = version_of(cast, "One")
    one = propose(cast, filled(version))
    hero = {"purpose": "", "asset": None, "version": None, "digest": None}
    two = update("steps", "welcome-email", **{"slots/hero": hero})
    other = propose(cast, two, filled(version, "hero"))
    assert told(one, cast.mei) == [("touch", other.number, "overlaps", False)]


def test_a_slot_filled_and_the_step_renamed_twice_are_two_clashes(cast):
    one = propose(cast, filled(version_of(cast, "One")), rename("Hello"))
    other = propose(cast, filled(version_of(cast, "Two")), rename("Good day"))
    assert told(one, cast.mei) == [
        ("fill", other.number, "breaks", False),
        ("touch", other.number, "overlaps", True),
    ]
    touching = clashes_of(one, cast.mei).items[1]
    assert touching.fields == ("Name",)


# --- content -------------------------------------------------------------------------------------


def retire(cast, actor=None):
    change = services.open_change(
        kind="asset", key=cast.asset.key, title="Retire", actor=actor or cast.mei
    )
    fields = {"status": "retired"}
    services.edit_change(
        number=change.number, actor=actor or cast.mei, edits=[update("header", "", **fields)]
    )
    change.refresh_from_db()
    return change


def test_showing_what_another_change_retires_breaks_across_kinds(cast):
    one = propose(cast, filled(version_of(cast, "One")))
    other = retire(cast)
    assert told(one, cast.mei) == [("use", other.number, "breaks", False)]
    assert told(other, cast.mei) == [("retire", one.number, "breaks", False)]
    assert only(one, cast.mei).sentence == (
        f"This change shows “Onboarding welcome”, which CR-{other.number} retires."
    )
    assert only(other, cast.mei).hunk == ("", "")


def test_retiring_content_breaks_nothing_that_does_not_newly_show_it(cast):
    other = retire(cast)
    propose(cast, rename("Hello"))
    assert told(other, cast.mei) == []


# --- audiences -----------------------------------------------------------------------------------


def entry(rule, key="also", kind="segment"):
    fields = {"name": "Also", "rule": rule, "kind": kind, "step": "welcome-email"}
    return {"op": "add", "element": "entries", "key": key, "fields": fields}


def days(start, end):
    return update("header", "", **{"lifecycle/start": start, "lifecycle/end": end})


def test_two_journeys_may_not_meet_one_audience_on_one_channel_at_one_time(cast):
    one = propose(cast, entry("New customers"), by="ana")
    other = change_of(second_journey(cast), cast.ana, entry(" NEW  customers."))
    assert told(one, cast.ana) == [("enter", other.number, "breaks", False)]
    clash = only(one, cast.ana)
    assert clash.place == "New customers"
    assert "“second” on the channel “E-mail”" in clash.sentence


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([entry("New customers")], [entry("Old customers")]),
        ([entry("New customers")], [entry("New customers", kind="event")]),
        ([entry("")], [entry("")]),
        (
            [entry("New customers"), days("2027-01-01", "2027-01-31")],
            [entry("New customers"), days("2027-02-01", None)],
        ),
    ],
    ids=["another audience", "an event", "no audience", "another month"],
)
def test_other_audiences_and_other_days_do_not_clash(cast, ours, theirs):
    one = propose(cast, *ours, by="ana")
    change_of(second_journey(cast), cast.ana, *theirs)
    assert told(one, cast.ana) == []


def test_another_channel_does_not_clash(cast):
    one = propose(cast, entry("New customers"), by="ana")
    journey = second_journey(cast)
    sms = update("steps", "welcome-email", channel="sms")
    change_of(journey, cast.ana, sms, entry("New customers"))
    assert told(one, cast.ana) == []


def test_one_journey_may_let_an_audience_in_twice(cast):
    one = propose(cast, entry("New customers", "a"), by="ana")
    propose(cast, entry("New customers", "b"), by="ana")
    assert told(one, cast.ana) == []


def test_an_audience_clashes_from_the_first_day_in_common(cast):
    one = propose(cast, entry("New customers"), days("2027-01-01", "2027-03-31"), by="ana")
    journey = second_journey(cast)
    change_of(journey, cast.ana, entry("New customers"), days("2027-02-01", None))
    assert only(one, cast.ana).sentence.startswith("From 1 Feb 2027 CR-")


# --- hand-overs ----------------------------------------------------------------------------------


def hand_over(journey):
    fields = {"kind": "hand_off", "journey": journey, "channel": None, "slots": {}, "wait": None}
    return update("steps", "wait", **fields)


def test_handing_over_to_a_journey_that_is_to_end_breaks(cast):
    journey = second_journey(cast)
    one = propose(cast, hand_over("second"), by="ana")
    other = change_of(journey, cast.ana, days(None, "2027-01-31"))
    assert told(one, cast.ana) == [("point", other.number, "breaks", False)]
    assert told(other, cast.ana) == [("remove", one.number, "breaks", False)]
    assert "lets end" in only(one, cast.ana).sentence


def test_handing_over_to_a_journey_that_ends_later_breaks_nothing(cast):
    journey = second_journey(cast)
    one = propose(cast, hand_over("second"), days(None, "2026-12-31"), by="ana")
    change_of(journey, cast.ana, days(None, "2027-01-31"))
    assert told(one, cast.ana) == []


# --- who is told ---------------------------------------------------------------------------------


def test_a_change_of_a_subject_that_is_not_seen_is_not_told_of(cast):
    journey = second_journey(cast, "secret")
    Journey.objects.filter(pk=journey.pk).update(is_restricted=True)
    change_of(journey, cast.ana, entry("New customers"))
    one = propose(cast, entry("New customers"))
    assert told(one, cast.mei) == []
    assert len(told(one, cast.ana)) == 1
    assert len(told(one, cast.ida)) == 1


def test_a_restricted_asset_that_is_retired_is_told_only_to_those_who_see_it(cast):
    version = content.services.create_asset(
        key="hidden",
        name="Hidden",
        kind="email",
        team=cast.asset.team,
        document=email_document("Hidden"),
        actor=cast.mei,
        is_restricted=True,
    )
    content.services.make_live(bound={("hidden", 1)})
    one = propose(cast, filled(version, asset="hidden"))
    change = services.open_change(kind="asset", key="hidden", title="Away", actor=cast.mei)
    services.edit_change(
        number=change.number, actor=cast.mei, edits=[update("header", "", status="retired")]
    )
    assert told(one, cast.mei) == [("use", change.number, "breaks", False)]
    assert told(one, cast.jun) == []


# --- claims are those of the newest revision -----------------------------------------------------


def test_an_edit_replaces_the_claims(cast):
    one = propose(cast, rename("Hello"))
    other = propose(cast, rename("Good day"))
    services.edit_change(
        number=other.number,
        actor=cast.mei,
        edits=[rename("Welcome e-mail"), rename("Pause", "wait")],
    )
    assert told(one, cast.mei) == []


def test_what_is_proposed_and_what_is_live_are_the_same_digest_as_ever(cast):
    for revision in ChangeRevision.objects.all():
        assert digest(revision.document) == revision.digest


def test_a_change_that_ends_leaves_no_claims(cast):
    assert Claim.objects.filter(change=reach(cast, "approved")).exists()
    for state in ("withdrawn", "rejected", "published"):
        change = reach(cast, state)
        assert not Claim.objects.filter(change=change).exists()


# --- how much is read ----------------------------------------------------------------------------


def count(change, user):
    change = Change.objects.select_related("journey", "asset", "taxonomy").get(pk=change.pk)
    # What the page has at hand already.
    user.has_perm("people.see_everything")
    proposal = proposal_of(change)
    with CaptureQueriesContext(connection) as captured:
        found = clashes_of(change, user, proposal)
    return len(captured), found


def test_a_hundred_other_changes_take_one_query_and_the_worst_are_told(cast):
    one = propose(cast, rename("Hello"), path("welcome-email", "call"))
    for number in range(99):
        propose(cast, rename(f"Hello {number}"))
    worst = propose(cast, remove("steps", "call"), path("wait", "end"))
    queries, found = count(one, cast.mei)
    assert queries == 1
    assert found.items[0].other == worst
    assert len(found.by_change) == 20
    assert found.left_out == 80
    assert found.breaking == 1


def test_nothing_to_tell_takes_one_query(cast):
    queries, found = count(propose(cast), cast.mei)
    assert queries == 1
    assert not found


def test_a_change_that_clashes_in_many_places_is_told_of_in_ten(cast):
    def paths(share):
        return [path("welcome-email", "end", key=f"way-{n}", condition=share) for n in range(12)]

    one, other = propose(cast, *paths("Maybe")), propose(cast, *paths("Perhaps"))
    found = clashes_of(one, cast.mei)
    assert len(found.items) == 10
    assert found.more == {other.pk: 2}
