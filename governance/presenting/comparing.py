"""What a comparison of two versions shows beside its picture: its legend, and what is not in it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from governance.comparisons import Comparison
from governance.presenting.cards import kind_of, title_of
from journeys.marks import LEGEND, Mark

# So many elements are told field by field on one page.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An element that differs and has no place in the picture."""

    mark: Mark
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """The part of the list that is shown, and where its neighbours are."""

    digests: frozenset[str]
    previous: str
    next: str
    summary: str


def legend(found: Comparison, elements: tuple[str, ...] | None = None) -> list[Mark]:
    """The marks that a picture of these collections shows, in the order of all legends."""
    shown = {
        mark for (element, _key), mark in found.marks.items() if not elements or element in elements
    }
    return [mark for mark in LEGEND if mark in shown]


def elsewhere(found: Comparison, drawn: tuple[str, ...]) -> list[Elsewhere]:
    """What differs in other collections than those that the picture draws."""
    return [
        Elsewhere(
            found.marks[hunk.element, hunk.key],
            kind_of("journey", hunk.element),
            title_of(
                "journey",
                found.proposal.base if hunk.op == "remove" else found.proposal.proposed,
                hunk,
            ),
        )
        for hunk in found.hunks
        if hunk.element not in drawn
    ]


def pages(found: Comparison, wanted: str) -> ListPage:
    """The page of the list that the address asks for; the nearest one to one that is not there."""
    total = len(found.hunks)
    last = max((total + PAGE - 1) // PAGE, 1)
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 8 else 1
    number = max(1, min(number, last))
    start = (number - 1) * PAGE
    shown = found.hunks[start : start + PAGE]
    return ListPage(
        digests=frozenset(hunk.digest for hunk in shown),
        previous=f"?view=list&page={number - 1}" if number > 1 else "",
        next=f"?view=list&page={number + 1}" if number < last else "",
        summary=_("%(first)s–%(last)s of %(total)s")
        % {"first": start + 1, "last": start + len(shown), "total": total},
    )
