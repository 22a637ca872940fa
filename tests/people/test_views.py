"""Teams and preferences as people see them."""

import pytest
from django.urls import reverse

from people.models import TeamKind
from tests.cast import propose
from tests.factories import TeamFactory, UserFactory
from tests.pages import text_of

LIST = reverse("team-list")
DETAIL = reverse("team-detail", args=["email"])
PREFERENCES = reverse("preferences")


# --- teams ------------------------------------------------------------------------------------


def test_list_shows_teams_with_channels_and_members(signed_in):
    page = text_of(signed_in("zoe").get(LIST))
    for words in ("Email", "E-mail", "3 members", "Journey operations"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=email", True),
        ("q=Tom", True),
        ("q=nothing", False),
        (f"kind={TeamKind.CHANNEL}", True),
        (f"kind={TeamKind.LEGAL}", False),
    ],
)
def test_filters(signed_in, query, found):
    assert (DETAIL in signed_in("zoe").get(f"{LIST}?{query}").content.decode()) is found


@pytest.mark.parametrize("query", ["kind=secret", "q=%00", "kind=%00", "q=" + "x" * 999])
def test_filters_that_are_not_understood_are_left_out_with_a_note(signed_in, query):
    answer = signed_in("zoe").get(f"{LIST}?{query}")
    assert answer.status_code == 200
    assert "was left out" in text_of(answer)
    assert DETAIL in answer.content.decode()


def test_no_teams_says_what_to_do(client, db):
    client.force_login(UserFactory())
    assert "An administrator adds teams" in text_of(client.get(LIST))
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert reverse("admin:people_team_add") in client.get(LIST).content.decode()


def test_team_page_names_leads_steps_and_content(signed_in):
    page = text_of(signed_in("mei").get(DETAIL))
    for words in ("Tom, lead", "Nora, lead", "Mei", "that is you", "Welcome e-mail"):
        assert words in page
    assert "Onboarding welcome" in page


def test_team_page_keeps_restricted_things_to_those_who_see_them(signed_in, cast):
    change = propose(cast)
    assert f"CR-{change.number}" in text_of(signed_in("tom").get(DETAIL))
    page = text_of(signed_in("zoe").get(DETAIL))
    assert f"CR-{change.number}" not in page
    assert "Welcome e-mail" not in page
    assert "Account opening" not in page


def test_a_team_without_lead_says_so(client, db):
    TeamFactory(key="legal", kind=TeamKind.LEGAL)
    client.force_login(UserFactory())
    page = text_of(client.get(reverse("team-detail", args=["legal"])))
    assert "Nobody leads this team" in page
    assert "Nobody is in this team" in page


def test_a_team_that_is_not_there(signed_in):
    assert signed_in("mei").get(reverse("team-detail", args=["nope"])).status_code == 404


# --- preferences ------------------------------------------------------------------------------

GOOD = {"name": "Mei Lin", "locale": "zh-hant", "time_zone": "Asia/Hong_Kong", "uses_keys": "on"}


def test_preferences_are_saved_and_speak_the_new_language(signed_in, cast):
    client = signed_in("mei")
    answer = client.post(PREFERENCES, GOOD, follow=True)
    cast.mei.refresh_from_db()
    assert (cast.mei.name, cast.mei.locale, cast.mei.time_zone) == (
        "Mei Lin",
        "zh-hant",
        "Asia/Hong_Kong",
    )
    assert cast.mei.uses_keys
    assert '<html lang="zh-Hant">' in answer.content.decode()
    assert cast.mei.history.first().history_user == cast.mei


def test_keys_can_be_switched_off(signed_in, cast):
    client = signed_in("mei")
    client.post(PREFERENCES, {name: value for name, value in GOOD.items() if name != "uses_keys"})
    assert 'data-keys="off"' in client.get(PREFERENCES).content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "required"),
        ({"name": "!!!"}, "at least one letter"),
        ({"name": "x" * 151}, "at most 150"),
        ({"name": "a\x00"}, "Null characters"),
        ({"locale": "tlh"}, "not one of the available choices"),
        ({"time_zone": "Mars/Olympus"}, "not one of the available choices"),
        ({"time_zone": "\x00"}, "not one of the available choices"),
        ({"locale": ""}, "required"),
    ],
)
def test_bad_preferences_change_nothing(signed_in, cast, given, words):
    answer = signed_in("mei").post(PREFERENCES, GOOD | given)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "data-error-summary" in answer.content.decode()
    cast.mei.refresh_from_db()
    assert cast.mei.name == "Mei"
    assert cast.mei.locale == "en"


def test_a_zone_the_list_leaves_out_stays_the_persons_own(signed_in, cast):
    cast.mei.time_zone = "Etc/GMT+5"
    cast.mei.save()
    client = signed_in("mei")
    assert 'value="Etc/GMT+5" selected' in client.get(PREFERENCES).content.decode()
    assert client.post(PREFERENCES, GOOD | {"time_zone": "Etc/GMT+5"}).status_code == 302


def test_preferences_are_for_people_who_are_signed_in(client, db):
    assert client.get(PREFERENCES).status_code == 302
    assert client.post(PREFERENCES, GOOD).status_code == 302
