"""`api_token` and `bootstrap_roles`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from people.models import ApiToken, Channel, Role
from people.services import token_digest
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def output_of(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_api_token_prints_the_token_and_nothing_else():
    UserFactory(email="mei@bank.example")
    printed = output_of("api_token", "Mei@bank.example", "--name", "import")
    assert printed == printed.strip() + "\n"
    row = ApiToken.objects.get(digest=token_digest(printed.strip()))
    assert (row.user.email, row.name) == ("mei@bank.example", "import")


def test_each_call_makes_another_token():
    UserFactory(email="mei@bank.example")
    assert output_of("api_token", "mei@bank.example") != output_of("api_token", "mei@bank.example")
    assert ApiToken.objects.count() == 2


@pytest.mark.parametrize("is_known", [True, False])
def test_api_token_refuses_who_cannot_sign_in(is_known):
    if is_known:
        UserFactory(email="mei@bank.example", is_active=False)
    with pytest.raises(CommandError) as refusal, transaction.atomic():
        output_of("api_token", "mei@bank.example")
    assert len(str(refusal.value).splitlines()) == 1
    assert refusal.value.returncode == 1
    assert not ApiToken.objects.exists()


def test_bootstrap_roles_may_run_again():
    output_of("bootstrap_roles")
    counts = Role.objects.count(), Channel.objects.count()
    output_of("bootstrap_roles")
    assert (Role.objects.count(), Channel.objects.count()) == counts == (10, 9)
