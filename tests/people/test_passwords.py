"""Which passwords may be chosen: long ones that nobody guesses, of whatever signs."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.factories import UserFactory

ANA = UserFactory.build(email="ana.maria@bank.example", name="Ana Maria Duarte")
GOOD = [
    *(
        "correct horse",
        "zwölf Zeichen!",
        "一二三四五六七八九十百千",
        "839205716402",
        "        a       b",
    ),
    *("x7" * 64, "ab " * 300),
]


@pytest.mark.parametrize("password", GOOD)
def test_long_ones_of_whatever_signs_are_taken(password):
    validate_password(password, ANA)


@pytest.mark.parametrize(
    "password", ["", "Sh0rt!", "elevensigns", "qwerty123456", "ana.maria@bank", "AnaMariaDuarte"]
)
def test_short_common_and_ones_own_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, ANA)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["x7" * 64, "一二三四五六七八九十百千"])
def test_they_are_taken_whole_when_signing_in(client, password):
    person = UserFactory(password=password)
    for wrong in (password[:-1], password + "x"):
        client.post("/accounts/login/", {"login": person.email, "password": wrong})
        assert "_auth_user_id" not in client.session
    client.post("/accounts/login/", {"login": person.email, "password": password})
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_they_can_be_pasted_and_kept_by_a_safe(client):
    page = client.get("/accounts/login/").content.decode()
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    assert "maxlength" not in page.partition('name="password"')[2].partition(">")[0]
