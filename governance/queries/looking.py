"""What readers of a change have ticked off, and what they suggest to its author."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from governance.models import Change, SubjectKind, Suggestion, ViewedHunk
from governance.visibility import ChangeQuerySet
from people.models import User


def with_looks(changes: ChangeQuerySet, user: User) -> ChangeQuerySet:
    """Changes with what `viewed_digests` and `suggestions_on` ask, and with what is live, on which
    most were written: a query less for each."""
    changes = changes.select_related(*(f"{kind}__live_version" for kind in SubjectKind.values))
    ticked = ViewedHunk.objects.filter(change=OuterRef("pk"), user=user)
    return changes.annotate(
        digests_viewed=ArraySubquery(ticked.values("digest")),
        has_suggestions=Exists(Suggestion.objects.filter(change=OuterRef("pk"))),
    )


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
