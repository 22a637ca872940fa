"""Taking a new live version in tests: the step, and an answer to the one conflict."""

from governance.integration import integration_of
from governance.models import Change
from governance.transitions import Action
from tests.cast import take


def rebase(change, cast, by="mei", **said):
    return take(change, Action.REBASE, cast.named(by), **said)


def settle(change, choice, **value):
    """The one open conflict of a change, settled."""
    (conflict,) = integration_of(Change.objects.get(pk=change.pk)).merge.conflicts
    return [{"conflict": conflict.fingerprint, "choice": choice, **value}]


def step_of(change, key="welcome-email"):
    document = change.revisions.get(number=change.revision).document
    return next(step for step in document["steps"] if step["key"] == key)
