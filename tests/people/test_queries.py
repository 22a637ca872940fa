"""Reads about people."""

import pytest

from people import queries
from tests.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_leads_by_channel_are_active_leads_of_stewarding_teams(django_assert_num_queries):
    tom, mei, left = UserFactory(name="Tom"), UserFactory(), UserFactory(is_active=False)
    TeamFactory(channels=["email", "sms"], leads=[tom, left], members=[mei])
    TeamFactory(channels=["sms"], leads=[tom])
    with django_assert_num_queries(1):
        leads = queries.leads_by_channel(["email", "sms", "fax"])
    assert leads == {"email": [tom], "sms": [tom], "fax": []}


def test_leads_by_team(django_assert_num_queries):
    tom, mei = UserFactory(), UserFactory()
    TeamFactory(key="email", leads=[tom], members=[mei])
    with django_assert_num_queries(1):
        assert queries.leads_by_team(["email", "none"]) == {"email": [tom], "none": []}


def test_teams_of_a_person_and_those_they_lead():
    tom = UserFactory()
    led, joined = TeamFactory(leads=[tom]), TeamFactory(members=[tom])
    TeamFactory()
    assert set(queries.teams_of(tom)) == {led, joined}
    assert set(queries.teams_led_by(tom)) == {led}
    assert queries.is_member(tom, joined.pk)
    assert not queries.is_member(UserFactory(), joined.pk)


def test_the_list_of_teams_costs_the_same_however_long(django_assert_num_queries):
    for _number in range(5):
        TeamFactory(leads=[UserFactory()], members=[UserFactory()], channels=["email"])
    with django_assert_num_queries(3):
        teams = list(queries.teams_with_people())
        assert all(team.memberships.all()[0].role == "lead" for team in teams)
        assert all(len(team.channels.all()) == 1 for team in teams)
