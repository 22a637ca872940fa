"""API tokens."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from people import services
from people.authentication import TokenAuthentication
from people.models import ApiToken
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def asked_with(header: str | None):
    headers = {} if header is None else {"HTTP_AUTHORIZATION": header}
    return TokenAuthentication().authenticate(APIRequestFactory().get("/", **headers))


def test_a_token_stands_for_its_person_in_one_read(django_assert_num_queries):
    person = UserFactory()
    token = services.issue_token(user=person)
    with django_assert_num_queries(2):  # the token with its person, and when it was used
        user, row = asked_with(f"Token {token}")
    assert user == person
    assert row.user == person


@pytest.mark.parametrize("header", [None, "", "Basic dG9tOnRvbQ=="])
def test_without_a_token_another_way_of_signing_in_is_tried(header):
    assert asked_with(header) is None


@pytest.mark.parametrize(
    "header", ["Token", "Token a b", "Token wrong", "Token \xff\xfe", "token " + "x" * 5000]
)
def test_a_bad_token_is_refused(header):
    with pytest.raises(AuthenticationFailed):
        asked_with(header)


def test_a_token_ends_with_the_account():
    person = UserFactory()
    token = services.issue_token(user=person)
    person.is_active = False
    person.save()
    with pytest.raises(AuthenticationFailed):
        asked_with(f"Token {token}")


def test_use_is_noted_at_most_once_a_minute(django_assert_num_queries):
    token = services.issue_token(user=UserFactory())
    asked_with(f"Token {token}")
    first = ApiToken.objects.get().last_used_at
    with django_assert_num_queries(1):
        asked_with(f"Token {token}")
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))
    asked_with(f"Token {token}")
    assert ApiToken.objects.get().last_used_at > first
