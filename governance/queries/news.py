"""Messages to people: which they may read, and what they are about."""

from django.db import models
from django.db.models import Q

from cjops.core.models import GovernedSubject
from content.models import Asset
from governance.models import DELEGATION, Notification, SubjectKind
from governance.subjects import subject_of
from governance.transitions import Action
from governance.visibility import about_seen_by, sees
from people.models import User


def readable(user: User) -> models.QuerySet[Notification]:
    """The person's messages as far as they see what these are about, with that.

    One without a change is about the subject of its entry; policies and delegations are told only
    to whom they concern.
    """
    of_change = Q(change__isnull=False) & about_seen_by(user, "change__")
    of_subject = Q(entry__kind__in=SubjectKind.values) & about_seen_by(user, "entry__")
    of_others = ~Q(entry__kind__in=SubjectKind.values)
    return (
        Notification.objects.filter(
            of_change | (Q(change=None) & (of_subject | of_others)), user=user
        )
        .select_related("change__journey", "change__asset", "change__taxonomy", "entry__actor")
        .select_related("entry__journey", "entry__asset", "entry__taxonomy")
        .select_related("entry__delegation__giver", "entry__delegation__taker")
        .select_related("entry__delegation__journey")
        .order_by("-pk")
    )


def unread(user: User) -> models.QuerySet[Notification]:
    """The person's unread messages, newest first."""
    return readable(user).filter(read_at=None)


def concerns(message: Notification) -> GovernedSubject | None:
    """The subject that a message is about; None for policies and delegations."""
    about = message.change or message.entry
    return subject_of(about) if about.kind in SubjectKind.values else None


def reason_told(message: Notification) -> str:
    """What was said with it; not of a delegation on a journey that its reader does not see."""
    entry = message.entry
    journey = entry.delegation.journey if entry.kind == DELEGATION and entry.delegation else None
    if journey is not None and not sees(message.user, journey):
        return ""
    return entry.reason


def origin_told(message: Notification) -> Asset | None:
    """What the content that it is about was made from, where that is the news and is seen."""
    if message.entry.action != Action.ORIGIN_MOVED:
        return None
    seen = Asset.objects.visible_to(message.user)
    return seen.filter(pk=message.entry.data["origin"]).first()


def may_read(message: Notification) -> bool:
    """Whether its reader still sees what it is about."""
    subject = concerns(message)
    return message.user.is_active and (subject is None or sees(message.user, subject))
