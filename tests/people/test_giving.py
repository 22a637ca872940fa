"""Who may give which role, and what becomes of roles that change hands or go."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from cjops.core.errors import Conflict, Forbidden
from journeys.models import Journey
from people import deriving, granting
from people.models import Grant, Role, User
from tags.models import Taxonomy
from tests.factories import AssetFactory, JourneyFactory, RoleFactory, UserFactory
from tests.refusing import refused
from tests.side_by_side import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey():
    return JourneyFactory(is_live=False, is_restricted=True)


@pytest.fixture
def role():
    return RoleFactory(key="writer", permissions=["view_journey", "propose_journey"])


def sees_it(person, journey) -> bool:
    reader = User.objects.get(pk=person.pk)
    return Journey.objects.visible_to(reader).filter(pk=journey.pk).exists()


def test_what_the_successor_holds_already_is_not_cut_short(journey, role):
    ana, bo = UserFactory(), UserFactory()
    soon, later = (timezone.now() + timedelta(hours=hours) for hours in (1, 2))
    place = {"role": role, "on": granting.on(journey), "actor": None}
    for held, given, kept in ((None, soon, None), (later, soon, later), (soon, later, later)):
        granting.give(user=bo, ends_at=held, **place)
        granting.give(user=ana, ends_at=given, **place)
        granting.hand_over(giver=ana, taker=bo, actor=None)
        assert Grant.objects.get(user=bo).ends_at == kept


def test_wide_roles_are_handed_over_under_the_wide_lock_from_the_start(journey, role, monkeypatch):
    ana, bo = UserFactory(), UserFactory()
    granting.give(role=role, on=granting.on(journey), user=ana, actor=None)
    granting.give(role=role, on=granting.on_market("Retail"), user=ana, actor=None)
    held = []
    monkeypatch.setattr(deriving, "_hold", held.append)
    granting.hand_over(giver=ana, taker=bo, actor=None)
    assert held[0] == "pg_advisory_xact_lock"


def test_only_a_superuser_grants_on_everything(role):
    ana, admin, root = UserFactory(), UserFactory(is_staff=True), UserFactory(is_superuser=True)
    with refused(Forbidden):
        granting.give(role=role, on=granting.EVERYTHING, user=ana, actor=admin)
    assert not Grant.objects.exists()
    granting.give(role=role, on=granting.EVERYTHING, user=ana, actor=root)
    assert Grant.objects.get().user == ana


def test_only_a_superuser_grants_to_themselves(journey, role):
    admin, root = UserFactory(is_staff=True), UserFactory(is_superuser=True)
    place = {"role": role, "on": granting.on(journey)}
    with refused(Forbidden):
        granting.give(user=admin, actor=admin, **place)
    assert not sees_it(admin, journey)
    granting.give(user=UserFactory(), actor=admin, **place)
    granting.give(user=root, actor=root, **place)
    assert Grant.objects.count() == 2


def test_whoever_switches_off_does_not_take_the_roles(journey, role):
    ana, admin = UserFactory(), UserFactory(is_staff=True)
    granting.give(role=role, on=granting.on(journey), user=ana, actor=None)
    granting.hand_over(giver=ana, taker=admin, actor=admin)
    assert not Grant.objects.exists()


def test_a_role_that_was_deleted_meanwhile_is_not_given(journey):
    stale = RoleFactory(key="passing")
    granting.delete_role(role=Role.objects.get(pk=stale.pk), actor=None)
    with refused(Conflict):
        granting.give(role=stale, on=granting.on(journey), user=UserFactory(), actor=None)
    with refused(Conflict):
        granting.delete_role(role=stale, actor=None)


@pytest.mark.django_db(transaction=True)
def test_a_role_is_given_or_deleted(db):
    journey, ana, role = JourneyFactory(is_live=False), UserFactory(), RoleFactory(key="passing")
    given, deleted = at_once(
        lambda: granting.give(role=role, on=granting.on(journey), user=ana, actor=None),
        lambda: granting.delete_role(role=Role.objects.get(pk=role.pk), actor=None),
    )
    assert isinstance(given, Conflict) != isinstance(deleted, Conflict)


# --- in the administration ------------------------------------------------------------------------


@pytest.fixture
def clerk(client):
    """Gives roles, and sees what everybody sees."""
    found = UserFactory(is_staff=True)
    rights = ("add_grant", "change_grant", "view_grant", "delete_grant")
    found.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(found)
    return found


def added(client, role, **fields):
    empty = dict.fromkeys(("team", "place", "journey", "step", "asset", "taxonomy", "reason"), "")
    form = empty | {"role": role.pk, "scope": "journey", "ends_at_0": "", "ends_at_1": ""} | fields
    return client.post("/admin/people/grant/add/", form)


def errors_of(answer):
    return answer.context["adminform"].form.errors


def test_what_is_hidden_is_refused_like_what_is_missing(client, clerk, journey, role):
    ana, open_one = UserFactory(), JourneyFactory(is_live=False)
    hidden = added(client, role, user=ana.pk, journey=journey.pk)
    missing = added(client, role, user=ana.pk, journey=999_999)
    assert errors_of(hidden) == errors_of(missing)
    assert list(errors_of(hidden)) == ["journey"]
    assert journey.name not in hidden.content.decode()
    assert added(client, role, user=ana.pk, journey=open_one.pk).status_code == 302
    assert Grant.objects.get().journey == open_one


@pytest.mark.parametrize("kind", ["asset", "taxonomy"])
def test_other_hidden_subjects_are_not_chosen_either(client, clerk, role, kind):
    asset = AssetFactory()
    asset.is_restricted = True
    asset.save()
    found = asset
    if kind == "taxonomy":
        found = Taxonomy.objects.create(
            key="topic", name="Topic", team=asset.team, is_restricted=True
        )
    place = {"user": UserFactory().pk, "scope": kind, kind: found.pk}
    assert list(errors_of(added(client, role, **place))) == [kind]
    type(found).objects.update(is_restricted=False)
    assert added(client, role, **place).status_code == 302


def test_who_sees_everything_chooses_everything(client, journey, role):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert added(client, role, user=UserFactory().pk, journey=journey.pk).status_code == 302


def test_nobody_of_the_staff_gives_themselves_a_role(client, clerk, role):
    journey = JourneyFactory(is_live=False)
    added(client, role, user=clerk.pk, journey=journey.pk)
    added(client, role, user=UserFactory().pk, scope="everything")
    assert not Grant.objects.exists()
