"""Which change each version came by, which versions there are, and the revisions of a change."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Case, F, When

from governance.models import Change, ChangeRevision
from journeys.models import Journey
from people.models import User

# More versions than this no list to choose from is read through.
MOST_LISTED = 500


def published_by(user: User, journey: Journey, numbers: Iterable[int]) -> dict[int, Change]:
    """The changes that the person sees and that made these versions, by the version's number."""
    changes = Change.objects.visible_to(user).filter(
        journey=journey, published_number__in=list(numbers)
    )
    return {
        change.published_number: change
        for change in changes.only("number", "title", "published_number")
        if change.published_number
    }


def versions_listed(journey: Journey) -> list[tuple[int, datetime]]:
    """Number and day of the versions of a journey, the newest first, as many as anybody reads."""
    rows = journey.versions.order_by("-number").values_list("number", "created_at")
    return list(rows[:MOST_LISTED])


def revisions_of(change: Change, shown: Collection[int] = ()) -> list[ChangeRevision]:
    """All revisions of a change with their authors, as ordered; `shown` of those of these numbers
    is the document, of all others it is None."""
    return list(
        change.revisions.select_related("author")
        .defer("document")
        # Of all others the document stays where it is.
        .annotate(shown=Case(When(number__in=shown, then=F("document"))))
    )
