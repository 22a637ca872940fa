"""Live has moved under a change: the banner, the conflicts as choices, and what the form does."""

import re

import pytest
from django.urls import reverse

from governance import services
from governance.integration import integration_of
from governance.models import Change
from governance.transitions import Action, State
from tests.cast import approved, go_live, propose, reach, rename, take, wait_for
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def page(client, person, change, query=""):
    client.force_login(person)
    return client.get(reverse("change-detail", args=[change.number]) + query)


def send(client, person, change, **form):
    client.force_login(person)
    form = {"digest": change.digest, **form}
    return client.post(reverse("change-rebase", args=[change.number]), form)


def fingerprint(change):
    (conflict,) = integration_of(Change.objects.get(pk=change.pk)).merge.conflicts
    return conflict.fingerprint


@pytest.fixture
def clashing(cast):
    """An approved change of the welcome e-mail's name, which live names otherwise by now."""
    change = reach(cast, "approved")
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    return change


def test_banner_says_what_moved_and_how_many_places_clash(client, cast, clashing):
    shown = text_of(page(client, cast.mei, clashing))

    assert "Live has moved: v1 → v2" in shown
    assert "name “Welcome e-mail” → “Another welcome”" in shown
    assert "It clashes with this change in 1 place." in shown


def test_banner_offers_the_new_version_where_nothing_clashes(client, cast):
    change = reach(cast, "approved")
    go_live(cast, wait_for(3))

    shown = text_of(page(client, cast.mei, change))

    assert "Nothing of it clashes with this change." in shown
    assert "Take version 2" in shown


def test_reader_is_told_and_offered_nothing(client, cast, clashing):
    shown = text_of(page(client, cast.ida, clashing, "?tab=conflicts"))

    assert "Live has moved" in shown
    assert "Take version 2" not in shown
    assert "may edit it" in shown


def test_no_banner_while_live_has_not_moved(client, cast):
    assert "Live has moved" not in text_of(page(client, cast.mei, reach(cast, "approved")))


def test_ended_change_says_nothing_of_live(client, cast):
    change = reach(cast, "withdrawn")
    go_live(cast, wait_for(3))

    assert "Live has moved" not in text_of(page(client, cast.mei, change))


def test_conflict_shows_both_sides_and_what_was_there(client, cast, clashing):
    shown = text_of(page(client, cast.mei, clashing, "?tab=conflicts"))

    assert "Another welcome · Name" in shown
    assert "Both this change and live say something new here." in shown
    for words in ("Keep what is live", "Take what this change says", "Write something else"):
        assert words in shown


def test_choice_takes_the_new_version(client, cast, clashing):
    answer = send(client, cast.mei, clashing, **{f"choice-{fingerprint(clashing)}": "mine"})

    assert answer.status_code == 302
    clashing.refresh_from_db()
    assert (clashing.base_number, clashing.state) == (2, State.IN_REVIEW)


def test_own_words_take_the_place_of_both(client, cast, clashing):
    conflict = fingerprint(clashing)
    own = {f"choice-{conflict}": "edited", f"value-{conflict}": "Hello at last"}

    assert send(client, cast.mei, clashing, **own).status_code == 302

    clashing.refresh_from_db()
    document = clashing.revisions.get(number=clashing.revision).document
    assert document["steps"][0]["name"] == "Hello at last"


def test_open_conflict_brings_the_page_back_with_the_choices_made(client, cast):
    edits = (rename("A warm welcome"), rename("Thank-you call", "call"))
    change = propose(cast, *edits)
    go_live(cast, rename("Another welcome"), rename("Short call", "call"), by=("tom", "jun", "ana"))
    first = integration_of(Change.objects.get(pk=change.pk)).merge.conflicts[0].fingerprint

    answer = send(client, cast.mei, change, **{f"choice-{first}": "mine"})

    assert answer.status_code == 409
    body = answer.content.decode()
    assert "Settle these first." in body
    assert re.search(rf'name="choice-{first}" value="mine" checked', body)
    change.refresh_from_db()
    assert change.base_number == 1


def test_choices_can_be_kept_for_later(client, cast, clashing):
    kept = {f"choice-{fingerprint(clashing)}": "mine", "keep": "1"}

    answer = send(client, cast.mei, clashing, **kept)

    assert answer.url.endswith("?tab=conflicts")
    assert "What clashes is settled." in text_of(page(client, cast.mei, clashing))
    clashing.refresh_from_db()
    assert clashing.base_number == 1


def test_nothing_chosen_to_be_kept_is_refused(client, cast, clashing):
    answer = send(client, cast.mei, clashing, keep="1")

    assert answer.status_code == 400
    assert "Say how to settle at least one conflict." in answer.content.decode()


def test_conflict_that_is_gone_is_said(client, cast, clashing):
    old = fingerprint(clashing)
    go_live(cast, rename("A third welcome"), by=("tom", "ana"))

    answer = send(client, cast.mei, clashing, **{f"choice-{old}": "mine"})

    assert answer.status_code == 409
    assert "no longer there" in answer.content.decode()


@pytest.mark.parametrize("name", ["choice-", "choice-x", "choice-" + "0" * 64])
def test_what_names_no_conflict_is_refused(client, cast, clashing, name):
    answer = send(client, cast.mei, clashing, **{name: "mine"})

    assert answer.status_code == 409
    assert clashing.resolutions.count() == 0


def test_form_of_an_older_revision_is_refused(client, cast, clashing):
    conflict = fingerprint(clashing)

    answer = send(client, cast.mei, clashing, digest="0" * 64, **{f"choice-{conflict}": "mine"})

    assert answer.status_code == 412
    assert re.search(rf'name="choice-{conflict}" value="mine" checked', answer.content.decode())


def element_conflict(cast, ours, theirs):
    """A change and a version between which these edits stand against each other."""
    change = propose(cast, *ours)
    go_live(cast, *theirs, by=("jun", "ana"))
    return change


def without_call():
    way = {
        "op": "update",
        "element": "transitions",
        "key": "wait-call",
        "fields": {"target": "end"},
    }
    return way, {"op": "remove", "element": "steps", "key": "call"}


def test_edit_of_what_went_away_live_can_bring_it_back(client, cast):
    change = element_conflict(cast, [rename("Thank-you call", "call")], without_call())

    shown = text_of(page(client, cast.mei, change, "?tab=conflicts"))

    assert "This change edits what was removed live." in shown
    assert "Bring it back with the edits of this change" in shown
    assert "Leave it removed, as it is live" in shown


def test_removal_of_what_was_edited_live_can_go_on(client, cast):
    change = element_conflict(cast, without_call(), [rename("Thank-you call", "call")])

    shown = text_of(page(client, cast.mei, change, "?tab=conflicts"))

    assert "This change removes what was edited live." in shown
    assert "Thank-you call" in shown
    assert "Remove it, as this change does" in shown


def test_way_to_what_went_away_live_names_what_it_leads_to(client, cast):
    to_call = {
        "op": "update",
        "element": "transitions",
        "key": "welcome-email-wait",
        "fields": {"target": "call"},
    }
    change = element_conflict(cast, [to_call], without_call())

    shown = text_of(page(client, cast.mei, change, "?tab=conflicts"))

    assert "This change leads to something that is no longer live." in shown
    assert "Bring “Courtesy call” back, as this change leads to it" in shown


def test_two_moves_of_one_step_say_where_to(client, cast):
    def move(after):
        return {"op": "move", "element": "steps", "key": "wait", "after": after}

    change = propose(cast, move("end"))
    go_live(cast, move("call"))

    shown = text_of(page(client, cast.mei, change, "?tab=conflicts"))

    assert "Both this change and live moved it" in shown
    assert "after “Courtesy call”" in shown
    assert "after “End”" in shown


def test_inbox_says_that_live_moved_and_how_many_conflicts(client, cast, clashing):
    services.mark_moved(kind="journey", subject=cast.journey.pk)
    client.force_login(cast.mei)

    shown = text_of(client.get("/"))

    assert "live has moved: v1 → v2, 1 conflict" in shown
    assert "Live has moved under your change" in shown


def test_queued_change_says_for_which_it_waits(client, cast):
    first, second = reach(cast, "approved"), approved(cast, wait_for(3))
    take(second, Action.QUEUE, cast.mei, after=first.number)

    shown = text_of(page(client, cast.ana, second))

    assert f"Waits for CR-{first.number}" in shown
    assert f"It waits for CR-{first.number} to go live first." in shown


def test_queue_form_offers_the_open_changes_of_the_journey(client, cast):
    first, second, ended = propose(cast), propose(cast, wait_for(3)), reach(cast, "withdrawn")
    client.force_login(cast.mei)

    shown = client.get(reverse("change-take", args=[second.number, "queue"])).content.decode()

    assert f'value="{first.number}"' in shown
    assert f'value="{ended.number}"' not in shown


@pytest.mark.parametrize("after", ["", "-1", "x", "99999999999999999999", "999999"])
def test_queue_behind_nothing_known_brings_the_form_back(client, cast, after):
    change = propose(cast)
    client.force_login(cast.mei)
    address = reverse("change-take", args=[change.number, "queue"])

    answer = client.post(address, {"after": after, "digest": change.digest})

    assert answer.status_code in (400, 422)
    assert "Publish after" in answer.content.decode()


def test_schedule_of_a_queued_change_needs_no_time(client, cast):
    first, second = reach(cast, "approved"), approved(cast, wait_for(3))
    take(second, Action.QUEUE, cast.mei, after=first.number)
    client.force_login(cast.ana)
    address = reverse("change-take", args=[second.number, "schedule"])

    assert client.post(address, {"publish_at": "", "digest": second.digest}).status_code == 302

    second.refresh_from_db()
    assert (second.state, second.scheduled_for) == (State.SCHEDULED, None)
    assert "right after the change that it waits for" in text_of(page(client, cast.ana, second))


def test_roll_back_in_a_place_that_moved_on_says_what_to_do(client, cast):
    change = reach(cast, "published")
    go_live(cast, rename("Later name"), by=("tom", "ana"))
    client.force_login(cast.ana)
    address = reverse("change-take", args=[change.number, "roll-back"])

    shown = client.post(address, {"digest": change.digest}, follow=True).content.decode()

    assert "Later changes touched the same places" in shown
    assert "Live has moved" in shown


def test_story_tells_of_the_rebase_and_of_outdated_approvals(client, cast, clashing):
    send(client, cast.mei, clashing, **{f"choice-{fingerprint(clashing)}": "mine"})

    shown = text_of(page(client, cast.mei, clashing, "?tab=conversation"))

    assert "carried it from version 1 onto version 2" in shown
    assert "found the approval by Tom outdated in part" in shown
