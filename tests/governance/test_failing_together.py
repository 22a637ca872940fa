"""A change and what is live are each in order, and together they are not: people are told."""

import pytest
from django.urls import reverse

from cjops.core.errors import DomainError
from governance.integration import integration_of
from governance.models import Change
from governance.transitions import Action
from tests.cast import approved, go_live, propose, rename, take
from tests.pages import text_of

pytestmark = pytest.mark.django_db

BY_PHONE = {
    "op": "add",
    "element": "transitions",
    "key": "welcome-call",
    "fields": {"source": "welcome-email", "target": "call"},
}
PAST_THE_CALL = (
    {"op": "remove", "element": "transitions", "key": "wait-call"},
    {
        "op": "add",
        "element": "transitions",
        "key": "wait-end",
        "fields": {"source": "wait", "target": "end"},
    },
)


@pytest.fixture
def cut_off(cast):
    """Two ways lead to the call; live took away one, and this approved change the other."""
    go_live(cast, BY_PHONE)
    change = approved(cast, *PAST_THE_CALL)
    away = {"op": "remove", "element": "transitions", "key": "welcome-call"}
    go_live(cast, away)
    return Change.objects.get(pk=change.pk)


def test_error_that_only_the_two_make_is_found(cut_off):
    integration = integration_of(cut_off)

    assert integration.proposal.errors == []
    assert [(one.element, one.key) for one in integration.new_errors] == [("steps", "call")]


@pytest.mark.parametrize("name", ["mei", "ana", "ida"])
def test_banner_says_what_fails_and_warns(client, cast, cut_off, name):
    client.force_login(cast.named(name))

    answer = client.get(reverse("change-detail", args=[cut_off.number]))

    shown = text_of(answer)
    (finding,) = integration_of(cut_off).new_errors
    assert "Together with what is live, 1 check fails." in shown
    assert finding.message in shown
    assert "Nothing of it clashes" not in shown
    assert 'class="alert warning moved"' in answer.content.decode()


def test_api_says_what_fails(client, cast, cut_off):
    client.force_login(cast.mei)

    body = client.get(f"/api/v1/changes/{cut_off.number}/conflicts/").json()

    (error,) = body["errors"]
    assert (body["open"], error["severity"], error["key"]) == (0, "error", "call")


def test_publishing_refuses_what_was_said_before(cast, cut_off):
    with pytest.raises(DomainError):
        take(cut_off, Action.PUBLISH, cast.ana)


def test_nothing_is_said_while_conflicts_are_open(cast):
    go_live(cast, BY_PHONE)
    change = propose(cast, *PAST_THE_CALL, rename("Mine"))
    away = {"op": "remove", "element": "transitions", "key": "welcome-call"}
    go_live(cast, away, rename("Theirs"), by=("tom", "ana"))

    integration = integration_of(Change.objects.get(pk=change.pk))

    assert integration.merge.conflicts
    assert integration.new_errors == []


def test_nothing_is_said_of_errors_the_change_has_anyway(client, cast):
    cut = {"op": "remove", "element": "transitions", "key": "wait-call"}
    change = propose(cast, cut)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    integration = integration_of(Change.objects.get(pk=change.pk))

    assert integration.proposal.errors
    assert integration.new_errors == []
