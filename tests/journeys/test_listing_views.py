"""The list of journeys, and starting one."""

import re

import pytest
from django.urls import reverse

from governance.models import Change
from journeys.models import Journey
from tests.cast import propose
from tests.factories import (
    JourneyFactory,
    UserFactory,
)
from tests.pages import text_of

# --- the list ---------------------------------------------------------------------------------


def test_list_shows_what_the_reader_sees(signed_in):
    assert "Account opening" in text_of(signed_in("ana").get(reverse("journey-list")))
    assert "Account opening" not in text_of(signed_in("zoe").get(reverse("journey-list")))


def test_list_names_manager_market_live_version_and_open_changes(signed_in, cast):
    propose(cast)
    page = signed_in("ana").get(reverse("journey-list")).content.decode()
    row = page[page.index("<tbody") : page.index("</tbody")]
    for words in ("Ana", "private", "Live v1", "E-mail", "Restricted"):
        assert words in row
    assert re.search(r"</svg>\s*1<span", row)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=account", True),
        ("q=first+payment", True),
        ("q=mortgage", False),
        ("owner=mine", True),
        ("state=live", True),
        ("state=not-live", False),
        ("state=changing", False),
        ("market=private", True),
        ("channel=email", True),
        ("channel=push", False),
        ("importance=normal", True),
        ("importance=critical", False),
    ],
)
def test_filters(signed_in, query, found):
    page = signed_in("ana").get(f"{reverse('journey-list')}?{query}")
    assert ("Account opening" in text_of(page)) is found


def test_owner_filter_is_about_the_reader(signed_in):
    assert "No journey fits" in text_of(
        signed_in("mei").get(reverse("journey-list") + "?owner=mine")
    )


def test_changing_filter_finds_open_changes(signed_in, cast):
    propose(cast)
    page = signed_in("ana").get(reverse("journey-list") + "?state=changing")
    assert "Account opening" in text_of(page)


@pytest.mark.parametrize(
    "query",
    [
        "market=nowhere",
        "state=flying",
        "importance=%00",
        "channel=email&channel=%F0%9F%92%A5",
        "owner=../../etc",
        "q=%00",
        "q=" + "x" * 5000,
        "product_line=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_filters_that_are_not_understood_are_left_out_with_a_note(signed_in, query):
    answer = signed_in("ana").get(f"{reverse('journey-list')}?{query}")
    assert answer.status_code == 200
    assert "was left out" in text_of(answer) or "channel" in query
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "9" * 30, "two", "1.5", "٣", "", "2"])
def test_pages_that_are_not_there(signed_in, page):
    answer = signed_in("ana").get(reverse("journey-list"), {"page": page})
    assert answer.status_code == 200
    assert "Account opening" in text_of(answer)


def test_list_is_paged_and_keeps_the_filters(client, db):
    JourneyFactory.create_batch(53, is_live=False, market="north")
    client.force_login(UserFactory())
    url = reverse("journey-list") + "?market=north"
    first = client.get(url).content.decode()
    assert first.count('role="rowheader"') == 50
    assert "1–50 of 53" in first
    assert 'href="/journeys/?market=north&amp;page=2"' in first
    assert client.get(url + "&page=2").content.decode().count('role="rowheader"') == 3


def test_list_has_a_first_action_when_empty(client, db):
    client.force_login(UserFactory())
    page = client.get(reverse("journey-list"))
    assert "No journeys yet" in text_of(page)
    assert reverse("journey-create") in page.content.decode()


def test_htmx_gets_the_rows_alone_under_a_clean_address(signed_in):
    answer = signed_in("ana").get(
        reverse("journey-list") + "?q=&market=private&state=", headers={"HX-Request": "true"}
    )
    assert "<html" not in answer.content.decode()
    assert 'id="results"' in answer.content.decode()
    assert answer.headers["HX-Push-Url"] == "/journeys/?market=private"
    assert "HX-Request" in answer.headers["Vary"]


# --- starting one -----------------------------------------------------------------------------

NEW = {"name": "Mortgage", "key": "", "purpose": "", "market": "", "product_line": ""}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "required"),
        ({"name": "   "}, "required"),
        ({"name": "…"}, "at least one letter"),
        ({"name": "房贷"}, "No key can be made"),
        ({"name": "x" * 201}, "at most 200"),
        ({"name": "a\x00b"}, "Null characters"),
        ({"name": "\u202eegagtrom"}, "U+202E"),
        ({"key": "Two Words"}, "lower-case"),
        ({"key": "-a"}, "lower-case"),
        ({"key": "x" * 81}, "at most 80"),
        ({"key": "аccount"}, "lower-case"),
        ({"key": "account-opening"}, "already a journey"),
        ({"purpose": "x" * 4001}, "at most 4000"),
        ({"market": "x" * 201}, "at most 200"),
    ],
)
def test_new_journey_refuses_and_keeps_what_was_typed(signed_in, given, words):
    before = Journey.objects.count()
    answer = signed_in("mei").post(reverse("journey-create"), NEW | given)
    assert answer.status_code == 422
    assert words in text_of(answer)
    page = answer.content.decode()
    assert "data-error-summary" in page
    assert Journey.objects.count() == before
    assert Change.objects.filter(journey=None, kind="journey").count() == 0


def test_new_journey_shows_html_as_text(signed_in):
    answer = signed_in("mei").post(
        reverse("journey-create"), NEW | {"name": "<script>alert(1)</script>", "key": "-"}
    )
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()


def test_new_restricted_journey_is_its_founders(signed_in):
    client = signed_in("mei")
    answer = client.post(reverse("journey-create"), NEW | {"is_restricted": "on"})
    assert answer.status_code == 302
    assert client.get(reverse("journey-detail", args=["mortgage"])).status_code == 200
    page = signed_in("zoe").get(reverse("journey-detail", args=["mortgage"]))
    assert page.status_code == 404


def test_only_members_of_a_team_start_journeys(signed_in):
    answer = signed_in("ida").post(reverse("journey-create"), NEW)
    assert answer.status_code == 403
    assert "Only members of a team" in text_of(answer)
    assert not Journey.objects.filter(key="mortgage").exists()
