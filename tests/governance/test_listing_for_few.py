"""Lists of changes for who sees few subjects: read by their ids, and never more than is seen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import visibility
from governance.models import Change
from people import granting
from people.models import User
from tests.cast import propose, rename
from tests.factories import JourneyFactory, RoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(cast):
    """A change of a journey that Zoe does not see, beside one of a journey that everybody sees."""
    propose(cast, rename("Warmer"))
    change = propose(cast, rename("Quieter"))
    journey = JourneyFactory(key="hidden", is_restricted=True)
    Change.objects.filter(pk=change.pk).update(journey=journey)
    return Change.objects.get(pk=change.pk)


def listed(user):
    """As in a request of its own: nothing is remembered from before."""
    return set(Change.objects.listed_for(User.objects.get(pk=user.pk)))


@pytest.mark.parametrize("few", [0, 1, 500])
def test_lists_hold_what_is_seen_however_many_that_are(cast, hidden, monkeypatch, few):
    monkeypatch.setattr(visibility, "FEW", few)
    for name in ("mei", "zoe", "omar", "ida"):
        user = cast.named(name)
        assert listed(user) == set(Change.objects.visible_to(user)), name
    assert hidden not in listed(cast.zoe)
    assert hidden in listed(cast.omar)


def test_what_is_remembered_of_the_few_lets_nobody_see_more(cast, hidden):
    role = RoleFactory(key="viewer", permissions=["view_journey"])
    grant = granting.give(role=role, on=granting.on(hidden.journey), user=cast.zoe, actor=None)
    zoe = User.objects.get(pk=cast.zoe.pk)
    assert hidden in Change.objects.listed_for(zoe)
    granting.take_back(grant=grant, actor=None)
    assert hidden not in Change.objects.listed_for(zoe)


def test_it_is_asked_once_for_a_page(cast, hidden):
    zoe = User.objects.get(pk=cast.zoe.pk)
    with CaptureQueriesContext(connection) as asked:
        for _list in range(3):
            list(Change.objects.listed_for(zoe))
    assert sum("UNION ALL" in one["sql"] for one in asked) == 1
