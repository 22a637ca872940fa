"""Invitations: through a real mail server, in the person's language, good once."""

import re

import pytest
from django.test import Client

from cjops.core.errors import Conflict
from cjops.core.models import AuditEntry
from people import invitations
from people.models import Locale, User
from tests.factories import UserFactory
from tests.governance.test_mail import postbox  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
PASSWORD = "another horse and battery"


@pytest.fixture
def boss():
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def fresh():
    """Somebody who has an account and no password yet."""
    person = UserFactory(locale=Locale.ZH_HANT)
    person.set_unusable_password()
    person.save()
    return person


def text_of(message):
    return message.get_payload()[0].get_payload(decode=True).decode()


def link_in(message):
    return re.search(r"http://testserver(/\S+)", text_of(message)).group(1)


def follow(link):
    client = Client()
    page = client.get(link, follow=True)
    return client, page


def choose(link, password=PASSWORD):
    client, page = follow(link)
    if not page.redirect_chain:
        return None
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_the_link_lets_its_person_choose_a_password_once(boss, fresh, postbox):  # noqa: F811
    invitations.invite(person=fresh.pk, actor=boss)
    message = postbox.received[0]
    assert message["To"] == fresh.email
    assert 'lang="zh-hant"' in message.get_payload()[1].get_payload(decode=True).decode()
    link = link_in(message)
    assert choose(link).status_code == 302
    fresh.refresh_from_db()
    assert fresh.check_password(PASSWORD)
    _client, again = follow(link)
    assert "password1" not in again.content.decode()
    entry = AuditEntry.objects.get(action="person.invited")
    assert (entry.actor_id, entry.about_id) == (boss.pk, fresh.pk)


def test_it_runs_out(boss, fresh, postbox, settings):  # noqa: F811
    invitations.invite(person=fresh.pk, actor=boss)
    settings.PASSWORD_RESET_TIMEOUT = -1
    _client, page = follow(link_in(postbox.received[0]))
    assert "password1" not in page.content.decode()


def test_it_is_sent_again_and_the_first_use_closes_both(boss, fresh, postbox):  # noqa: F811
    invitations.invite(person=fresh.pk, actor=boss)
    invitations.invite(person=fresh.pk, actor=boss)
    first, second = (link_in(message) for message in postbox.received)
    assert choose(second).status_code == 302
    _client, page = follow(first)
    assert "password1" not in page.content.decode()


def test_a_weak_password_is_refused(boss, fresh, postbox):  # noqa: F811
    invitations.invite(person=fresh.pk, actor=boss)
    assert choose(link_in(postbox.received[0]), "short").status_code == 200
    fresh.refresh_from_db()
    assert not fresh.has_usable_password()


def test_who_has_a_password_or_is_switched_off_is_not_invited(boss, fresh, mailoutbox):
    fresh.is_active = False
    fresh.save()
    for person in (UserFactory(), fresh):
        with pytest.raises(Conflict):
            invitations.invite(person=person.pk, actor=boss)
    assert mailoutbox == []


def test_a_mail_server_that_is_away_is_told(boss, fresh, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(Conflict) as refused:
        invitations.invite(person=fresh.pk, actor=boss)
    assert "could not be sent" in refused.value.message


def test_an_admin_makes_somebody_and_they_are_invited(
    boss,
    client,
    mailoutbox,
    django_capture_on_commit_callbacks,
):
    client.force_login(boss)
    sent = {"email": "New@bank.example", "name": "Nia", "locale": "en", "time_zone": "UTC",
            "usable_password": "false", "is_invited": "on"}  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/admin/people/user/add/", sent).status_code == 302
    person = User.objects.get(email="new@bank.example")
    assert mailoutbox[-1].to == ["new@bank.example"]
    page = client.get(f"/admin/people/user/{person.pk}/change/").content.decode()
    assert "Send an invitation" in page
    client.post(f"/admin/people/user/{person.pk}/invite/")
    assert len(mailoutbox) == 2


def test_without_the_tick_nobody_is_invited(
    boss, client, mailoutbox, django_capture_on_commit_callbacks
):
    client.force_login(boss)
    sent = {"email": "new@bank.example", "name": "Nia", "locale": "en", "time_zone": "UTC",
            "usable_password": "false"}  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/people/user/add/", sent)
    assert User.objects.filter(email="new@bank.example").exists()
    assert mailoutbox == []
