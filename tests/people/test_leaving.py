"""Switching an account off: signed out at once, tokens gone, what was owned handed over."""

from functools import partial

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cjops.core.errors import Conflict, Invalid
from cjops.core.models import AuditEntry
from governance import schedules, services
from governance.models import Delegation, LedgerEntry
from governance.queries.leaving import holdings
from governance.transitions import Action
from journeys.models import Journey
from people import granting, leaving, tokens
from people.models import ApiToken, Role, User
from people.services import save_person
from tests.cast import propose, reach, take
from tests.factories import PASSWORD, UserFactory
from tests.side_by_side import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return UserFactory(is_staff=True, is_superuser=True)


def leave(person, boss, successor=None):
    return leaving.deactivate(person=person.pk, actor=boss, successor=successor and successor.pk)


def signed_in(person):
    cache.clear()
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert client.get("/preferences/").status_code == 200
    return client


def test_sign_ins_and_tokens_end_at_once(boss):
    person = UserFactory()
    browser, token = signed_in(person), tokens.issue_token(user=person)
    leave(person, boss)
    assert browser.get("/preferences/").status_code == 302
    answer = Client().get("/api/v1/users/me/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 401
    assert not ApiToken.objects.filter(user=person).exists()
    assert not UserSession.objects.filter(user=person).exists()
    entry = AuditEntry.objects.get(action="person.deactivated")
    assert (entry.actor_id, entry.about_id, entry.data) == (boss.pk, person.pk, {"successor": None})


def test_switching_on_again_brings_no_token_back(boss):
    person = UserFactory()
    token = tokens.issue_token(user=person)
    leave(person, boss)
    leaving.activate(person=person.pk, actor=boss)
    answer = Client().get("/api/v1/users/me/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 401
    signed_in(person)
    assert AuditEntry.objects.filter(action="person.activated").exists()


def test_saving_an_account_switches_it_neither_off_nor_on(boss):
    person = UserFactory()
    stale = User.objects.get(pk=person.pk)
    stale.is_active, stale.name = False, "Other"
    save_person(person=stale, actor=boss)
    person.refresh_from_db()
    assert (person.is_active, person.name) == (True, "Other")
    leave(person, boss)
    person.is_active = True
    save_person(person=person, actor=boss)
    person.refresh_from_db()
    assert not person.is_active


def test_nobody_switches_themselves_or_the_last_administrator_off(boss):
    other = UserFactory(is_superuser=True)
    with pytest.raises(Conflict):
        leave(boss, boss)
    leave(other, boss)
    with pytest.raises(Conflict):
        leave(boss, UserFactory())
    with pytest.raises(Conflict):
        leave(other, boss)
    with pytest.raises(Conflict):
        leaving.activate(person=boss.pk, actor=boss)


def test_a_successor_has_to_be_somebody_else_who_is_there(boss):
    person = UserFactory()
    for wrong in (person, UserFactory(is_active=False)):
        with pytest.raises(Invalid):
            leave(person, boss, wrong)
    person.refresh_from_db()
    assert person.is_active


def test_what_happens_is_announced_with_the_successor(boss, monkeypatch, settings):
    told = []
    monkeypatch.setattr(
        "people.leaving.announce", lambda event, **about: told.append((event, about))
    )
    person, other = UserFactory(), UserFactory()
    leave(person, boss, other)
    left = {"person": person.pk, "successor": other.pk, "actor": boss.pk}
    assert ("left", left) in told
    assert settings.REACTIONS["left"] == ["governance.schedules.hand_over"]


def hand_over(cast, successor=None):
    leave(cast.mei, cast.omar, successor)
    return services.hand_over(
        person=cast.mei.pk, successor=successor and successor.pk, actor=cast.omar.pk
    )


def test_open_changes_get_another_author_who_then_does_not_decide(cast):
    change = propose(cast)
    take(change, Action.SUBMIT, cast.mei)
    done = reach(cast, "published")
    handed = hand_over(cast, cast.jun)
    change.refresh_from_db()
    done.refresh_from_db()
    assert (handed.changes, handed.kept) == (1, 0)
    assert change.author == cast.jun
    assert done.author == cast.mei
    entry = LedgerEntry.objects.get(action=Action.HAND_OVER)
    assert (entry.actor, entry.change) == (cast.omar, change)
    assert entry.data == {"from": cast.mei.pk, "to": cast.jun.pk}
    assert entry.body
    take(change, Action.WITHDRAW, cast.jun)


def test_roles_and_teams_go_with_them(cast):
    before = {(grant.journey_id, grant.role_id) for grant in cast.ana.grants.all()}
    teams = set(cast.tom.memberships.values_list("team", flat=True))
    assert before
    assert teams
    for giver in (cast.ana, cast.tom):
        leave(giver, cast.omar, cast.jun)
        services.hand_over(person=giver.pk, successor=cast.jun.pk, actor=cast.omar.pk)
    now = {(grant.journey_id, grant.role_id) for grant in cast.jun.grants.all()}
    assert before <= now
    assert teams <= set(cast.jun.memberships.values_list("team", flat=True))
    assert not cast.ana.grants.exists()
    assert not cast.tom.memberships.exists()


def test_without_a_successor_only_delegations_end(cast):
    change = propose(cast)
    now = timezone.now()
    services.delegate(
        giver=cast.mei, taker=cast.jun, starts_at=now, ends_at=now + timezone.timedelta(days=3),
        actor=cast.mei,
    )  # fmt: skip
    handed = hand_over(cast)
    change.refresh_from_db()
    assert (handed.changes, handed.delegations) == (0, 1)
    assert change.author == cast.mei
    assert not Delegation.objects.filter(ends_at__gt=timezone.now()).exists()


def test_done_twice_or_for_somebody_who_is_back_nothing_happens(cast):
    propose(cast)
    hand_over(cast, cast.jun)
    again = services.hand_over(person=cast.mei.pk, successor=cast.jun.pk, actor=cast.omar.pk)
    assert (again.changes, again.roles) == (0, 0)
    leaving.activate(person=cast.mei.pk, actor=cast.omar)
    services.hand_over(person=cast.mei.pk, successor=cast.jun.pk, actor=cast.omar.pk)


def test_what_a_lost_task_did_not_hand_over_the_beat_does(cast):
    change = propose(cast)
    leave(cast.mei, cast.omar, cast.jun)
    schedules.mind_leavers()
    change.refresh_from_db()
    assert change.author == cast.jun
    schedules.mind_leavers()
    assert LedgerEntry.objects.filter(action=Action.HAND_OVER).count() == 1


def test_who_is_back_or_has_no_successor_keeps_what_they_have(cast):
    change = propose(cast)
    leave(cast.mei, cast.omar, cast.jun)
    leaving.activate(person=cast.mei.pk, actor=cast.omar)
    schedules.mind_leavers()
    leave(cast.mei, cast.omar)
    schedules.mind_leavers()
    change.refresh_from_db()
    assert change.author == cast.mei


@pytest.mark.django_db(transaction=True)
def test_two_who_switch_each_other_off_at_once_do_not_both_succeed(boss):
    other = UserFactory(is_staff=True, is_superuser=True)
    told = at_once(
        *(
            partial(leaving.deactivate, person=whom.pk, actor=actor)
            for whom, actor in ((boss, other), (other, boss))
        )
    )
    assert sorted(type(one).__name__ for one in told) == ["Conflict", "User"]
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


def test_the_story_of_a_change_tells_of_it(cast, client):
    change = propose(cast)
    hand_over(cast, cast.jun)
    client.force_login(cast.omar)
    page = client.get(f"/changes/{change.number}/?tab=conversation").content.decode()
    assert "handed it over, since its author left" in page


def test_the_page_shows_what_they_own_and_asks_for_a_successor(cast, client):
    change = propose(cast)
    tokens.issue_token(user=cast.mei)
    client.force_login(cast.omar)
    address = f"/admin/people/user/{cast.mei.pk}/switch-off/"
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert f"CR-{change.number}" in text
    assert "API tokens: 1." in text
    assert (
        "Switch off …" in client.get(f"/admin/people/user/{cast.mei.pk}/change/").content.decode()
    )
    assert client.post(address, {"successor": cast.mei.pk}).status_code == 422
    assert client.post(address, {"successor": cast.jun.pk}).status_code == 302
    assert not User.objects.get(pk=cast.mei.pk).is_active
    assert client.get(f"/admin/people/user/{cast.mei.pk}/switch-on/").status_code == 405
    assert client.post(f"/admin/people/user/{cast.mei.pk}/switch-on/").status_code == 302
    assert User.objects.get(pk=cast.mei.pk).is_active


def test_only_administrators_reach_it(cast, client):
    client.force_login(cast.tom)
    for name in ("switch-off", "switch-on", "invite"):
        answer = client.post(f"/admin/people/user/{cast.mei.pk}/{name}/")
        assert answer.status_code in (302, 403)
    helper = UserFactory(is_staff=True)
    client.force_login(helper)
    assert client.post(f"/admin/people/user/{cast.omar.pk}/switch-off/").status_code == 403
    assert User.objects.get(pk=cast.mei.pk).is_active


def test_names_are_told_of_what_the_reader_sees_and_the_rest_is_counted(cast, client):
    change = propose(cast)
    Journey.objects.filter(pk=cast.journey.pk).update(is_restricted=True, readers=[cast.mei.pk])
    role = Role.objects.get(key="journey-manager")
    granting.give(role=role, on=granting.on(cast.journey), user=cast.mei, actor=None)
    helper = UserFactory(is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="change_user"))

    for reader, sees in ((cast.omar, True), (helper, False)):
        told = {one.label: one for one in holdings(cast.mei, reader)}
        assert told["Open changes"].count == 1
        assert told["Roles"].count >= 1
        client.force_login(reader)
        page = client.get(f"/admin/people/user/{cast.mei.pk}/switch-off/").content.decode()
        assert (f"CR-{change.number}" in page) is sees
        assert (cast.journey.name in page) is sees


def test_counting_what_somebody_has_asks_little(cast, django_assert_max_num_queries):
    propose(cast)
    with django_assert_max_num_queries(8):
        holdings(cast.mei, cast.omar)
