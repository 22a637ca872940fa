"""Whose word counts: nobody's own work, nobody who was overruled, nobody who cannot see it."""

import pytest
from django.core import mail
from django.test import Client

import content.services
import people.services
from cjops.core.errors import Conflict, Invalid
from content.models import Asset
from governance import queries, rules, services, tasks, visibility
from governance.models import Change, Notification
from governance.proposals import proposal_of
from governance.transitions import Action, State
from journeys.models import Journey
from people import granting
from people.models import Channel, Role, Team, TeamKind
from tags.models import Taxonomy
from tests.cast import LEAD, email_document, person, propose, reach, rename, team
from tests.cast import take as taken

CALL = {"op": "update", "element": "steps", "key": "call", "fields": {"purpose": "Thank them"}}


def waiting(change):
    """Keys of the requirements of the current revision that are not met."""
    rows = change.requirements.filter(revision=change.revision, met_at=None)
    return set(rows.values_list("key", flat=True))


def edit(change, actor, *edits):
    services.edit_change(number=change.number, actor=actor, edits=list(edits))
    change.refresh_from_db()


def test_approval_of_an_owner_who_edited_afterwards_counts_no_more(cast):
    change = propose(cast, rename("Hello"), CALL)
    taken(change, Action.SUBMIT, cast.mei)
    taken(change, Action.APPROVE, cast.ana)
    taken(change, Action.REQUEST_CHANGES, cast.tom, comment="Leave the call alone")
    edit(change, cast.ana, {**CALL, "fields": {"purpose": ""}})
    taken(change, Action.SUBMIT, cast.mei)

    assert waiting(change) == {"steward:email", "owner/otherwise"}


def test_approval_of_a_steward_who_edited_afterwards_counts_no_more(cast):
    change = propose(cast, rename("Hello"), CALL)
    taken(change, Action.SUBMIT, cast.mei)
    taken(change, Action.APPROVE, cast.tom)
    taken(change, Action.REQUEST_CHANGES, cast.ana, comment="Leave the call alone")
    edit(change, cast.tom, {**CALL, "fields": {"purpose": ""}})
    taken(change, Action.SUBMIT, cast.mei)

    assert "steward:email" in waiting(change)


def test_request_for_changes_is_not_overruled_by_an_earlier_approval(cast):
    change = reach(cast, "in_review")
    taken(change, Action.APPROVE, cast.tom)
    taken(change, Action.APPROVE, cast.ana)
    taken(change, Action.REQUEST_CHANGES, cast.nora, comment="Not like this")
    taken(change, Action.SUBMIT, cast.mei)

    assert change.state == State.IN_REVIEW
    assert waiting(change) == {"steward:email"}


def test_request_for_changes_leaves_what_others_answer_for(cast):
    change = propose(cast, rename("Hello"), CALL)
    taken(change, Action.SUBMIT, cast.mei)
    taken(change, Action.APPROVE, cast.jun)
    taken(change, Action.REQUEST_CHANGES, cast.tom, comment="Warmer")
    taken(change, Action.SUBMIT, cast.mei)

    assert waiting(change) == {"steward:email", "owner"}


def resubmitted_without_the_call(cast):
    """A change of which everything left was approved before the call was taken out of it."""
    change = propose(cast, rename("Hello"), CALL)
    taken(change, Action.SUBMIT, cast.mei)
    for reviewer in (cast.tom, cast.ana):
        taken(change, Action.APPROVE, reviewer)
    taken(change, Action.REQUEST_CHANGES, cast.jun, comment="We have no time for calls")
    edit(change, cast.mei, {**CALL, "fields": {"purpose": ""}})
    taken(change, Action.SUBMIT, cast.mei)
    return change


def test_change_that_needs_no_more_decisions_is_approved_when_submitted(cast):
    change = resubmitted_without_the_call(cast)

    assert change.state == State.APPROVED
    assert waiting(change) == set()


def test_edited_roll_back_needs_everybody_it_touches(cast):
    published = reach(cast, "published")
    taken(published, Action.ROLL_BACK, cast.ana, comment="Numbers went down")
    inverse = Change.objects.get(reverts=published)
    assert waiting(inverse) == {"roll-back"}

    taken(inverse, Action.REQUEST_CHANGES, cast.tom, comment="And the call?")
    edit(inverse, cast.ana, CALL)
    taken(inverse, Action.SUBMIT, cast.ana)

    assert waiting(inverse) == {"steward:email", "steward:call-centre", "owner/otherwise"}


def test_author_of_newly_bound_content_does_not_approve_it(cast):
    version = content.services.add_version(
        asset=cast.asset, document=email_document("Hello there"), actor=cast.tom
    )
    change = services.submit_content(
        journey_key=cast.journey.key,
        step_key="welcome-email",
        slot="body",
        actor=cast.mei,
        asset_key=cast.asset.key,
        rationale="Shorter",
        version=version.number,
    )

    assert queries.editor_ids(change) == {cast.mei.pk, cast.tom.pk}
    assert not queries.waiting_for(cast.tom).filter(pk=change.pk).exists()
    assert queries.waiting_for(cast.nora).filter(pk=change.pk).exists()


def test_author_of_content_that_was_live_before_may_decide(cast):
    change = reach(cast, "in_review")

    assert queries.editor_ids(change) == {cast.mei.pk}


def test_steward_who_does_not_see_the_journey_is_nobody_to_ask(cast):
    letters = Channel.objects.create(key="letter", name="Letter")
    outsiders = team("letters", TeamKind.CHANNEL, [letters])
    lea = person("lea")
    people.services.set_membership(team=outsiders, user=lea, role=LEAD, actor=None)
    to_letter = {"op": "update", "element": "steps", "key": "call", "fields": {"channel": "letter"}}
    change = propose(cast, to_letter)

    with pytest.raises(Conflict, match="Letter"):
        services.take(action=Action.SUBMIT, number=change.number, actor=cast.mei)

    grant(cast.journey, outsiders)
    taken(change, Action.SUBMIT, cast.mei)
    assert "steward:letter" in waiting(change)


def grant(journey, group):
    granting.give(
        on=granting.on(journey), role=Role.objects.get(key="contributor"), team=group, actor=None
    )


def test_person_who_lost_sight_of_a_change_is_neither_told_nor_counted(cast):
    change = reach(cast, "in_review")
    before = queries.count_waiting(cast.tom)
    granting.take_back(grant=cast.journey.grants.get(team__key="email"), actor=None)

    assert before == 1
    assert queries.count_waiting(cast.tom) == 0
    client = Client()
    client.force_login(cast.tom)
    assert client.get(f"/changes/{change.number}/").status_code == 404
    mail.outbox.clear()
    Notification.objects.filter(user=cast.tom).update(mailed_at=None)
    for row in Notification.objects.filter(user=cast.tom):
        tasks.deliver_one(row.pk)
    assert mail.outbox == []


def test_people_who_see_are_those_whom_the_lists_show_it(cast):
    subjects = [*Journey.objects.all(), *Asset.objects.all(), *Taxonomy.objects.all()]
    Asset.objects.update(is_restricted=True)
    everybody = [*cast.everybody().values()]
    for subject in subjects:
        subject.refresh_from_db()
        wanted = {user.pk for user in everybody if visibility.sees(user, subject)}
        assert visibility.who_see(subject, [user.pk for user in everybody]) == wanted, subject


def test_inactive_manager_is_nobody_to_ask(cast):
    change = propose(cast)
    cast.ana.is_active = False
    cast.ana.save()

    drafts = rules.requirements_for(change, proposal_of(change), {cast.mei.pk})

    assert {draft.key for draft in drafts} == {"steward:email", "owner/otherwise"}


def test_any_operations_team_can_stand_in(cast):
    second = team("operations-east", TeamKind.JOURNEY_OPERATIONS, [])
    people.services.set_membership(team=second, user=cast.jun, role=LEAD, actor=None)
    change = propose(cast, rename("Hello"), by="ana")

    drafts = rules.requirements_for(change, proposal_of(change), {cast.ana.pk})

    operations = next(draft for draft in drafts if draft.key == "owner/otherwise")
    people_asked = {one for source in operations.sources for one in source.people}
    assert people_asked == {cast.omar.pk, cast.jun.pk}


def test_content_for_another_channel_cannot_be_shown(cast):
    fields = {"channel": "sms", "kind": "message"}
    change = propose(cast, {**rename("By text"), "fields": fields})

    codes = {finding.code for finding in proposal_of(change).errors}

    assert "asset-other-channel" in codes


def test_content_that_the_editor_does_not_see_cannot_be_bound(cast):
    content.services.create_asset(
        key="secret",
        name="Secret",
        kind="email",
        team=Team.objects.get(key="web"),
        document=email_document(),
        actor=cast.zoe,
        is_restricted=True,
    )
    change = propose(cast)

    with pytest.raises(Invalid) as refused:
        edit(change, cast.mei, bind("secret"))
    with pytest.raises(Invalid) as missing:
        edit(change, cast.mei, bind("missing"))
    assert refused.value.code == missing.value.code


def bind(asset):
    return {
        "op": "update",
        "element": "steps",
        "key": "welcome-email",
        "fields": {"slots/body/asset": asset},
    }


def test_badge_counts_what_the_list_shows(cast):
    for title in ("One", "Two"):
        taken(propose(cast, rename(title)), Action.SUBMIT, cast.mei)

    for user in cast.everybody().values():
        assert queries.count_waiting(user) == queries.waiting_for(user).count()
    assert queries.count_waiting(cast.tom) == 2
    assert queries.count_waiting(cast.tom, limit=1) == 1


def test_author_of_a_version_that_was_skipped_does_not_approve_it(cast):
    skipped = content.services.add_version(
        asset=cast.asset, document=email_document("Never sent"), actor=cast.tom
    )
    newer = content.services.add_version(
        asset=cast.asset, document=email_document("Sent"), actor=cast.mei
    )
    content.services.make_live(bound={(cast.asset.key, newer.number)}, actor=cast.ana)

    change = submit_version(cast, skipped.number)

    assert cast.tom.pk in queries.editor_ids(change)


def submit_version(cast, number):
    return services.submit_content(
        journey_key=cast.journey.key,
        step_key="welcome-email",
        slot="body",
        actor=cast.mei,
        asset_key=cast.asset.key,
        rationale="Shorter",
        version=number,
    )


def test_whoever_words_the_reasons_is_one_of_the_editors(cast):
    change = reach(cast, "changes_requested")

    services.describe_change(number=change.number, actor=cast.ana, rationale="Because I say so")

    change.refresh_from_db()
    assert cast.ana.pk in queries.editor_ids(change)
    assert change.digest == change.revisions.get(number=change.revision).digest


def test_lead_whose_colleague_decided_is_not_asked_any_more(cast):
    change = reach(cast, "in_review")
    taken(change, Action.APPROVE, cast.nora)

    with pytest.raises(Conflict, match="any more"):
        services.take(action=Action.APPROVE, number=change.number, actor=cast.tom)


def test_approval_by_a_resubmission_tells_who_may_publish(cast):
    change = resubmitted_without_the_call(cast)

    told = Notification.objects.filter(change=change, kind="ready").values_list("user__name")
    assert set(told) == {("Ana",)}


def test_key_that_live_used_meanwhile_is_not_used_again(cast):
    add = {"op": "add", "element": "stages", "key": "gift", "fields": {"name": "Gift"}}
    first = propose(cast, add)
    taken(first, Action.SUBMIT, cast.mei)
    taken(first, Action.APPROVE, cast.ana)
    for edits in ([add], [{"op": "remove", "element": "stages", "key": "gift"}]):
        other = propose(cast, *edits)
        taken(other, Action.SUBMIT, cast.mei)
        taken(other, Action.APPROVE, cast.ana)
        taken(other, Action.PUBLISH, cast.ana)

    with pytest.raises(Conflict) as refused:
        services.take(action=Action.PUBLISH, number=first.number, actor=cast.ana)

    assert refused.value.code == "key_used"


def test_a_language_may_return_to_an_asset(cast):
    fr = {**email_document()["renditions"][0], "key": "fr"}
    document = email_document()
    document["renditions"].append(fr)
    content.services.add_version(asset=cast.asset, document=document, actor=cast.mei)
    change = services.open_change(
        kind="asset", key=cast.asset.key, title="French", rationale="For Lyon", actor=cast.mei
    )
    fields = {name: value for name, value in fr.items() if name != "key"}
    add = {"op": "add", "element": "renditions", "key": "fr", "fields": fields}

    edit(change, cast.mei, add)

    assert change.hunk_count == 1
