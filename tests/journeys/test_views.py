"""Screens of one journey and of its steps: what they show to whom, and nonsense as well."""

import itertools
import re

import pytest
from django.urls import reverse
from django.utils import translation

from governance.models import Change
from governance.templatetags.changes import changes_by_step
from tests.cast import propose, reach, rename
from tests.factories import (
    AssetFactory,
    ChannelFactory,
    RoleFactory,
    TeamFactory,
    UserFactory,
    email_document,
    journey_document,
    publish,
    slot_of,
)
from tests.journeys.pages import DETAIL, STEP, TABS
from tests.pages import text_of

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
    assert "No longer part of the journey" in text_of(answer)
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
