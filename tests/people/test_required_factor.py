"""Roles that take a second factor: without one, nothing but its set-up is reached."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import people.services
from people import granting, second_factor
from people.models import Grant, Role

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def guarded(cast):
    """The journey managers need one: that is Ana."""
    role = Role.objects.get(key="journey-manager")
    role.requires_second_factor = True
    granting.save_role(role=role, actor=cast.omar)
    return cast


def enter(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("path", ["/", "/journeys/", "/admin/", "/people/", "/nothing/"])
def test_whose_role_takes_one_is_sent_to_the_set_up(guarded, path):
    answer = enter(guarded.ana).get(path)
    assert answer.headers["Location"] == "/accounts/2fa/"
    assert enter(guarded.ana).post(path).status_code in (302, 403)


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/preferences/", "/accounts/logout/"])
def test_set_up_preferences_and_the_way_out_stay_open(guarded, path):
    assert enter(guarded.ana).get(path).status_code == 200


def test_others_go_on_as_before(guarded):
    assert enter(guarded.mei).get("/").status_code == 200
    assert not second_factor.is_required(guarded.mei)
    assert second_factor.is_required(guarded.ana)


def test_with_one_they_go_on(guarded):
    client = enter(guarded.ana)
    RecoveryCodes.activate(guarded.ana)
    assert client.get("/").status_code == 302
    TOTP.activate(guarded.ana, SECRET)
    assert client.get("/").status_code == 200
    second_factor.take_off(user=guarded.ana)
    Authenticator.objects.create(user=guarded.ana, type="webauthn", data={"name": "Key"})
    assert client.get("/").status_code == 200


def test_a_role_held_through_a_team_counts(guarded):
    team = guarded.tom.memberships.first().team
    role = Role.objects.get(key="journey-manager")
    assert not second_factor.is_required(guarded.tom)
    granting.give(on=granting.on(guarded.journey), role=role, team=team, actor=None)
    assert second_factor.is_required(guarded.tom)


def test_tokens_of_theirs_are_refused_with_the_reason(guarded):
    token = people.services.issue_token(user=guarded.ana)
    asked = {"headers": {"Authorization": f"Token {token}"}}
    answer = Client().get("/api/v1/users/me/", **asked)
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_missing")
    assert answer.headers["Content-Type"] == "application/problem+json"
    by_session = enter(guarded.ana).get("/api/v1/users/me/")
    assert (by_session.status_code, by_session.json()["code"]) == (403, "second_factor_missing")
    TOTP.activate(guarded.ana, SECRET)
    assert Client().get("/api/v1/users/me/", **asked).status_code == 200


def test_it_is_asked_together_with_who_it_is(guarded):
    client = enter(guarded.mei)
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    told = [one["sql"] for one in asked if "requires_second_factor" in one["sql"]]
    assert len(told) == 1
    assert "password" in told[0]


def test_it_is_asked_too_when_a_grant_has_just_come_to_its_end(guarded):
    viewer = Role.objects.get(key="viewer")
    soon = timezone.now() + timedelta(hours=1)
    place = {"role": viewer, "on": granting.on(guarded.journey), "actor": None}
    for person, status in ((guarded.ana, 302), (guarded.mei, 200)):
        grant = granting.give(user=person, ends_at=soon, **place)
        client = enter(person)
        Grant.objects.filter(pk=grant.pk).update(ends_at=timezone.now())
        assert client.get("/").status_code == status
