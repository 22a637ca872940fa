"""Reads about people."""

import pytest

from people import queries
from tests.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_list_of_teams_costs_the_same_however_long(django_assert_num_queries):
    for _number in range(5):
        TeamFactory(leads=[UserFactory()], members=[UserFactory()], channels=["email"])
    with django_assert_num_queries(3):
        teams = list(queries.teams_with_people())
        assert all(team.memberships.all()[0].role == "lead" for team in teams)
        assert all(len(team.channels.all()) == 1 for team in teams)
