"""Comments on the content of a change, as far as the reader sees the content."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from content.models import Asset
from governance.models import Change, Remark
from people.models import User


def remarks_for(change: Change, reader: User, place: str = "") -> QuerySet[Remark]:
    """The remarks that the reader sees, oldest first; with `place` those on that content.

    Drafts are their author's alone, remarks on content that is not open to the reader nobody's.
    """
    found = (
        change.remarks.filter(Q(is_draft=False) | Q(author=reader))
        .filter(asset__in=Asset.objects.visible_to(reader).order_by())
        .select_related("author", "resolved_by", "thread__resolved_by")
    )
    return found.filter(place=place) if place else found


def remarks_on(change: Change, reader: User, place: str = "") -> list[Remark]:
    """All that `remarks_for` finds."""
    return list(remarks_for(change, reader, place))


def remark_of(change: Change, reader: User, pk: int) -> Remark:
    """One of the remarks that the reader sees; `NotFound` where it is none of these."""
    found = remarks_for(change, reader).select_related("asset").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return found


def has_draft_remarks(change: Change, user: User) -> bool:
    """Whether the person has said something that nobody else sees yet."""
    return change.remarks.filter(author=user, is_draft=True).exists()


def open_threads(remarks: Iterable[Remark]) -> Counter[str]:
    """How many threads are not resolved yet, by the place in all its languages."""
    return Counter(
        one.place.rpartition("/")[0]
        for one in remarks
        if one.thread_id is None and one.resolved_at is None and not one.is_draft
    )
