"""Screens of journeys: what they show to whom, at what price, and what they do with nonsense."""

import itertools
import re

import pytest
from django.urls import reverse
from django.utils import translation

from governance.models import Change
from governance.templatetags.changes import changes_by_step
from journeys.models import Journey
from tests.cast import propose, reach, rename
from tests.factories import (
    AssetFactory,
    ChannelFactory,
    JourneyFactory,
    RoleFactory,
    TeamFactory,
    UserFactory,
    email_document,
    journey_document,
    publish,
    slot_of,
)

DETAIL = reverse("journey-detail", args=["account-opening"])
STEP = reverse("step-detail", args=["account-opening", "welcome-email"])
TABS = ("map", "flow", "content", "versions", "changes", "people")


@pytest.fixture
def signed_in(client, cast):
    """The client as one of the cast."""

    def sign_in(name):
        client.force_login(cast.named(name))
        return client

    return sign_in


def text_of(answer):
    """The words of a page, without the reference of the request."""
    text = re.sub(
        r"<[^>]+>|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", " ", answer.content.decode()
    )
    return re.sub(r"\s+", " ", text)


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


# --- one journey ------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", [*TABS, "", "nonsense", "%00"])
def test_every_tab_opens(signed_in, tab):
    assert signed_in("ana").get(f"{DETAIL}?tab={tab}").status_code == 200


@pytest.mark.parametrize(
    "url", [DETAIL, STEP, reverse("version-detail", args=["account-opening", 1])]
)
def test_restricted_looks_like_missing(signed_in, url):
    hidden = signed_in("zoe").get(url)
    missing = signed_in("zoe").get(url.replace("account-opening", "no-such"))
    assert hidden.status_code == missing.status_code == 404
    assert text_of(hidden).replace("account-opening", "") == text_of(missing).replace("no-such", "")
    assert "Account opening" not in hidden.content.decode()


def test_header_names_goal_audience_and_owner(signed_in):
    page = text_of(signed_in("ana").get(DETAIL))
    for words in ("Live v1", "Ana, Journey manager", "65 %", "First payments", "Applied"):
        assert words in page


def test_map_is_a_table_with_stages_across(signed_in):
    page = signed_in("ana").get(DETAIL).content.decode()
    assert re.search(r'<th role="columnheader" scope="col">Start', page)
    assert '<th role="rowheader" scope="row"><span>Steps</span></th>' in page
    assert STEP in page


@pytest.mark.parametrize("query", ["size=compact", "size=huge", "lane=steps", "lane=x&lane=steps"])
def test_map_options(signed_in, query):
    page = signed_in("ana").get(f"{DETAIL}?{query}").content.decode()
    assert ("map fixed compact" in page) is (query == "size=compact")
    assert 'id="lane-steps" checked' in page


def test_map_marks_steps_others_are_changing(signed_in, cast):
    assert "1 open change " not in text_of(signed_in("ana").get(DETAIL))
    propose(cast)
    page = signed_in("ana").get(DETAIL).content.decode()
    card = page[page.index('class="step email"') : page.index('class="step slim"')]
    assert "1 open change" in card


def test_ended_changes_mark_nothing(signed_in, cast):
    reach(cast, "withdrawn")
    assert "open change" not in text_of(signed_in("ana").get(DETAIL))


def test_added_and_removed_steps_are_marked(cast):
    propose(
        cast,
        {"op": "remove", "element": "steps", "key": "wait"},
        {"op": "add", "element": "steps", "key": "new", "fields": {"kind": "action", "name": "N"}},
        by="ana",
    )
    assert changes_by_step(cast.journey) == {"wait": 1, "new": 1}


def test_propose_is_a_link_or_a_reason(signed_in):
    url = reverse("change-open", args=["journey", "account-opening"])
    assert url in signed_in("mei").get(DETAIL).content.decode()
    page = signed_in("ida").get(DETAIL)
    assert url not in page.content.decode()
    assert "You may not propose changes here" in text_of(page)


def test_content_tab_lists_slots_filled_and_empty(signed_in):
    page = signed_in("ana").get(DETAIL + "?tab=content")
    assert "Onboarding welcome" in text_of(page)
    assert "Empty" in text_of(page)
    assert reverse("content-submit", args=["account-opening", "call"]) in page.content.decode()


def test_versions_tab_leads_to_each_version(signed_in, cast):
    change = reach(cast, "published")
    page = signed_in("ana").get(DETAIL + "?tab=versions")
    assert "Version 2" in text_of(page)
    assert reverse("version-detail", args=["account-opening", 1]) in page.content.decode()
    assert change.published_number == 2


def test_an_earlier_version_says_so(signed_in, cast):
    reach(cast, "published")
    page = signed_in("ana").get(reverse("version-detail", args=["account-opening", 1]))
    assert "Live is version 2" in text_of(page)
    assert "Welcome e-mail" in text_of(page)
    assert "A warm welcome" not in text_of(page)


@pytest.mark.parametrize("number", [0, 7, 2**31, 10**30])
def test_versions_that_are_not_there(signed_in, number):
    url = reverse("version-detail", args=["account-opening", number])
    assert signed_in("ana").get(url).status_code == 404


def test_changes_tab_shows_open_ones_first(signed_in, cast):
    reach(cast, "withdrawn")
    propose(cast, rename("Second"))
    page = text_of(signed_in("ana").get(DETAIL + "?tab=changes"))
    assert (
        page.index("Open 1") < page.index("Draft") < page.index("Ended") < page.index("Withdrawn")
    )


def test_people_tab_names_owners_and_empty_roles(signed_in):
    page = text_of(signed_in("ana").get(DETAIL + "?tab=people"))
    assert "Ana" in page
    assert "Nobody yet" in page
    assert "Email" in page
    assert "only the people and teams above" in page


def test_a_journey_that_is_not_live_shows_its_first_change(client, db):
    RoleFactory(
        key="journey-manager",
        permissions=["view_journey", "propose_journey", "publish_journey", "manage_journey"],
        is_owner=True,
    )
    author = UserFactory()
    TeamFactory(members=[author])
    client.force_login(author)
    answer = client.post(
        reverse("journey-create"), {"name": "Mortgage", "purpose": "A home", "market": "north"}
    )
    change = Change.objects.get()
    assert answer.headers["Location"] == reverse("change-edit", args=[change.number])
    for tab in TABS:
        page = client.get(reverse("journey-detail", args=["mortgage"]), {"tab": tab})
        assert page.status_code == 200
    first = client.get(reverse("journey-detail", args=["mortgage"]))
    assert "not live yet" in text_of(first)
    assert reverse("change-detail", args=[change.number]) in first.content.decode()


def big_document(asset, steps=60):
    """A journey of that many steps, each with a slot, a team, tags, texts and ways on."""
    keys = [f"step-{number}" for number in range(steps)]
    return journey_document(
        stages=[{"key": f"stage-{n}", "name": f"Stage {n}"} for n in range(6)],
        steps=[
            {
                "key": key,
                "name": key.title(),
                "kind": "message",
                "channel": "email",
                "team": "email",
                "stage": f"stage-{number % 6}",
                "customer_action": "Reads",
                "mindset": "Hm",
                "emotion": number % 5 - 2,
                "pain_points": "Slow",
                "support_teams": ["email"],
                "slots": {"body": slot_of(asset.live_version)},
                "kpi": {"metric": "Opens", "target": "40 %", "guardrail": ""},
            }
            for number, key in enumerate(keys)
        ],
        transitions=[
            {"key": f"{a}-to-{b}", "source": a, "target": b} for a, b in itertools.pairwise(keys)
        ],
        entries=[{"key": "in", "name": "In", "step": keys[0]}],
    )


def test_map_of_60_steps_stays_small(client, cast):
    client.force_login(cast.ana)
    asset = AssetFactory(key="big", team=cast.asset.team, document=email_document())
    publish(cast.journey, big_document(asset), cast.ana)
    page = client.get(DETAIL).content.decode()
    assert page.count("<") < 2 * 5000


# --- one step ---------------------------------------------------------------------------------


def test_step_page_tells_what_the_step_is(signed_in):
    answer = signed_in("mei").get(STEP)
    page = text_of(answer)
    for words in ("Welcome to your account", "owned by Email", "names it as the owner", "Wait"):
        assert words in page
    preview = reverse("asset-preview", args=["onboarding-welcome", 1])
    assert f'src="{preview}?rendition=en" sandbox=""' in answer.content.decode()
    submit = reverse("content-submit", args=["account-opening", "welcome-email"])
    assert f'href="{submit}?slot=body"' in answer.content.decode()


def test_step_page_names_open_changes_that_touch_it(signed_in, cast):
    propose(cast, rename("Later", step="wait"), by="ana")
    assert "Nobody is changing this step" in text_of(signed_in("mei").get(STEP))
    change = propose(cast)
    assert f"CR-{change.number}" in text_of(signed_in("mei").get(STEP))


def test_step_history_is_in_words(signed_in, cast):
    reach(cast, "published")
    page = text_of(signed_in("mei").get(STEP))
    assert "Name: Welcome e-mail → A warm welcome" in page
    assert "The step was added." in page


def test_a_step_without_owner_belongs_to_the_steward(signed_in, cast):
    document = cast.journey.live_version.get_document()
    document["steps"] = [{**step, "team": None} for step in document["steps"]]
    publish(cast.journey, document, cast.ana)
    page = text_of(signed_in("mei").get(STEP))
    assert "the team that looks after the channel owns it" in page


def test_a_step_that_is_gone_offers_the_journey(signed_in, cast):
    document = cast.journey.live_version.get_document()
    document["steps"] = [step for step in document["steps"] if step["key"] != "call"]
    document["transitions"] = []
    publish(cast.journey, document, cast.ana)
    answer = signed_in("ana").get(reverse("step-detail", args=["account-opening", "call"]))
    assert answer.status_code == 404
    assert "no longer part of the journey" in text_of(answer)
    assert "in version 1" in text_of(answer)
    assert DETAIL in answer.content.decode()


def test_a_step_that_never_was_offers_the_journey(signed_in):
    answer = signed_in("ana").get(reverse("step-detail", args=["account-opening", "nope"]))
    assert answer.status_code == 404
    assert "has no such step" in text_of(answer)


def test_content_of_a_step_that_is_restricted_stays_hidden(signed_in, cast):
    cast.asset.is_restricted = True
    cast.asset.save()
    for url in (STEP, DETAIL, DETAIL + "?tab=content"):
        page = text_of(signed_in("ana").get(url))
        assert "Onboarding welcome" not in page
        assert "not open to you" in page


@pytest.mark.parametrize("query", ["rendition=xx", "rendition=%00", "width=mobile", "width=9"])
def test_step_page_options(signed_in, query):
    assert signed_in("mei").get(f"{STEP}?{query}").status_code == 200


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


# --- languages --------------------------------------------------------------------------------


def test_channels_and_roles_are_in_the_readers_language(signed_in, cast):
    ChannelFactory(key="email")
    client = signed_in("ana")
    with translation.override("zh-hans"):
        client.cookies["django_language"] = "zh-hans"
        page = client.get(DETAIL).content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "电子邮件" in page
    assert "旅程经理" in page
