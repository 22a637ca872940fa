"""Roles that are granted, and guardian's rows kept equal to what the grants say."""

from functools import partial

import pytest
from guardian.shortcuts import get_perms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cjops.core.errors import Conflict, Invalid
from cjops.core.models import AuditEntry
from journeys.models import (
    JourneyGroupObjectPermission,
    JourneyUserObjectPermission,
)
from people import granting
from people.holding import rights_on
from people.models import Grant, Role
from tests.factories import JourneyFactory, RoleFactory, TeamFactory, UserFactory
from tests.refusing import refused
from tests.side_by_side import at_once

pytestmark = pytest.mark.django_db

EVERYTHING = {"view_journey", "propose_journey", "publish_journey", "manage_journey"}


@pytest.fixture
def journey():
    return JourneyFactory(is_live=False, is_restricted=True)


@pytest.fixture
def manager_role():
    return RoleFactory(key="journey-manager", permissions=sorted(EVERYTHING))


@pytest.fixture
def viewer_role():
    return RoleFactory(key="viewer", permissions=["view_journey"])


def rows() -> set[tuple[str, int, int, str]]:
    """What guardian has stored."""
    people = JourneyUserObjectPermission.objects.values_list(
        "user_id", "content_object_id", "permission__codename"
    )
    groups = JourneyGroupObjectPermission.objects.values_list(
        "group_id", "content_object_id", "permission__codename"
    )
    return {("user", *row) for row in people} | {("group", *row) for row in groups}


def rows_granted() -> set[tuple[str, int, int, str]]:
    """What the grants say should be stored."""
    return {
        (
            "user" if grant.user_id else "group",
            grant.user_id or grant.team.group_id,
            grant.journey_id,
            codename,
        )
        for grant in Grant.objects.select_related("role", "team")
        for codename in grant.role.permissions
    }


def test_a_role_gives_its_rights_and_guardian_agrees(journey, manager_role):
    ana, admin = UserFactory(), UserFactory()
    grant = granting.give(on=granting.on(journey), role=manager_role, user=ana, actor=admin)
    assert rights_on(ana, journey) == EVERYTHING
    assert set(get_perms(ana, journey)) == EVERYTHING
    assert grant.history.get().history_user == admin


def test_a_team_holds_a_role_for_its_members(journey, viewer_role):
    mei, outsider = UserFactory(), UserFactory()
    team = TeamFactory(members=[mei])
    granting.give(on=granting.on(journey), role=viewer_role, team=team, actor=None)
    assert rights_on(mei, journey) == {"view_journey"}
    assert rights_on(outsider, journey) == set()


def test_granting_twice_changes_nothing(journey, viewer_role):
    ana = UserFactory()
    granting.give(on=granting.on(journey), role=viewer_role, user=ana, actor=None)
    granting.give(on=granting.on(journey), role=viewer_role, user=ana, actor=None)
    assert Grant.objects.count() == len(rows()) == 1


def test_revoking_leaves_what_another_role_gives(journey, manager_role, viewer_role):
    ana, admin = UserFactory(), UserFactory()
    grant = granting.give(on=granting.on(journey), role=manager_role, user=ana, actor=None)
    granting.give(on=granting.on(journey), role=viewer_role, user=ana, actor=None)
    granting.take_back(grant=grant, actor=admin)
    assert rights_on(ana, journey) == {"view_journey"}
    assert Grant.history.get(history_type="-").history_user == admin


def test_a_role_that_changes_changes_the_rights_of_who_holds_it(journey, viewer_role):
    ana = UserFactory()
    granting.give(on=granting.on(journey), role=viewer_role, user=ana, actor=None)
    viewer_role.permissions = ["view_journey", "propose_journey"]
    granting.save_role(role=viewer_role, actor=None)
    assert rights_on(ana, journey) == {"view_journey", "propose_journey"}
    viewer_role.permissions = []
    granting.save_role(role=viewer_role, actor=None)
    assert rows() == set()


def test_a_role_that_somebody_holds_stays(journey, viewer_role):
    granting.give(on=granting.on(journey), role=viewer_role, user=UserFactory(), actor=None)
    with refused(Conflict):
        granting.delete_role(role=viewer_role, actor=None)
    granting.delete_role(role=RoleFactory(key="spare"), actor=None)
    assert list(Role.objects.values_list("key", flat=True)) == ["viewer"]


def test_a_right_that_nobody_granted_goes_with_the_next_grant(journey, viewer_role):
    ana, team = UserFactory(), TeamFactory()
    granting.give(on=granting.on(journey), role=viewer_role, user=ana, actor=None)
    permission = JourneyUserObjectPermission.objects.get().permission
    JourneyGroupObjectPermission.objects.create(
        group=team.group, content_object=journey, permission=permission
    )
    granting.give(on=granting.on(journey), role=viewer_role, user=UserFactory(), actor=None)
    assert rows() == rows_granted()


@pytest.mark.parametrize("both", [True, False])
def test_a_role_is_for_one_person_or_one_team(journey, viewer_role, both):
    holders = {"user": UserFactory(), "team": TeamFactory()} if both else {}
    with refused(Invalid):
        granting.give(on=granting.on(journey), role=viewer_role, actor=None, **holders)
    assert rows() == set()


def test_a_change_of_a_role_costs_the_same_however_many_hold_it(
    viewer_role, django_assert_num_queries
):
    for _number in range(3):
        for _holder in range(3):
            granting.give(
                on=granting.on(JourneyFactory(is_live=False)),
                role=viewer_role,
                user=UserFactory(),
                actor=None,
            )
    viewer_role.permissions = ["propose_journey"]
    # Locked, read, checked, written with its history and its entry; then the grants and the steps
    # read, and both kinds of rows, the roles and the readers derived.
    with django_assert_num_queries(14):
        granting.save_role(role=viewer_role, actor=None)
    assert rows() == rows_granted()


class GrantsAndRows(TestCase):
    """Whatever is granted, revoked or redefined: guardian's rows are what the grants say."""

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["grant", "revoke", "redefine"]),
                st.integers(0, 2),
                st.integers(0, 1),
                st.integers(0, 3),
                st.sets(st.sampled_from(sorted(EVERYTHING))),
            ),
            max_size=12,
        )
    )
    def test_rows_equal_grants(self, acts):
        roles = [RoleFactory(key=f"role-{number}") for number in range(3)]
        journeys = [JourneyFactory(is_live=False) for _number in range(2)]
        holders = [{"user": UserFactory()}, {"user": UserFactory()}]
        holders += [{"team": TeamFactory(members=[holders[0]["user"]])}, {"team": TeamFactory()}]
        for act, role, journey, holder, codenames in acts:
            place = {"role": roles[role], **holders[holder]}
            there = journeys[journey]
            if act == "grant":
                granting.give(actor=None, on=granting.on(there), **place)
            elif act == "redefine":
                roles[role].permissions = sorted(codenames)
                granting.save_role(role=roles[role], actor=None)
            elif grant := Grant.objects.filter(journey=there, **place).first():
                granting.take_back(grant=grant, actor=None)
            assert rows() == rows_granted()


def test_rights_cost_one_query(journey, viewer_role, django_assert_num_queries):
    ana = UserFactory()
    granting.give(on=granting.on(journey), role=viewer_role, user=ana, actor=None)
    ana.has_perm("people.see_everything")
    with django_assert_num_queries(1):
        assert rights_on(ana, journey) == {"view_journey"}
    with django_assert_num_queries(0):
        assert rights_on(UserFactory.build(is_superuser=True), journey) == EVERYTHING


@pytest.mark.django_db(transaction=True)
def test_two_grants_at_once_keep_the_rights_of_both():
    journey = JourneyFactory(is_live=False)
    roles = [
        RoleFactory(key="viewer", permissions=["view_journey"]),
        RoleFactory(key="proposer", permissions=["propose_journey"]),
    ]
    ana = UserFactory()
    at_once(
        *(
            partial(granting.give, on=granting.on(journey), role=role, user=ana, actor=None)
            for role in roles
        )
    )
    assert rights_on(ana, journey) == {"view_journey", "propose_journey"}
    assert rows() == rows_granted()


def test_taken_back_twice_it_is_written_down_once():
    journey = JourneyFactory(is_live=False)
    role = RoleFactory(key="viewer", permissions=["view_journey"])
    given = granting.give(on=granting.on(journey), role=role, user=UserFactory(), actor=None)
    seen_by_another = Grant.objects.get(pk=given.pk)
    for grant in (given, seen_by_another):
        granting.take_back(grant=grant, actor=None)
    assert AuditEntry.objects.filter(action="grant.taken_back").count() == 1
