"""What is new in a proposal for somebody who has looked at an earlier one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.documents import Hunk
from governance.models import Change, Review
from governance.proposals import Proposal, proposal_of
from people.models import User


@dataclass(frozen=True, slots=True)
class Since:
    """Two lists of hunks compared: digests that are new, digests that stayed, and the hunks of
    elements that are no longer changed at all."""

    new: frozenset[str]
    same: frozenset[str]
    gone: tuple[Hunk, ...] = ()


def compared_with(earlier: Iterable[Hunk], now: Collection[Hunk]) -> Since:
    """What became of the hunks of an earlier revision.

    A hunk that reads differently now is new; the element that it is about tells the two apart from
    one that is gone.
    """
    before = {(hunk.element, hunk.key): hunk for hunk in earlier}
    known = {hunk.digest for hunk in before.values()}
    digests = {hunk.digest for hunk in now}
    still = {(hunk.element, hunk.key) for hunk in now}
    gone = tuple(hunk for place, hunk in before.items() if place not in still)
    return Since(frozenset(digests - known), frozenset(digests & known), gone)


@dataclass(frozen=True, slots=True)
class SinceReview:
    """The view “since my last review”: what it compares with, and what it leaves out, in words.

    `earlier` is the proposal the reader last spoke about; None where they have not, then it is
    about what they have not ticked off.
    """

    found: Since
    earlier: Proposal | None
    left_out: str
    nothing: str
    # The number of that revision; 0 where there is none.
    number: int = 0


def last_reviewed(reviews: Iterable[Review], reader: User) -> int:
    """The revision the person last said something about; 0 where they never did.

    `reviews` come oldest first.
    """
    mine = [review.revision for review in reviews if review.reviewer_id == reader.pk]
    return mine[-1] if mine else 0


def since_review(
    change: Change,
    proposal: Proposal,
    reviews: Iterable[Review],
    viewed: Collection[str],
    reader: User,
) -> SinceReview:
    """What the reader has not seen yet of the newest revision."""
    number = last_reviewed(reviews, reader)
    if not number:
        seen = frozenset(proposal.digests & set(viewed))
        found = Since(frozenset(proposal.digests - seen), seen)
        words = ngettext(
            "%(count)s part is left out: you have marked it as viewed.",
            "%(count)s parts are left out: you have marked them as viewed.",
            len(seen),
        )
        return SinceReview(
            found, None, words % {"count": len(seen)} if seen else "", _("You have viewed it all.")
        )
    revision = change.revisions.filter(number=number).first()
    earlier = proposal_of(change, revision) if revision else None
    found = compared_with(earlier.hunks if earlier else (), proposal.hunks)
    same = len(found.same)
    words = ngettext(
        "%(count)s part is as you saw it in revision %(number)s.",
        "%(count)s parts are as you saw them in revision %(number)s.",
        same,
    )
    return SinceReview(
        found,
        earlier,
        words % {"count": same, "number": number} if same else "",
        _("Nothing has changed since your review of revision %(number)s.") % {"number": number},
        number,
    )


def reviewed_before(
    change: Change, reviews: Iterable[Review], reader: User
) -> tuple[int, Proposal | None]:
    """The revision before the newest that the reader spoke about last, and what it proposed."""
    number = last_reviewed(reviews, reader)
    if not number or number == change.revision:
        return 0, None
    revision = change.revisions.filter(number=number).first()
    return (number, proposal_of(change, revision)) if revision else (0, None)
