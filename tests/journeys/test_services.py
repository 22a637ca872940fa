"""Journeys as subjects, and who sees them."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cjops.core.errors import Invalid
from cjops.core.models import AuditEntry
from journeys import policies, services
from journeys.models import (
    Journey,
    JourneyVersion,
)
from people.holding import rights_on
from tests.factories import JourneyFactory, RoleFactory, UserFactory
from tests.refusing import refused

pytestmark = pytest.mark.django_db

EVERYTHING = {"view_journey", "propose_journey", "publish_journey", "manage_journey"}


@pytest.fixture
def manager_role():
    return RoleFactory(key="journey-manager", permissions=sorted(EVERYTHING))


@pytest.fixture
def journey():
    return JourneyFactory(is_live=False)


def test_whoever_starts_a_journey_answers_for_it(manager_role):
    ana = UserFactory()
    journey = services.create_journey_subject(
        key="win-back", name="Win back", actor=ana, is_restricted=True
    )
    assert journey.live_version is None
    assert journey.history.get().history_user == ana
    assert policies.MANAGE in rights_on(ana, journey)


def test_a_key_is_taken_once(manager_role):
    JourneyFactory(key="win-back", is_live=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.create_journey_subject(key="win-back", name="W", actor=UserFactory())
    assert Journey.objects.count() == 1


def test_access_is_set_with_its_history(journey):
    admin, parent = UserFactory(), JourneyFactory(is_live=False)
    services.set_access(journey=journey, is_restricted=False, parent=parent, actor=admin)
    journey.refresh_from_db()
    assert (journey.is_restricted, journey.parent) == (False, parent)
    assert journey.history.first().history_user == admin


def test_a_journey_is_no_part_of_itself(journey):
    child = JourneyFactory(is_live=False, parent=journey)
    for parent in (journey, child):
        with refused(Invalid):
            services.set_access(journey=journey, is_restricted=True, parent=parent, actor=None)


def test_two_do_not_become_parts_of_each_other(journey):
    other, omar = JourneyFactory(is_live=False), UserFactory()
    stale = Journey.objects.get(pk=journey.pk)
    services.set_access(journey=journey, is_restricted=False, parent=other, actor=omar)
    with refused(Invalid):
        services.set_access(journey=other, is_restricted=False, parent=stale, actor=omar)
    other.refresh_from_db()
    assert other.parent is None


def test_a_circle_that_is_there_ends_the_search(journey):
    other, third = JourneyFactory(is_live=False, parent=journey), JourneyFactory(is_live=False)
    Journey.objects.filter(pk=journey.pk).update(parent=other)
    assert not services.is_part_of(journey.pk, third.pk)
    services.set_access(journey=third, is_restricted=False, parent=other, actor=UserFactory())
    third.refresh_from_db()
    assert third.parent == other


def test_who_sees_a_journey_is_written_down_once(journey):
    omar, parent = UserFactory(), JourneyFactory(is_live=False)
    for _again in range(2):
        services.set_access(journey=journey, is_restricted=True, parent=parent, actor=omar)
    entry = AuditEntry.objects.get(action="subject.access")
    assert (entry.actor_id, entry.about_id) == (omar.pk, journey.pk)
    assert entry.data == {
        "before": {"is_restricted": False, "parent": None},
        "after": {"is_restricted": True, "parent": parent.pk},
    }


def test_the_database_keeps_versions_as_they_were_written():
    version = JourneyFactory().live_version
    for act in (version.save, version.delete, JourneyVersion.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        connection.cursor().execute("DELETE FROM journeys_journeyversion")
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        JourneyVersion.objects.update(summary=[])
