"""Ticking off parts of a change, the parts it shows and folds, and one part by itself."""

from importlib import import_module

import pytest
from django.urls import reverse

from cjops.core.errors import Conflict, Invalid, NotFound
from governance import services
from governance.models import ViewedHunk
from governance.proposals import proposal_of
from tests.cast import propose, reach, rename
from tests.pages import text_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def change(cast):
    """Two parts: the welcome e-mail and the call are renamed."""
    return propose(cast, rename("A warm welcome"), rename("A kind call", "call"))


def digests(change):
    return {hunk.key: hunk.digest for hunk in proposal_of(change).hunks}


def ticked(user):
    return set(ViewedHunk.objects.filter(user=user).values_list("digest", flat=True))


def page_of(client, change, query=""):
    return client.get(reverse("change-detail", args=[change.number]) + query)


def tick(client, change, key, how="on", **headers):
    address = reverse("change-viewed", args=[change.number])
    return client.post(address, {how: digests(change)[key]}, headers=headers)


# --- the service -------------------------------------------------------------------------------


def test_a_tick_is_kept_for_its_reader_alone(cast, change):
    digest = digests(change)["call"]

    viewed = services.set_viewed(
        number=change.number, actor=cast.tom, digest=digest, is_viewed=True
    )

    assert (viewed.hunk.key, viewed.done, viewed.total) == ("call", 1, 2)
    assert ticked(cast.tom) == {digest}
    assert ticked(cast.mei) == set()


def test_ticking_twice_is_one_tick_and_is_taken_back_at_once(cast, change):
    said = {"number": change.number, "actor": cast.tom, "digest": digests(change)["call"]}

    services.set_viewed(**said, is_viewed=True)
    assert services.set_viewed(**said, is_viewed=True).done == 1
    assert services.set_viewed(**said, is_viewed=False).done == 0
    assert services.set_viewed(**said, is_viewed=False).done == 0


@pytest.mark.parametrize("digest", [None, "", 7, "x" * 64, "A" * 64, "0" * 64 + "\n", ["0" * 64]])
def test_what_is_no_digest_is_refused(cast, change, digest):
    with pytest.raises(Invalid) as refusal:
        services.set_viewed(number=change.number, actor=cast.tom, digest=digest, is_viewed=True)

    assert "digest" in refusal.value.errors
    assert not ViewedHunk.objects.exists()


def test_the_digest_of_another_change_or_revision_is_refused(cast, change):
    with pytest.raises(Conflict) as refusal:
        services.set_viewed(number=change.number, actor=cast.tom, digest="0" * 64, is_viewed=True)

    assert "no longer as you saw it" in refusal.value.message
    assert not ViewedHunk.objects.exists()


def test_nobody_ticks_what_they_do_not_see(cast, change):
    with pytest.raises(NotFound):
        services.set_viewed(
            number=change.number,
            actor=cast.zoe,
            digest=digests(change)["call"],
            is_viewed=True,
        )


def test_a_new_revision_takes_back_only_the_ticks_of_what_changed(cast, change):
    for digest in digests(change).values():
        services.set_viewed(number=change.number, actor=cast.tom, digest=digest, is_viewed=True)

    services.edit_change(
        number=change.number, actor=cast.mei, edits=[rename("A kinder call", "call")]
    )
    change.refresh_from_db()

    assert ticked(cast.tom) & proposal_of(change).digests == {digests(change)["welcome-email"]}


def test_what_has_ended_can_still_be_ticked(cast):
    change = reach(cast, "published")
    digest = digests(change)["welcome-email"]

    services.set_viewed(number=change.number, actor=cast.ida, digest=digest, is_viewed=True)

    assert ticked(cast.ida) == {digest}


# --- the page ----------------------------------------------------------------------------------


def test_a_tick_answers_with_the_box_and_the_count(signed_in, change):
    answer = tick(signed_in("tom"), change, "call", **HTMX)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'aria-checked="true"' in page
    assert 'name="off"' in page
    assert "1 of 2 viewed" in page


def test_without_a_script_a_tick_leads_back_to_the_part(signed_in, cast, change):
    answer = tick(signed_in("tom"), change, "call")

    address = reverse("change-detail", args=[change.number])
    assert answer.headers["Location"] == f"{address}#hunk-steps-call"
    assert len(ticked(cast.tom)) == 1


def test_a_ticked_part_is_folded_and_counted(signed_in, change):
    client = signed_in("tom")
    tick(client, change, "call")

    page = page_of(client, change).content.decode()

    assert "1 of 2 viewed" in page
    assert page.count('<details class="hunk-body" open>') == 1
    assert page.count('hx-trigger="toggle once"') == 1


@pytest.mark.parametrize("sent", [{}, {"on": "0" * 64, "off": "0" * 64}, {"on": "nonsense"}])
def test_a_tick_that_says_nothing_is_refused_in_words(signed_in, change, sent):
    answer = signed_in("tom").post(reverse("change-viewed", args=[change.number]), sent)

    assert answer.status_code == 400
    assert "part" in text_of(answer)


def test_an_old_digest_is_refused_in_words(signed_in, change):
    client = signed_in("tom")
    address = reverse("change-viewed", args=[change.number])

    answer = client.post(address, {"on": "0" * 64}, headers=HTMX)

    assert answer.status_code == 409
    assert "Reload" in text_of(answer)


# --- folded parts ------------------------------------------------------------------------------


@pytest.fixture
def _one_open(monkeypatch):
    monkeypatch.setattr(import_module("governance.presenting.cards"), "OPEN_AT_FIRST", 1)


@pytest.mark.usefixtures("_one_open")
def test_parts_beyond_the_first_are_folded_and_lead_to_their_fields(signed_in, change):
    client = signed_in("tom")

    page = page_of(client, change).content.decode()

    assert page.count('<details class="hunk-body" open>') == 1
    address = reverse("change-hunk", args=[change.number, "steps", "call"])
    assert f'hx-get="{address}"' in page
    assert f'href="{address}"' in page
    assert "A kind call" in text_of(client.get(address, headers=HTMX))


@pytest.mark.usefixtures("_one_open")
def test_all_parts_can_be_opened_at_once(signed_in, change):
    client = signed_in("tom")

    assert "?all=1" in page_of(client, change).content.decode()
    page = page_of(client, change, "?all=1").content.decode()

    assert page.count('<details class="hunk-body" open>') == 2


@pytest.mark.usefixtures("_one_open")
def test_a_decision_covers_folded_parts_too(signed_in, cast, change):
    services.take(action="submit", number=change.number, actor=cast.mei)
    client = signed_in("ana")

    client.post(reverse("change-take", args=[change.number, "approve"]), {"digest": change.digest})

    assert set(change.reviews.get().hunks) == set(digests(change).values())


def test_a_part_has_a_page_of_its_own(signed_in, change):
    client = signed_in("tom")

    answer = client.get(reverse("change-hunk", args=[change.number, "steps", "call"]))

    assert "<html" in answer.content.decode()
    assert "A kind call" in text_of(answer)


def test_the_header_is_a_part_too(signed_in, cast):
    change = propose(
        cast, {"op": "update", "element": "header", "fields": {"purpose": "To the first payment"}}
    )

    answer = signed_in("tom").get(
        reverse("change-hunk", args=[change.number, "header", "header"]), headers=HTMX
    )

    assert "To the first payment" in text_of(answer)


@pytest.mark.parametrize(("element", "key"), [("steps", "wait"), ("nothing", "call"), ("key", "x")])
def test_a_part_that_the_change_does_not_touch_is_not_there(signed_in, change, element, key):
    answer = signed_in("tom").get(reverse("change-hunk", args=[change.number, element, key]))

    assert answer.status_code == 404
    assert "does not touch this part" in text_of(answer)


def test_a_part_is_as_invisible_as_its_change(signed_in, change):
    answer = signed_in("zoe").get(reverse("change-hunk", args=[change.number, "steps", "call"]))

    assert answer.status_code == 404
    assert "call" not in text_of(answer)


def test_the_picture_has_an_address_of_its_own(signed_in, change):
    client = signed_in("tom")
    address = reverse("change-picture", args=[change.number])

    assert "<svg" in client.get(address, headers=HTMX).content.decode()
    assert "<html" in client.get(address).content.decode()
