"""Suggesting edits in tests, and what becomes of them."""

from governance import services
from governance.models import Notification
from governance.proposals import proposal_of
from governance.transitions import Action
from tests.cast import propose, rename, take

CALM = "A calm welcome"


def in_review(cast):
    """A change of two parts, the names of the welcome e-mail and of the call, in review."""
    change = propose(cast, rename("A warm welcome"), rename("A kind call", "call"))
    take(change, Action.SUBMIT, cast.mei)
    return change


def suggest(cast, change, *edits, by="jun", **said):
    return services.suggest(
        number=change.number,
        actor=cast.named(by),
        edits=list(edits) or [rename(CALM)],
        **said,
    )


def apply(cast, suggestion, by="mei", **said):
    return services.apply_suggestion(
        number=suggestion.change_id, suggestion=suggestion.pk, actor=cast.named(by), **said
    )


def decline(cast, suggestion, by="mei", comment="Warm is what we want", **said):
    return services.decline_suggestion(
        number=suggestion.change_id,
        suggestion=suggestion.pk,
        actor=cast.named(by),
        comment=comment,
        **said,
    )


def take_back(cast, suggestion, by="jun", **said):
    return services.withdraw_suggestion(
        number=suggestion.change_id, suggestion=suggestion.pk, actor=cast.named(by), **said
    )


def proposed_name(change, key="welcome-email"):
    change.refresh_from_db()
    document = proposal_of(change).proposed
    return next(step["name"] for step in document["steps"] if step["key"] == key)


def told(user, kind):
    return Notification.objects.filter(user=user, kind=kind).count()
