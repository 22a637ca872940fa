"""API tokens: made by their person, shown once, ended, and refused when their time is over."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cjops.core.errors import Forbidden, Invalid, NotFound
from cjops.core.models import AuditEntry
from people import leaving, second_factor, tokens
from people.models import ApiToken, Locale, User
from tests.factories import UserFactory
from tests.refusing import refused

pytestmark = pytest.mark.django_db
PAGE = "/preferences/tokens/"


@pytest.fixture
def person(client):
    found = UserFactory()
    client.force_login(found)
    return found


def make(client, **fields):
    return client.post(PAGE, {"name": "import", "scopes": ["propose"], "days": "30"} | fields)


def shown_in(answer):
    found = re.search(r">(cjops_[\w-]+)<", answer.content.decode())
    return found and found.group(1)


def asked(client, token, path="/api/v1/users/me/"):
    return client.get(path, headers={"Authorization": f"Token {token}"})


def test_a_token_is_shown_once_and_works(client, person):
    answer = make(client)
    token = shown_in(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert asked(client, token).json()["email"] == person.email
    row = ApiToken.objects.get(user=person)
    assert row.digest == tokens.token_digest(token)
    assert row.scopes == ["read", "propose"]
    assert shown_in(client.get(PAGE)) is None


def test_it_lives_as_long_as_was_said(client, person):
    make(client, days="30")
    left = ApiToken.objects.get().expires_at - timezone.now()
    assert timedelta(days=29) < left <= timedelta(days=30)


@pytest.mark.parametrize(
    "wrong",
    [{"days": "4000"}, {"days": ""}, {"days": "x"}, {"scopes": ["admin"]}, {"name": ""},
     {"name": "x" * 200}],
)  # fmt: skip
def test_what_is_wrong_makes_no_token(client, person, wrong):
    assert make(client, **wrong).status_code == 422
    assert not ApiToken.objects.exists()


def test_somebody_who_was_switched_off_meanwhile_gets_no_token(person):
    stale = User.objects.get(pk=person.pk)
    leaving.deactivate(person=person.pk, actor=UserFactory(is_superuser=True))
    with refused(Forbidden):
        tokens.issue_token(user=stale)
    assert not ApiToken.objects.exists()
    tokens.issue_token(user=UserFactory())
    assert ApiToken.objects.count() == 1


def test_no_token_lives_longer_than_the_portal_allows(person):
    for days in (0, -1, 366):
        with pytest.raises(Invalid):
            tokens.issue_token(user=person, days=days)
    tokens.issue_token(user=person, days=365)


def test_an_unknown_scope_is_refused(person):
    with pytest.raises(Invalid):
        tokens.issue_token(user=person, scopes=["read", "everything"])


def test_an_expired_token_says_so(client, person):
    token = tokens.issue_token(user=person)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    client.logout()
    answer = asked(client, token)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_from_before_there_was_an_end_keeps_working(client, person):
    token = tokens.issue_token(user=person)
    ApiToken.objects.update(expires_at=None)
    assert asked(client, token).status_code == 200
    assert "does not expire" in client.get(PAGE).content.decode()


def test_people_end_their_own_and_nobody_elses(client, person):
    mine, theirs = tokens.issue_token(user=person), tokens.issue_token(user=UserFactory())
    other = ApiToken.objects.get(digest=tokens.token_digest(theirs))
    assert client.post(f"{PAGE}{other.pk}/end/").status_code == 404
    own = ApiToken.objects.get(digest=tokens.token_digest(mine))
    assert client.post(f"{PAGE}{own.pk}/end/").status_code == 302
    client.logout()
    assert asked(client, mine).status_code == 401
    assert asked(client, theirs).status_code == 200


def test_a_second_factor_is_asked_for_before(client, person, monkeypatch):
    monkeypatch.setattr(second_factor, "is_set_up", lambda _user: True)

    def refuse(*, user, code, **_more):
        if code != "123456":
            raise Invalid("No.", errors={"code": ["Not that one."]})

    monkeypatch.setattr(second_factor, "require", refuse)
    assert 'name="code"' in client.get(PAGE).content.decode()
    answer = make(client, code="000000")
    assert answer.status_code == 422
    assert "Not that one." in answer.content.decode()
    assert not ApiToken.objects.exists()
    assert shown_in(make(client, code="123456"))


def test_making_and_ending_are_written_down_and_mailed(
    client, person, django_capture_on_commit_callbacks
):
    person.locale = Locale.ZH_HANS
    person.save()
    with django_capture_on_commit_callbacks(execute=True):
        make(client, name="nightly\r\nBcc: x@y.example")
        client.post(f"{PAGE}{ApiToken.objects.get().pk}/end/")
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "token.made",
        "token.ended",
    ]
    assert all("nightly" not in str(entry.data) for entry in AuditEntry.objects.all())
    made, ended = mail.outbox
    assert made.to == ended.to == [person.email]
    assert 'lang="zh-hans"' in made.alternatives[0].content
    assert "127.0.0.1" in made.body
    assert "\r\nBcc" not in made.body


def test_ending_a_token_that_is_gone_is_refused(person):
    with pytest.raises(NotFound):
        tokens.end_token(token=0, owner=None, actor=person)


def test_the_token_and_all_that_the_person_may_do_are_read_at_once():
    token = tokens.issue_token(user=UserFactory())
    asked(Client(), token)
    with CaptureQueriesContext(connection) as queries:
        asked(Client(), token, "/api/v1/changes/")
    about_rights = [one["sql"] for one in queries if "auth_permission" in one["sql"]]
    assert len(about_rights) == 1
    assert "people_apitoken" in about_rights[0]
