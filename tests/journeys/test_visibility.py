"""Who finds which journey."""

import pytest
from django.contrib.auth.models import Permission

from journeys.models import Journey
from people import granting
from tests.factories import JourneyFactory, RoleFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def private():
    JourneyFactory(key="open", is_live=False)
    return JourneyFactory(key="private", is_live=False, is_restricted=True)


def seen_by(user) -> set[str]:
    return set(Journey.objects.visible_to(user).values_list("key", flat=True))


def test_a_restricted_journey_is_found_with_a_role_on_it_only(private):
    outsider, alone, member = UserFactory(), UserFactory(), UserFactory()
    team, role = TeamFactory(members=[member]), RoleFactory()
    granting.give(on=granting.on(private), role=role, user=alone, actor=None)
    granting.give(on=granting.on(private), role=role, team=team, actor=None)
    assert seen_by(outsider) == {"open"}
    assert seen_by(alone) == seen_by(member) == {"open", "private"}


def test_a_role_without_the_right_to_view_shows_nothing(private):
    person = UserFactory()
    role = RoleFactory(key="odd", permissions=["propose_journey"])
    granting.give(on=granting.on(private), role=role, user=person, actor=None)
    assert seen_by(person) == {"open"}


def test_auditors_and_superusers_find_everything(private):
    auditor = UserFactory()
    auditor.user_permissions.add(Permission.objects.get(codename="see_everything"))
    assert seen_by(auditor) == seen_by(UserFactory(is_superuser=True)) == {"open", "private"}


def test_who_leaves_the_team_finds_it_no_more(private):
    member = UserFactory()
    team = TeamFactory(members=[member])
    granting.give(on=granting.on(private), role=RoleFactory(), team=team, actor=None)
    member.groups.remove(team.group)
    assert seen_by(member) == {"open"}


def test_finding_costs_one_query(private, django_assert_num_queries):
    person = UserFactory()
    person.has_perm("people.see_everything")
    with django_assert_num_queries(1):
        assert seen_by(person) == {"open"}
