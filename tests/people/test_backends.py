"""What people may do everywhere, and what sign-in costs."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Permission

from tests.factories import PASSWORD, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def see_everything() -> Permission:
    return Permission.objects.get(codename="see_everything")


def test_global_permissions_cost_one_query(django_assert_num_queries):
    person = UserFactory()
    with django_assert_num_queries(1):
        assert not person.has_perm("people.see_everything")
        assert not person.has_perm("people.change_user")


def test_a_permission_holds_by_itself_or_through_a_group():
    alone, through = UserFactory(), UserFactory()
    alone.user_permissions.add(see_everything())
    TeamFactory(members=[through]).group.permissions.add(see_everything())
    assert alone.has_perm("people.see_everything")
    assert through.has_perm("people.see_everything")
    assert not UserFactory().has_perm("people.see_everything")


def test_an_inactive_person_may_do_nothing():
    person = UserFactory(is_active=False, is_superuser=True)
    person.user_permissions.add(see_everything())
    assert not person.has_perm("people.see_everything")


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_is_hashed_once(monkeypatch, known):
    UserFactory(email="mei@bank.example")
    hashed = []
    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or plain(*a, **k)
    )
    email = "mei@bank.example" if known else "nobody@bank.example"
    assert authenticate(None, email=email, password="wrong") is None
    assert len(hashed) == 1


def test_people_sign_in_by_address_whatever_its_case():
    person = UserFactory(email="mei@bank.example")
    assert authenticate(None, email="Mei@Bank.example", password=PASSWORD) == person
    assert authenticate(None, username="mei@bank.example", password=PASSWORD) == person
