"""Which database a test works in, and that one that commits leaves nothing behind."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from governance.models import Change
from people.models import Channel, User
from tests import snapshot


def test_the_cast_stands_in_a_database_of_its_own(cast):
    assert connection.settings_dict["NAME"].endswith("_cast")
    assert User.objects.filter(email="mei@bank.example").exists()


def test_what_one_test_did_there_is_undone_for_the_next(cast):
    assert Change.objects.count() == 1
    Change.objects.all().update(title="Of another test")


def test_and_the_next_finds_the_cast_as_it_was(cast):
    assert not Change.objects.filter(title="Of another test").exists()


@pytest.mark.django_db
def test_others_find_nobody():
    assert not connection.settings_dict["NAME"].endswith("_cast")
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_that_commits_is_cleared_away(cast):
    assert not connection.settings_dict["NAME"].endswith("_cast")
    rights = Permission.objects.count()

    snapshot.clear()

    assert not User.objects.exists()
    assert not Channel.objects.exists()
    assert Permission.objects.count() == rights > 0
