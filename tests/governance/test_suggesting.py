"""Suggested edits: who may make them, what becomes of them, and what they never touch."""

import pytest
from django.core import mail

from cjops.core.errors import Conflict, DocumentInvalid, Forbidden, Invalid, NotFound, Stale
from governance import services, tasks
from governance.models import LedgerEntry, Notification, NotificationKind, Suggestion
from governance.proposals import proposal_of
from governance.services import Repeat
from governance.transitions import Action
from tests.bad_input.conftest import written
from tests.cast import propose, reach, rename, take
from tests.governance.suggesting import (
    CALM,
    apply,
    decline,
    in_review,
    proposed_name,
    suggest,
    take_back,
    told,
)


@pytest.fixture
def change(cast):
    return in_review(cast)


@pytest.fixture
def suggestion(cast, change):
    return suggest(cast, change)


# --- suggesting --------------------------------------------------------------------------------


def test_a_suggestion_keeps_what_differs_and_touches_nothing(cast, change):
    before = proposal_of(change).proposed
    sent = rename(CALM)
    sent["fields"]["kind"] = "message"

    suggestion = suggest(cast, change, sent, comment="Less heat")

    change.refresh_from_db()
    assert suggestion.edits == [rename(CALM)]
    assert suggestion.before["name"] == "A warm welcome"
    assert (suggestion.state, suggestion.revision) == ("open", change.revision)
    assert proposal_of(change).proposed == before


def test_the_author_hears_of_it_and_the_ledger_names_it(cast, change):
    suggestion = suggest(cast, change, comment="Less heat")

    entry = LedgerEntry.objects.get(action=Action.SUGGEST)
    assert (entry.actor, entry.reason) == (cast.jun, "Less heat")
    assert entry.data["suggestion"] == suggestion.pk
    assert told(cast.mei, NotificationKind.SUGGESTED) == 1
    assert told(cast.jun, NotificationKind.SUGGESTED) == 0


def test_of_the_header_only_header_fields_are_kept(cast, change):
    edit = {"op": "update", "element": "header", "fields": {"purpose": "To the first payment"}}

    suggestion = suggest(cast, change, edit)

    assert (suggestion.element, suggestion.key) == ("", "")
    assert suggestion.edits == [edit]
    assert "steps" not in suggestion.before


def test_an_element_that_the_change_leaves_alone_can_be_suggested_too(cast, change):
    suggestion = suggest(cast, change, rename("A short wait", "wait"))

    apply(cast, suggestion)

    assert proposed_name(change, "wait") == "A short wait"


BAD = [
    ([], "one element"),
    ("not a list", "Edits are a list"),
    ([7], "An edit is an object"),
    ([rename("A", "call"), rename("B")], "one element"),
    ([{"op": "remove", "element": "steps", "key": "call"}], "one element"),
    ([{"op": "move", "element": "steps", "key": "call", "after": None}], "one element"),
    ([{"op": "add", "element": "stages", "key": "new", "fields": {"name": "x"}}], "one element"),
    ([rename("x", "nowhere")], "no longer holds the key"),
    ([{**rename("x"), "element": "nothing"}], "no collection"),
    ([{"op": "update", "element": "header", "fields": {"steps": []}}], "is a collection"),
    ([{**rename("x"), "fields": {"rank": "a"}}], "cannot be set"),
    ([{**rename("x"), "fields": {"name": float("nan")}}], "not one that a document can hold"),
    ([rename("x")] * 1_001, "more than 1000 edits"),
    ([rename("A warm welcome")], "another value"),
    ([{**rename("x"), "fields": {}}], "another value"),
]


@pytest.mark.parametrize(("edits", "words"), BAD)
def test_what_cannot_be_suggested_is_refused_in_words(cast, change, edits, words):
    before = written()

    with pytest.raises(Invalid) as refusal:
        services.suggest(number=change.number, actor=cast.jun, edits=edits)

    said = [sentence for sentences in refusal.value.errors.values() for sentence in sentences]
    assert words in " ".join(said)
    assert written() == before


@pytest.mark.parametrize(
    "fields",
    [{"name": "x" * 5_000}, {"name": 7}, {"nonsense": 1}, {"slots": []}, {"name": "a\x00b"}],
)
def test_what_is_no_document_is_refused(cast, change, fields):
    with pytest.raises((DocumentInvalid, Invalid)):
        suggest(cast, change, {**rename("x"), "fields": fields})

    assert not Suggestion.objects.exists()


def test_an_old_digest_is_refused(cast, change):
    with pytest.raises(Stale):
        suggest(cast, change, expected_digest="0" * 64)


def test_a_comment_that_cannot_be_stored_is_refused(cast, change):
    with pytest.raises(Invalid) as refusal:
        suggest(cast, change, comment="x" * 10_001)
    assert "comment" in refusal.value.errors


def test_the_author_edits_and_does_not_suggest(cast, change):
    with pytest.raises(Forbidden):
        suggest(cast, change, by="mei")


@pytest.mark.parametrize("state", ["published", "rejected", "withdrawn"])
def test_nothing_is_suggested_for_what_has_ended(cast, state):
    change = reach(cast, state)
    with pytest.raises(Conflict):
        suggest(cast, change)


def test_nobody_suggests_for_what_they_do_not_see(cast, change):
    with pytest.raises(NotFound):
        suggest(cast, change, by="zoe")


def test_there_is_an_end_to_suggestions(cast, change, monkeypatch):
    monkeypatch.setattr("governance.services.suggesting.MOST_OPEN", 1)
    suggest(cast, change)

    with pytest.raises(Conflict, match="1 suggestions of yours"):
        suggest(cast, change, rename("Another"))

    # One reader does not lock out the others, and makes room by taking one back.
    suggest(cast, change, by="tom")
    take_back(cast, Suggestion.objects.get(author=cast.jun))
    suggest(cast, change, rename("Another"))


def test_a_suggestion_cannot_name_content_or_journeys_that_its_giver_does_not_see(cast, change):
    cast.asset.is_restricted = True
    cast.asset.save(update_fields=["is_restricted"])
    empty = {"slots/body/asset": None, "slots/body/version": None, "slots/body/digest": None}
    services.apply_suggestion(
        number=change.number,
        suggestion=suggest(cast, change, {**rename("x"), "fields": empty}).pk,
        actor=cast.mei,
    )
    digest = cast.asset.versions.get(number=1).digest
    bound = {"asset": "onboarding-welcome", "version": 1, "digest": digest}
    fields = {f"slots/body/{name}": value for name, value in bound.items()}

    with pytest.raises(Invalid) as refusal:
        suggest(cast, change, {**rename("x"), "fields": fields})
    assert refusal.value.code == "asset-unknown"

    with pytest.raises(Invalid) as refusal:
        suggest(cast, change, {**rename("x"), "fields": {"kind": "hand_off", "journey": "secret"}})
    assert refusal.value.code == "journey-unknown"


def test_the_same_request_twice_is_one_suggestion(cast, change):
    repeat = Repeat("key", "f" * 64)

    first = suggest(cast, change, repeat=repeat)

    assert suggest(cast, change, repeat=repeat).pk == first.pk
    assert Suggestion.objects.count() == 1


# --- applying ----------------------------------------------------------------------------------


def test_applying_makes_a_revision_by_the_author(cast, change, suggestion):
    revision = change.revision

    entry = apply(cast, suggestion)

    change.refresh_from_db()
    suggestion.refresh_from_db()
    assert proposed_name(change) == CALM
    newest = change.revisions.get(number=change.revision)
    assert (newest.number, newest.author) == (revision + 1, cast.mei)
    assert (entry.action, entry.actor, entry.data["suggestion"]) == (
        Action.APPLY,
        cast.mei,
        suggestion.pk,
    )
    assert (suggestion.state, suggestion.decided_by) == ("applied", cast.mei)
    assert change.ledger.filter(action=Action.EDIT, revision=change.revision).count() == 0


def test_whoever_suggested_it_hears_that_it_was_applied(cast, suggestion):
    apply(cast, suggestion)

    tasks.deliver(notifications=[Notification.objects.get(user=cast.jun, kind="commented").pk])

    assert mail.outbox[0].subject.startswith("Your suggestion was applied")
    assert "Mei applied the edit you suggested" in mail.outbox[0].body


def test_approvals_of_what_it_leaves_alone_stay(cast, change, suggestion):
    """Jun decides on the call, Tom on the e-mail: only Tom is asked again."""
    take(change, Action.APPROVE, cast.jun)
    take(change, Action.APPROVE, cast.tom)

    apply(cast, suggestion)

    change.refresh_from_db()
    met = {
        one.key: one.met_at is not None
        for one in change.requirements.filter(revision=change.revision)
    }
    assert change.state == "in_review"
    assert met == {"steward:call-centre": True, "steward:email": False, "owner": False}
    assert told(cast.tom, NotificationKind.OUTDATED) == 1


def test_an_approved_change_goes_back_into_review(cast, change, suggestion):
    for name in ("tom", "jun", "ana"):
        take(change, Action.APPROVE, cast.named(name))
    assert change.state == "approved"

    entry = apply(cast, suggestion)

    change.refresh_from_db()
    assert change.state == "in_review"
    assert (entry.from_state, entry.to_state) == ("approved", "in_review")


def test_whoever_suggested_it_still_decides(cast, change):
    suggestion = suggest(cast, change, by="tom")
    apply(cast, suggestion)

    take(change, Action.APPROVE, cast.tom)

    assert change.reviews.get().reviewer == cast.tom


def test_a_draft_stays_a_draft(cast):
    change = propose(cast)

    apply(cast, suggest(cast, change))

    change.refresh_from_db()
    assert (change.state, proposed_name(change)) == ("draft", CALM)


@pytest.mark.parametrize("name", ["jun", "tom", "ana", "ida"])
def test_only_the_author_applies(cast, suggestion, name):
    with pytest.raises(Forbidden):
        apply(cast, suggestion, by=name)
    with pytest.raises(Forbidden):
        decline(cast, suggestion, by=name)


def test_nobody_answers_what_they_do_not_see(cast, suggestion):
    with pytest.raises(NotFound):
        apply(cast, suggestion, by="zoe")


def test_the_suggestion_of_another_change_is_not_there(cast, suggestion):
    other = propose(cast)

    with pytest.raises(NotFound):
        services.apply_suggestion(number=other.number, suggestion=suggestion.pk, actor=cast.mei)


def test_what_has_changed_since_is_not_applied(cast, change, suggestion):
    apply(cast, suggest(cast, change, rename("A hot welcome")))
    before = written()

    with pytest.raises(Conflict) as refusal:
        apply(cast, suggestion)

    assert refusal.value.code == "suggestion_outdated"
    assert written() == before
    assert proposed_name(change) == "A hot welcome"


def test_what_was_removed_since_is_not_applied(cast):
    change = propose(cast)
    suggestion = suggest(cast, change, rename("A short call", "call"))
    services.edit_change(
        number=change.number,
        actor=cast.mei,
        edits=[{"op": "remove", "element": "steps", "key": "call"}],
    )

    with pytest.raises(Conflict):
        apply(cast, suggestion)


def test_another_element_may_have_changed_meanwhile(cast, change, suggestion):
    apply(cast, suggest(cast, change, rename("A short call", "call")))

    apply(cast, suggestion)

    assert (proposed_name(change), proposed_name(change, "call")) == (CALM, "A short call")


def test_applying_twice_is_refused_and_with_one_key_answered(cast, change, suggestion):
    repeat = Repeat("key", "f" * 64)
    entry = apply(cast, suggestion, repeat=repeat)

    assert apply(cast, suggestion, repeat=repeat).pk == entry.pk
    with pytest.raises(Conflict) as refusal:
        apply(cast, suggestion)
    assert refusal.value.code == "suggestion_answered"


def test_an_old_digest_keeps_it_from_being_applied(cast, suggestion):
    with pytest.raises(Stale):
        apply(cast, suggestion, expected_digest="0" * 64)


def test_a_scheduled_change_is_not_touched(cast):
    change = reach(cast, "scheduled")
    suggestion = suggest(cast, change)

    with pytest.raises(Conflict):
        apply(cast, suggestion)


def test_a_suggestion_that_takes_everything_back_is_refused(cast):
    """Nothing would be left to decide on."""
    change = reach(cast, "in_review")
    before = written()

    with pytest.raises(Conflict) as refusal:
        apply(cast, suggest(cast, change, rename("Welcome e-mail")))

    assert refusal.value.code == "nothing_left"
    assert proposed_name(change) == "A warm welcome"
    assert before != written()  # the suggestion itself, and that alone


# --- declining ---------------------------------------------------------------------------------


def test_declining_tells_whoever_suggested_it_why(cast, change, suggestion):
    entry = decline(cast, suggestion)

    suggestion.refresh_from_db()
    assert suggestion.state == "declined"
    assert entry.data["declined"] is True
    tasks.deliver(notifications=[Notification.objects.get(user=cast.jun, kind="commented").pk])
    assert mail.outbox[0].subject.startswith("Your suggestion was declined")
    assert "Warm is what we want" in mail.outbox[0].body
    assert proposed_name(change) == "A warm welcome"


@pytest.mark.parametrize("comment", ["", "  \n "])
def test_declining_needs_words(cast, suggestion, comment):
    with pytest.raises(Invalid) as refusal:
        decline(cast, suggestion, comment=comment)
    assert "comment" in refusal.value.errors


def test_what_was_declined_is_not_applied(cast, suggestion):
    decline(cast, suggestion)

    with pytest.raises(Conflict):
        apply(cast, suggestion)


# --- taking back -------------------------------------------------------------------------------


def test_whoever_made_it_takes_it_back(cast, change, suggestion):
    entry = take_back(cast, suggestion)

    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.decided_by) == ("withdrawn", cast.jun)
    assert (entry.action, entry.data["withdrawn"]) == (Action.SUGGEST, True)
    with pytest.raises(Conflict, match="taken back"):
        apply(cast, suggestion)
    with pytest.raises(Conflict, match="taken back"):
        decline(cast, suggestion)


@pytest.mark.parametrize("name", ["mei", "tom", "omar"])
def test_nobody_else_takes_it_back(cast, suggestion, name):
    with pytest.raises(Forbidden):
        take_back(cast, suggestion, by=name)


def test_what_was_answered_is_not_taken_back(cast, suggestion):
    decline(cast, suggestion)

    with pytest.raises(Conflict, match="answered already"):
        take_back(cast, suggestion)


def test_nothing_is_taken_back_once_the_change_has_ended(cast, change, suggestion):
    take(change, Action.WITHDRAW, cast.mei)

    with pytest.raises(Conflict):
        take_back(cast, suggestion)
