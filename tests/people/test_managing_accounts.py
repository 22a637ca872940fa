"""Who manages whose account, what is written of that, and what never comes back by it."""

from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission
from django.test import Client

from cjops.core.errors import Forbidden
from cjops.core.models import AuditEntry
from people import granting, leaving, services
from people.adapters import AccountAdapter
from people.models import User
from people.queries import may_manage
from tests.factories import PASSWORD, ChannelFactory, RoleFactory, TeamFactory, UserFactory
from tests.refusing import refused
from tests.side_by_side import at_once

pytestmark = pytest.mark.django_db
OTHER = PASSWORD + " and another"


def permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


@pytest.fixture
def boss():
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def clerk():
    """Manages accounts, and has no powers."""
    found = UserFactory(is_staff=True)
    names = ("people.view_user", "people.change_user")
    factor = ("mfa.view_authenticator", "mfa.delete_authenticator")
    found.user_permissions.set(permission(name) for name in (*names, *factor))
    return found


def by_row(boss):
    person = UserFactory()
    person.user_permissions.add(permission("people.see_everything"))
    return person


def by_role(boss):
    person = UserFactory()
    role = RoleFactory(key="lead", permissions=["manage_policies"])
    granting.give(role=role, on=granting.EVERYTHING, user=person, actor=boss)
    return person


def by_team(boss):
    person = UserFactory()
    role = RoleFactory(key="breaker", permissions=["break_glass"])
    team = TeamFactory(members=[person])
    granting.give(role=role, on=granting.EVERYTHING, team=team, actor=boss)
    return person


def by_flag(boss):
    return UserFactory(is_superuser=True)


POWERFUL = (by_flag, by_row, by_role, by_team)


def office(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form_of(person, **fields):
    return {
        "email": person.email,
        "name": person.name,
        "locale": "en",
        "time_zone": "UTC",
        "mails": "each",
    } | fields


def tried(client, person) -> list[int]:
    """An address, a password and a second factor, each set for somebody else."""
    factor, _new = Authenticator.objects.get_or_create(
        user=person, type="totp", defaults={"data": {"secret": "x"}}
    )
    there = f"/admin/people/user/{person.pk}"
    passwords = {"usable_password": "true", "password1": OTHER, "password2": OTHER}
    return [
        client.post(f"{there}/change/", form_of(person, email="evil@bank.example")).status_code,
        client.post(f"{there}/password/", passwords).status_code,
        client.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"}).status_code,
    ]


def taken_over(person) -> bool:
    stored = User.objects.get(pk=person.pk)
    has_factor = Authenticator.objects.filter(user=person).exists()
    return stored.email == "evil@bank.example" or stored.check_password(OTHER) or not has_factor


@pytest.mark.parametrize("powerful", POWERFUL)
def test_an_account_with_powers_is_managed_by_superusers_alone(boss, clerk, powerful):
    person = powerful(boss)
    assert tried(office(clerk), person) == [403, 403, 403]
    assert not taken_over(person)
    assert not may_manage(clerk, person)
    assert may_manage(boss, person)
    assert tried(office(boss), person) == [302, 302, 302]


def test_any_other_account_is_managed_by_whoever_may_change_accounts(clerk):
    person = UserFactory()
    assert tried(office(clerk), person) == [302, 302, 302]
    assert taken_over(person)


@pytest.mark.parametrize("page", ["invite", "switch-off", "switch-on"])
def test_the_pages_about_an_account_ask_the_same(boss, clerk, page):
    address = f"/admin/people/user/{by_role(boss).pk}/{page}/"
    assert office(clerk).post(address).status_code == 403


def test_the_service_refuses_too(boss, clerk):
    person = by_role(boss)
    person.name = "Other"
    with refused(Forbidden):
        services.save_person(person=person, actor=clerk)
    services.save_person(person=person, actor=boss)
    person.refresh_from_db()
    assert person.name == "Other"


def test_with_another_address_both_are_mailed_and_the_sign_ins_end(
    clerk, mailoutbox, django_capture_on_commit_callbacks
):
    person = UserFactory(email="old@bank.example")
    browser = office(person)
    browser.get("/preferences/")
    UserSession.objects.get_or_create(
        user=person, session_key=browser.session.session_key, defaults={"ip": "127.0.0.1"}
    )
    with django_capture_on_commit_callbacks(execute=True):
        sent = form_of(person, email="new@bank.example")
        office(clerk).post(f"/admin/people/user/{person.pk}/change/", sent)
    told = {address for mail in mailoutbox for address in mail.to}
    assert told == {"old@bank.example", "new@bank.example"}
    assert browser.get("/preferences/").status_code == 302
    entry = AuditEntry.objects.get(action="person.address")
    assert (entry.actor_id, entry.about_id, entry.data) == (clerk.pk, person.pk, {})


def test_with_the_same_address_nothing_ends(clerk, mailoutbox):
    person = UserFactory()
    browser = office(person)
    office(clerk).post(f"/admin/people/user/{person.pk}/change/", form_of(person, name="Other"))
    assert browser.get("/preferences/").status_code == 200
    assert not mailoutbox
    assert not AuditEntry.objects.filter(action="person.address").exists()


# --- what was read before ------------------------------------------------------------------------


def demoted_and_off(boss):
    """As a request has read somebody who is then demoted, switched off and given a password."""
    person = UserFactory(is_superuser=True)
    stale = User.objects.get(pk=person.pk)
    leaving.deactivate(person=person.pk, actor=boss)
    person.refresh_from_db()
    person.is_superuser = False
    person.set_password(OTHER)
    person.save()
    return stale


def unchanged(person) -> bool:
    stored = User.objects.get(pk=person.pk)
    return not stored.is_active and not stored.is_superuser and stored.check_password(OTHER)


def test_preferences_write_nothing_else(boss):
    stale = demoted_and_off(boss)
    services.set_preferences(
        user=stale, name="Other", locale="en", time_zone="UTC", uses_keys=False
    )
    assert unchanged(stale)
    stored = User.objects.get(pk=stale.pk)
    assert (stored.name, stored.uses_keys) == ("Other", False)
    assert not stored.history.first().is_active


def test_an_edit_of_an_account_writes_what_was_edited(boss):
    stale = demoted_and_off(boss)
    stale.name = "Other"
    services.save_person(person=stale, actor=boss, fields=["name"])
    assert unchanged(stale)
    assert User.objects.get(pk=stale.pk).name == "Other"


def test_a_password_that_is_set_writes_nothing_else(boss, monkeypatch):
    person = UserFactory(is_superuser=True)
    read = User.set_password

    def meanwhile(user, password):
        User.objects.filter(pk=user.pk).update(is_active=False, is_superuser=False)
        read(user, password)

    monkeypatch.setattr(User, "set_password", meanwhile)
    passwords = {"usable_password": "true", "password1": OTHER, "password2": OTHER}
    office(boss).post(f"/admin/people/user/{person.pk}/password/", passwords)
    assert unchanged(person)


def test_a_password_that_is_chosen_writes_nothing_else(boss):
    stale = demoted_and_off(boss)
    AccountAdapter().set_password(stale, OTHER)
    assert unchanged(stale)


# --- what is written down ------------------------------------------------------------------------


def data_of(action: str):
    return [entry.data for entry in AuditEntry.objects.filter(action=action).order_by("pk")]


def test_who_comes_goes_and_leads_is_written_down(boss):
    team, person = TeamFactory(), UserFactory()
    for role in ("contributor", "lead", "lead"):
        services.set_membership(team=team, user=person, role=role, actor=boss)
    for _again in range(2):
        services.remove_membership(team=team, user=person, actor=boss)
    assert data_of("team.joined") == [{"person": person.pk, "role": "contributor"}]
    assert data_of("team.role") == [{"person": person.pk, "role": "lead", "before": "contributor"}]
    assert data_of("team.left") == [{"person": person.pk, "role": "lead"}]
    entry = AuditEntry.objects.get(action="team.left")
    assert (entry.actor_id, entry.about_id) == (boss.pk, team.pk)


def test_the_channels_of_a_team_are_written_down(boss):
    team = TeamFactory()
    channel = ChannelFactory(key="sms")
    for _again in range(2):
        services.set_channels(team=team, channels=[channel], actor=boss)
    services.set_channels(team=team, channels=[], actor=boss)
    assert data_of("team.channels") == [
        {"added": [channel.pk], "removed": []},
        {"added": [], "removed": [channel.pk]},
    ]


def test_powers_are_written_down_and_in_the_history(boss):
    person, power = UserFactory(), permission("people.see_everything")
    there = f"/admin/people/user/{person.pk}"
    sent = form_of(person, is_staff="on", user_permissions=[power.pk])
    office(boss).post(f"{there}/change/", sent)
    assert User.objects.get(pk=person.pk).has_perm("people.see_everything")
    assert data_of("person.powers") == [
        {"added": ["is_staff"], "removed": []},
        {"added": ["see_everything"], "removed": []},
    ]
    edits = office(boss).get(f"{there}/history/").context["edits"]
    assert any(str(power) in after for edit in edits for _label, _before, after in edit.fields)
    office(boss).post(f"{there}/change/", form_of(person))
    assert data_of("person.powers")[2:] == [
        {"added": [], "removed": ["is_staff"]},
        {"added": [], "removed": ["see_everything"]},
    ]


def test_only_a_superuser_gives_permissions(boss, clerk):
    person, power = UserFactory(), permission("people.see_everything")
    with refused(Forbidden):
        services.set_permissions(person=person, permissions=[power], actor=clerk)
    assert not person.user_permissions.exists()
    services.set_permissions(person=person, permissions=[power], actor=boss)
    assert person.user_permissions.get() == power


@pytest.mark.django_db(transaction=True)
def test_joining_and_leaving_twice_at_once_is_written_down_once():
    team, person = TeamFactory(), UserFactory()
    join = partial(services.set_membership, team=team, user=person, role="contributor", actor=None)
    leave = partial(services.remove_membership, team=team, user=person, actor=None)
    for call, action in ((join, "team.joined"), (leave, "team.left")):
        at_once(call, call)
        assert AuditEntry.objects.filter(action=action).count() == 1
    assert not person.groups.exists()
