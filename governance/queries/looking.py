"""What readers of a change ticked off, what they suggest to its author, and who looks at it now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from content.models import Asset
from governance.models import CampaignPart, Change, PickUp, SubjectKind, Suggestion, ViewedHunk
from governance.visibility import ChangeQuerySet
from people.models import User


def with_looks(changes: ChangeQuerySet, user: User) -> ChangeQuerySet:
    """Changes with what `viewed_digests`, `suggestions_on` and `looked_at_by` ask, with what is
    live, on which most were written, and the campaign they are part of: a query less for each."""
    changes = changes.select_related(*(f"{kind}__live_version" for kind in SubjectKind.values))
    parts = CampaignPart.objects.filter(
        change=OuterRef("pk"), campaign__asset__in=Asset.objects.visible_to(user).order_by()
    )
    ticked = ViewedHunk.objects.filter(change=OuterRef("pk"), user=user)
    return changes.annotate(
        campaign_pk=Subquery(parts.values("campaign")[:1]),
        digests_viewed=ArraySubquery(ticked.values("digest")),
        has_suggestions=Exists(Suggestion.objects.filter(change=OuterRef("pk"))),
        pick_ups_open=ArraySubquery(
            _open_now()
            .filter(change=OuterRef("pk"))
            .values(row=JSONObject(person="user_id", name="user__name", until="until"))
        ),
    )


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody who said that they are looking at a change, and until when that holds."""

    person: int
    name: str
    until: datetime


def looked_at_by(change: Change) -> list[Looking]:
    """Who says now that they are looking at it, by name."""
    known = getattr(change, "pick_ups_open", None)
    if known is None:
        return _looking([change.pk]).get(change.pk, [])
    return [
        Looking(row["person"], row["name"], cast(datetime, parse_datetime(row["until"])))
        for row in known
    ]


def looked_at_among(changes: Iterable[Change]) -> dict[int, list[Looking]]:
    """The same for many changes, by number; one query."""
    return looked_at_by_number(change.pk for change in changes)


def looked_at_by_number(numbers: Iterable[int]) -> dict[int, list[Looking]]:
    """The same for the changes of these numbers."""
    wanted = list(numbers)
    return _looking(wanted) if wanted else {}


def _open_now() -> QuerySet[PickUp]:
    return PickUp.objects.filter(until__gt=timezone.now()).order_by("user__name", "user")


def _looking(numbers: list[int]) -> dict[int, list[Looking]]:
    found: dict[int, list[Looking]] = {}
    rows = _open_now().filter(change__in=numbers)
    for number, person, name, until in rows.values_list(
        "change_id", "user_id", "user__name", "until"
    ):
        found.setdefault(number, []).append(Looking(person, name, until))
    return found


def viewed_digests(user: User, change: Change) -> set[str]:
    """Digests of the hunks that the person has ticked off, of whatever revision."""
    known: list[str] | None = getattr(change, "digests_viewed", None)
    if known is not None:
        return set(known)
    ticked = ViewedHunk.objects.filter(change=change, user=user)
    return set(ticked.values_list("digest", flat=True))


def suggestion_of(change: Change, pk: int) -> Suggestion:
    """One suggested edit of a change, with who made it; `NotFound` where it has no such."""
    found = change.suggestions.select_related("author").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return found


def suggestions_on(change: Change) -> list[Suggestion]:
    """All edits that were suggested, oldest first, with the people."""
    if not getattr(change, "has_suggestions", True):
        return []
    found = change.suggestions.select_related("author", "decided_by")
    return list(found.order_by("pk"))
