"""Policies as tests write them: short, with what they are about."""

import copy
from typing import Any

from django.contrib.auth.models import Permission

from governance.models import Policy, PolicyVersion
from governance.services import ruling
from people.models import User

ALWAYS: dict[str, Any] = {"all": []}
LEGAL = {"key": "legal", "reviewers": [{"people": ["tom@bank.example"]}]}


def definition(key: str = "letters", when: Any = None, **more: Any) -> dict[str, Any]:
    """A policy by which Tom decides on whatever meets the condition."""
    return {
        "key": key,
        "name": f"About {key}",
        "when": copy.deepcopy(ALWAYS if when is None else when),
        "require": [copy.deepcopy(LEGAL)],
        **more,
    }


def make_lead(user: User) -> User:
    """Give the right to look after policies; the person as somebody who has just signed in."""
    user.user_permissions.add(Permission.objects.get(codename="manage_policies"))
    return User.objects.get(pk=user.pk)


def propose(by: User, *args: Any, **more: Any) -> PolicyVersion:
    return ruling.propose_policy(definition=definition(*args, **more), comment="So be it", actor=by)


def in_force(by: User, *args: Any, **more: Any) -> PolicyVersion:
    """A policy that is in force."""
    version = propose(by, *args, **more)
    return ruling.activate(key=version.policy.key, number=version.number, comment="", actor=by)


def clear() -> None:
    """No policy at all, whatever a new portal starts with."""
    Policy.objects.update(active=None)
    PolicyVersion.objects.update(state=PolicyVersion.State.SUPERSEDED)
