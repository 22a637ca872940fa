"""A refusal within somebody's transaction: what they did stays, and they may go on."""

import pytest
from django.db import transaction

import content.services
import journeys.services
import people.services
import tags.services
from cjops.core.errors import DomainError
from people import granting
from people.models import Role, User

REFUSALS = {
    "a person's address": lambda cast: people.services.create_person(
        email="mei@bank.example", name="Mei", actor=None
    ),
    "a team's key": lambda cast: people.services.create_team(
        key="Bad Key", name="x", kind="channel", actor=None
    ),
    "a taken team": lambda cast: people.services.create_team(
        key="email", name="x", kind="channel", actor=None
    ),
    "a role in a team": lambda cast: people.services.set_membership(
        team=cast.asset.team, user=cast.zoe, role="queen", actor=None
    ),
    "a language": lambda cast: people.services.set_language(user=cast.mei, locale="xx"),
    "preferences": lambda cast: people.services.set_preferences(
        user=cast.mei, name="", locale="en", time_zone="Mars", uses_keys=True
    ),
    "a token": lambda cast: people.services.issue_token(user=User(email="x", is_active=False)),
    "a channel in use": lambda cast: people.services.delete_channel(
        channel=cast.asset.channel, actor=None
    ),
    "a grant": lambda cast: granting.give(
        on=granting.on(cast.journey), role=Role.objects.first(), actor=None
    ),
    "a part of itself": lambda cast: journeys.services.set_access(
        journey=cast.journey, is_restricted=False, parent=cast.journey, actor=cast.omar
    ),
    "a role in use": lambda cast: granting.delete_role(
        role=Role.objects.get(key="journey-manager"), actor=None
    ),
    "a taxonomy's key": lambda cast: tags.services.create_taxonomy(
        key="Bad Key", name="x", team=cast.asset.team, actor=cast.omar
    ),
    "a taken asset": lambda cast: content.services.create_asset(
        key="onboarding-welcome",
        name="x",
        kind="email",
        team=cast.asset.team,
        document={},
        actor=cast.mei,
    ),
    "an asset of another kind": lambda cast: content.services.add_version(
        asset=cast.asset, document={"name": "x", "kind": "sms"}, actor=cast.mei
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_the_callers_transaction_goes_on(cast, refusal):
    with transaction.atomic(savepoint=True):
        people.services.create_person(email="before@bank.example", name="Before", actor=None)
        with pytest.raises(DomainError):
            REFUSALS[refusal](cast)
        people.services.create_person(email="after@bank.example", name="After", actor=None)
    assert User.objects.filter(name__in=["Before", "After"]).count() == 2
