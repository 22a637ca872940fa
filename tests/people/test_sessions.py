"""Where people are signed in: listed, ended, and ended by what changes the account."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client

from cjops.core.models import AuditEntry
from people import agents, schedules, sessions
from people.models import Locale
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/preferences/sessions/"
NEW = "another horse and battery"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


def enter(person, agent=FIREFOX):
    client = Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client):
    return client.get("/preferences/").status_code == 200


@pytest.fixture
def person():
    return UserFactory()


def test_each_browser_is_listed_by_name_and_address(person):
    here = enter(person)
    enter(person, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605.1")
    page = here.get(PAGE).content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.count("127.0.0.1") >= 2
    assert page.count("this browser") == 1


def test_one_is_ended(person):
    here, there = enter(person), enter(person)
    row = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(f"{PAGE}{row.pk}/end/").headers["Location"] == PAGE
    assert is_in(here)
    assert not is_in(there)


def test_nobody_ends_somebody_elses(person):
    here, theirs = enter(person), enter(UserFactory())
    row = UserSession.objects.get(session_key=theirs.session.session_key)
    assert here.post(f"{PAGE}{row.pk}/end/").status_code == 404
    assert is_in(theirs)


def test_all_others_are_ended(person):
    here, there, third = enter(person), enter(person), enter(person)
    here.post(f"{PAGE}end-others/")
    assert [is_in(client) for client in (here, there, third)] == [True, False, False]
    entry = AuditEntry.objects.get(action="session.ended")
    assert (entry.actor_id, entry.about_id, entry.data) == (person.pk, person.pk, {"count": 2})


def test_a_new_password_ends_the_others_and_is_mailed(person, django_capture_on_commit_callbacks):
    person.locale = Locale.ZH_HANT
    person.save()
    here, there = enter(person), enter(person)
    with django_capture_on_commit_callbacks(execute=True):
        here.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
        )
    assert (is_in(here), is_in(there)) == (True, False)
    assert UserSession.objects.get(user=person).session_key == here.session.session_key
    assert mail.outbox[-1].to == [person.email]
    assert 'lang="zh-hant"' in mail.outbox[-1].alternatives[0].content
    assert AuditEntry.objects.filter(action="password.changed", about_id=person.pk).exists()


def test_without_its_second_factor_the_others_end_too(person, django_capture_on_commit_callbacks):
    here, there = enter(person), enter(person)
    TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    place = here.get("/accounts/2fa/totp/deactivate/").headers["Location"]
    here.post(place, {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        here.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=person).exists()
    assert (is_in(here), is_in(there)) == (True, False)
    assert "authenticator app" in mail.outbox[-1].subject
    entry = AuditEntry.objects.get(action="factor.removed")
    assert entry.data == {"type": "totp"}


def test_signing_in_and_out_is_written_down_and_costs_little(person, django_assert_max_num_queries):
    here = enter(person)
    here.post("/accounts/logout/")
    done, left = AuditEntry.objects.order_by("pk")
    assert (done.action, done.actor_id) == ("sign-in.done", person.pk)
    assert done.data == {"methods": ["password"]}
    assert (left.action, left.about_id) == ("sign-in.ended", person.pk)
    assert not UserSession.objects.filter(user=person).exists()
    client = Client()
    with django_assert_max_num_queries(24):
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert is_in(client)


def test_last_seen_is_written_now_and_then(person, django_assert_num_queries, monkeypatch):
    here = enter(person)
    key = here.session.session_key
    sessions._seen.clear()
    assert not sessions.is_due(key)
    monkeypatch.setattr(sessions, "SEEN_EVERY", -1.0)
    assert sessions.is_due(key)
    UserSession.objects.all().delete()
    # Signed in before sessions were listed: it is found the next time.
    is_in(here)
    assert UserSession.objects.get().session_key == key


def test_what_has_run_out_is_forgotten(person):
    here = enter(person)
    UserSession.objects.create(user=person, session_key="gone", ip="127.0.0.1", user_agent="x")
    assert len(sessions.sessions_of(person)) == 1
    UserSession.objects.create(user=person, session_key="gone", ip="127.0.0.1", user_agent="x")
    schedules.forget_sessions()
    assert UserSession.objects.get().session_key == here.session.session_key


@pytest.mark.parametrize("agent", ["", "x" * 9000, "\x00", "<script>", "日本"])
def test_an_odd_browser_signs_in_too(person, agent):
    here = enter(person, agent)
    assert here.get(PAGE).status_code == 200


def test_what_nobody_knows_is_called_so():
    assert agents.described("") == "Unknown device"
    assert agents.described("curl/8") == "curl"


def test_a_password_that_an_admin_sets_ends_them_too(person, django_capture_on_commit_callbacks):
    there, boss = enter(person), UserFactory(is_staff=True, is_superuser=True)
    client = enter(boss)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            f"/admin/people/user/{person.pk}/password/",
            {"usable_password": "true", "password1": NEW, "password2": NEW},
        )
    assert answer.status_code == 302
    assert (is_in(there), is_in(client)) == (False, True)
    entry = AuditEntry.objects.get(action="password.changed")
    assert (entry.actor_id, entry.about_id) == (boss.pk, person.pk)
    assert mail.outbox[-1].to == [person.email]
