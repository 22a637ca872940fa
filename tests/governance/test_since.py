"""What is new since a review, and what differs between two revisions."""

import pytest
from django.urls import reverse

from cjops.documents import diff, hunks
from governance import services
from governance.models import ChangeRevision
from governance.presenting import compared_with
from governance.proposals import proposal_of
from governance.transitions import Action
from tests.cast import propose, rename, take
from tests.pages import text_of

# --- the comparison ----------------------------------------------------------------------------


def found(**names):
    """Hunks of steps that are renamed: by key the new name."""
    before = {"steps": [_step(key, "was") for key in sorted(names)]}
    after = {"steps": [_step(key, name) for key, name in sorted(names.items())]}
    return hunks(diff(before, after))


def _step(key, name):
    return {"key": key, "rank": key, "name": name}


def told(since, now):
    keys = {hunk.digest: hunk.key for hunk in now}
    return (
        {keys[digest] for digest in since.new},
        {keys[digest] for digest in since.same},
        {hunk.key for hunk in since.gone},
    )


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ({}, {}, (set(), set(), set())),
        ({}, {"a": "x"}, ({"a"}, set(), set())),
        ({"a": "x"}, {"a": "x"}, (set(), {"a"}, set())),
        ({"a": "x"}, {"a": "y"}, ({"a"}, set(), set())),
        ({"a": "x"}, {}, (set(), set(), {"a"})),
        ({"a": "x", "b": "x", "c": "x"}, {"a": "x", "b": "y"}, ({"b"}, {"a"}, {"c"})),
    ],
)
def test_hunks_are_new_the_same_or_gone(then, now, expected):
    current = found(**now)
    assert told(compared_with(found(**then), current), current) == expected


def test_a_part_that_is_undone_and_done_again_is_the_same():
    assert compared_with(found(a="x"), found(a="x")).new == frozenset()


# --- the page ----------------------------------------------------------------------------------


@pytest.fixture
def change(cast):
    """Three parts; Tom has said something about revision 2."""
    change = propose(
        cast, rename("A warm welcome"), rename("A kind call", "call"), rename("A wait", "wait")
    )
    take(change, Action.COMMENT, cast.tom, comment="Fine so far")
    return change


def edit(cast, change, *edits):
    services.edit_change(number=change.number, actor=cast.mei, edits=list(edits))
    change.refresh_from_db()


def since(client, change):
    return client.get(reverse("change-detail", args=[change.number]) + "?since=review")


def test_only_what_differs_from_the_reviewed_revision_is_shown(signed_in, cast, change):
    edit(cast, change, rename("A kinder call", "call"))

    page = since(signed_in("tom"), change)

    assert page.content.decode().count('class="card hunk"') == 1
    assert 'id="hunk-steps-call"' in page.content.decode()
    assert "2 parts are as you saw them in revision 2." in text_of(page)
    assert f'href="{reverse("change-detail", args=[change.number])}"' in page.content.decode()


def test_what_the_change_no_longer_makes_is_named(signed_in, cast, change):
    edit(cast, change, rename("Wait", "wait"))

    page = text_of(since(signed_in("tom"), change))

    assert "No longer changed" in page
    assert "A wait" in page


def test_where_nothing_changed_it_says_so(signed_in, change):
    page = text_of(since(signed_in("tom"), change))

    assert "Nothing has changed since your review of revision 2." in page


def test_who_never_spoke_sees_what_they_have_not_ticked(signed_in, cast, change):
    digest = next(hunk.digest for hunk in proposal_of(change).hunks if hunk.key == "call")
    services.set_viewed(number=change.number, actor=cast.ana, digest=digest, is_viewed=True)

    page = since(signed_in("ana"), change)

    assert page.content.decode().count('class="card hunk"') == 2
    assert "1 part is left out: you have marked it as viewed." in text_of(page)


def test_who_never_spoke_nor_ticked_sees_all(signed_in, change):
    page = since(signed_in("ana"), change)

    assert page.content.decode().count('class="card hunk"') == 3


def test_what_was_said_last_counts(signed_in, cast, change):
    edit(cast, change, rename("A kinder call", "call"))
    take(change, Action.COMMENT, cast.tom, comment="Better")

    page = text_of(since(signed_in("tom"), change))

    assert "Nothing has changed since your review of revision 3." in page


def test_a_part_that_was_carried_onto_a_newer_version_is_as_it_was_seen(signed_in, cast):
    """Each revision is read against the version it was written on."""
    change = propose(cast)
    take(change, Action.COMMENT, cast.tom, comment="Fine so far")
    other = propose(cast, rename("A kind call", "call"))
    take(other, Action.SUBMIT, cast.mei)
    for name in ("jun", "ana"):
        take(other, Action.APPROVE, cast.named(name))
    take(other, Action.PUBLISH, cast.ana)
    take(change, Action.REBASE, cast.mei)
    client = signed_in("tom")

    page = text_of(since(client, change))
    assert "Nothing has changed since your review of revision 2." in page
    assert "1 part is as you saw it in revision 2." in page

    compared = text_of(between(client, change, 2))
    assert "carried from version 1 onto version 2" in compared
    assert "CJOps carried onto a newer version" in compared


# --- revisions ---------------------------------------------------------------------------------


def between(client, change, number):
    address = reverse("change-detail", args=[change.number])
    return client.get(f"{address}?tab=revisions&from={number}")


def test_two_revisions_are_compared(signed_in, cast, change):
    edit(cast, change, rename("A kinder call", "call"))

    page = between(signed_in("ida"), change, 2)

    assert "From revision 2 to revision 3" in text_of(page)
    assert page.content.decode().count('class="card hunk"') == 1


def test_a_revision_does_not_differ_from_itself(signed_in, change):
    assert "The two propose the same." in text_of(between(signed_in("ida"), change, 2))


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "9" * 30, "1.5", "２"])
def test_there_is_no_such_revision(signed_in, change, number):
    assert between(signed_in("ida"), change, number).status_code == 404


def test_what_the_portal_saved_is_shown_as_its_own(signed_in, change):
    newest = change.revisions.get(number=change.revision)
    ChangeRevision.objects.create(
        change=change,
        number=newest.number + 1,
        document=newest.document,
        digest=newest.digest,
        base_number=newest.base_number,
        author=None,
        created_at=newest.created_at,
    )

    page = signed_in("mei").get(reverse("change-detail", args=[change.number]) + "?tab=revisions")

    assert "CJOps carried onto a newer version" in text_of(page)
