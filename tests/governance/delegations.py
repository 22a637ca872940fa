"""Delegations for tests."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance import services
from governance.models import Delegation
from people.models import User


def hand_on(giver: User, taker: User, actor: User | None = None, **more: Any) -> Delegation:
    """From now on, for two days."""
    now = timezone.now()
    return services.delegate(
        giver=giver,
        taker=taker,
        starts_at=now,
        ends_at=now + timedelta(days=2),
        actor=actor or giver,
        **more,
    )
