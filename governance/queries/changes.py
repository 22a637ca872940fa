"""Changes, found one by one or listed, and what happened to them."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from governance.models import (
    Change,
    LedgerEntry,
)
from governance.queries.waiting import open_requirements
from governance.subjects import subject_of
from governance.transitions import OPEN_STATES, Action, State
from governance.visibility import ChangeQuerySet, sees
from journeys.models import (
    Journey,
    Step,
)
from people.models import User


def get_change_for(*, user: User, number: int) -> Change:
    """The change with all a page about it shows of its subject; `NotFound` where invisible."""
    change = (
        Change.objects.select_related("author", "journey", "asset", "taxonomy", "reverts")
        .filter(pk=number)
        .first()
    )
    if change is None or not sees(user, subject_of(change)):
        raise NotFound(_("There is nothing at this address that you can see."))
    return change


def owns_a_step(user: User, change: Change) -> bool:
    """Whether a team of the person owns a step of the change's live journey."""
    return Step.objects.filter(journey=change.journey, team__memberships__user=user).exists()


def number_before(change: Change) -> int:
    """The version that was live before a published change; 0 if there was none."""
    entry = change.ledger.filter(action=Action.PUBLISH).order_by("-pk").first()
    if entry is None or not entry.data.get("parent_digest"):
        return 0
    if change.kind != "asset":
        return (change.published_number or 1) - 1
    assert change.asset is not None  # noqa: S101  (the check constraint says so)
    parent = change.asset.versions.filter(digest=entry.data["parent_digest"]).first()
    return parent.number if parent else 0


def open_changes_of(subject_field: str, ids: Iterable[int], user: User) -> dict[int, int]:
    """How many open changes each of these subjects has that the person may see."""
    rows = (
        Change.objects.visible_to(user)
        .filter(state__in=OPEN_STATES, **{f"{subject_field}__in": list(ids)})
        .values(subject_field)
        .annotate(count=models.Count("pk"))
        .order_by()
    )
    return {row[subject_field]: row["count"] for row in rows}


def conversation(change: Change) -> list[LedgerEntry]:
    """Everything that happened to the change, oldest first."""
    return list(change.ledger.select_related("actor").order_by("pk"))


def list_changes(
    *, user: User, q: str = "", state: str = "", channel: str = "", mine: str = ""
) -> models.QuerySet[Change]:
    """Changes the person sees, newest first; by default only open ones.

    `q` looks in titles and at the number, `mine` is author, decide or reviewed.
    """
    changes = (
        Change.objects.visible_to(user)
        .select_related("author", "journey", "asset", "taxonomy")
        .order_by("-number")
    )
    if state in State.values:
        changes = changes.filter(state=state)
    elif state != "all":
        changes = changes.filter(state__in=OPEN_STATES)
    if channel:
        changes = changes.filter(channels__contains=[channel])
    changes = _whose(changes, user, mine)
    digits = q.upper().removeprefix("CR-")
    if q:
        wanted = Q(title__icontains=q)
        if digits.isdecimal() and digits.isascii() and len(digits) < 19:
            wanted |= Q(number=int(digits))
        changes = changes.filter(wanted)
    return changes


def _whose(changes: ChangeQuerySet, user: User, mine: str) -> ChangeQuerySet:
    if mine == "author":
        return changes.filter(author=user)
    if mine == "decide":
        return changes.filter(pk__in=open_requirements(user).values("change"))
    if mine == "reviewed":
        return changes.filter(pk__in=user.reviews.order_by().values("change"))
    return changes


def with_open_changes(rows: models.QuerySet[Journey]) -> models.QuerySet[Journey]:
    """Those of the journeys that somebody is changing; who sees a journey sees its changes."""
    changing = Change.objects.filter(state__in=OPEN_STATES, journey__isnull=False)
    return rows.filter(pk__in=changing.order_by().values("journey"))


def as_rows(changes: models.QuerySet[Change]) -> models.QuerySet[Change]:
    """The same changes with no more than a row of a list shows: a third of the columns."""
    subjects = ("journey", "asset", "taxonomy")
    named = [f"{subject}__{column}" for subject in subjects for column in ("key", "name")]
    return changes.select_related("author", *subjects).only(
        "kind",
        "title",
        "state",
        "channels",
        "due_at",
        "scheduled_for",
        "updated_at",
        "author__name",
        "journey__importance",
        *named,
    )
