"""The story of a proposal: what customers would read, before anybody approves it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.models import Asset
from governance import services
from tests.cast import propose, rename, reword
from tests.pages import text_of


@pytest.fixture
def change(cast):
    """New words for the welcome e-mail, under review."""
    return reword(cast, subject="Welcome, all", body="<p>Use it today.</p>")


def url(change, more=""):
    return f"/changes/{change.number}/?tab=story{more}"


def test_a_reviewer_reads_what_customers_would_read(signed_in, cast, change):
    page = text_of(signed_in("tom").get(url(change)))
    assert "Story of this proposal" in page
    assert "Use it today." in page
    assert "New here" in page
    live = text_of(signed_in("tom").get(f"/journeys/{cast.journey.key}/?tab=story"))
    assert "Use it today." not in live
    assert "New here" not in live


def test_the_page_of_a_change_leads_to_its_story(signed_in, cast, change):
    page = signed_in("tom").get(f"/changes/{change.number}/").content.decode()
    assert f'href="/changes/{change.number}/?tab=story"' in page


def test_whoever_decides_can_decide_beside_it(signed_in, cast, change):
    assert 'id="decide"' in signed_in("tom").get(url(change)).content.decode()


def test_content_that_stays_is_not_new(signed_in, cast):
    change = propose(cast, rename("A warm welcome"))
    page = text_of(signed_in("mei").get(url(change)))
    assert "A warm welcome" in page
    assert "New here" not in page


def test_a_step_that_is_only_proposed_has_no_page(signed_in, cast):
    stage = cast.journey.live_version.document["steps"][0]["stage"]
    step = {"name": "Say goodbye", "kind": "message", "stage": stage}
    add = {"op": "add", "element": "steps", "key": "goodbye", "fields": step}
    entry = {"name": "Leaves", "step": "goodbye"}
    change = propose(
        cast, add, {"op": "add", "element": "entries", "key": "leaves", "fields": entry}
    )
    page = signed_in("mei").get(url(change, "&entry=leaves")).content.decode()
    assert "Say goodbye" in page
    assert "steps/goodbye/" not in page


def test_content_that_is_hidden_says_nothing(signed_in, cast, change):
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True, readers=[])
    page = text_of(signed_in("ana").get(url(change)))
    assert "Use it today." not in page


def test_who_does_not_see_the_change_does_not_see_its_story(signed_in, cast, change):
    assert signed_in("tom").get(url(change)).status_code == 200
    type(cast.journey).objects.filter(pk=cast.journey.pk).update(is_restricted=True, readers=[])
    assert signed_in("zoe").get(url(change)).status_code == 404


def test_a_change_of_content_has_no_story(signed_in, cast):
    change = services.open_change(kind="asset", key=cast.asset.key, title="Words", actor=cast.mei)
    page = text_of(signed_in("mei").get(url(change)))
    assert "Story of this proposal" not in page
    assert "In words" in page


def reads(client, address, columns):
    """How often a page asks for these columns."""
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    starts = [one["sql"].split(" FROM ")[0] for one in asked.captured_queries]
    return sum(columns in one for one in starts)


@pytest.mark.parametrize(
    "columns", ['"content_assetversion"."document"', '"content_sampleprofile"."key"']
)
def test_its_content_is_read_at_once(signed_in, cast, change, columns):
    client = signed_in("tom")
    other = f"/changes/{change.number}/?tab=conversation"
    assert reads(client, url(change), columns) == reads(client, other, columns) + 1
