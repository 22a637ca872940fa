"""The parts of a change on its page, one of them by itself, and what differs from a revision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from cjops.core.errors import NotFound
from cjops.documents import Hunk, Resolution
from governance import policies, presenting, queries
from governance.integration import Integration
from governance.models import Change, ChangeRevision, Suggestion
from governance.presenting.cards import Card
from governance.proposals import Proposal, proposal_of
from governance.subjects import subject_of
from governance.transitions import Action
from people.models import User

# A flow of so many touched elements is drawn with the page, a larger one when somebody asks.
DRAWN_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the page: the language of content, only what is new since the
    reader's last review, all parts open."""

    rendition: str = ""
    is_since_review: bool = False
    is_all_open: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """As the address says."""
        return cls(
            query.get("rendition", ""), query.get("since") == "review", query.get("all") == "1"
        )


def parts_context(
    change: Change, proposal: Proposal, standing: policies.Standing, asked: Asked
) -> dict[str, Any]:
    """The hunks as cards with what hangs on each: ticks, suggestions, what is new."""
    user = standing.user
    viewed = queries.viewed_digests(user, change)
    suggestions = queries.suggestions_on(change)
    since = None
    shown = proposal.digests
    if asked.is_since_review:
        since = presenting.since_review(change, proposal, standing.reviews, viewed, user)
        shown = set(since.found.new)
    hunks = [hunk for hunk in proposal.hunks if hunk.digest in shown]
    full = shown if asked.is_all_open else presenting.open_ones(hunks, viewed)
    lookup = _lookup(change, proposal, user, asked.rendition, full, suggestions)
    suggested = presenting.suggestion_cards(suggestions, proposal, lookup, standing)
    cards = [
        replace(card, suggestions=tuple(suggested.pop(_place(card.element, card.key), ())))
        for card in presenting.cards(
            proposal, lookup, standing.reviews, shown=shown, full=full, viewed=viewed
        )
    ]
    if since and since.earlier:
        cards = _narrowed(cards, since.earlier, proposal, user, lookup)
    return {
        "cards": cards,
        "open_threads": _open_threads(cards, change, user),
        # Of elements that the change does not touch, or not any more.
        "suggested_elsewhere": []
        if since
        else [one for some in suggested.values() for one in some],
        "may_suggest": _may_suggest(standing),
        "may_apply": bool(policies.can_take(standing, Action.APPLY)),
        "viewed_count": len(viewed & proposal.digests),
        "since": since,
        "gone": _gone(since, user, lookup) if since else [],
        "folded": sum(card.is_folded and not card.is_viewed for card in cards),
        "is_drawn": len(proposal.hunks) <= DRAWN_AT_ONCE,
        "flow": presenting.flow_of(proposal, lookup)
        if len(proposal.hunks) <= DRAWN_AT_ONCE and not since
        else None,
    }


def _may_suggest(standing: policies.Standing) -> bool:
    """Whether to offer the form for it, which there is for elements of journeys."""
    return standing.change.kind == "journey" and bool(policies.can_suggest(standing))


def _place(element: str, key: str) -> tuple[str, str]:
    """The element and key of a hunk, from the names that stand for them in addresses."""
    return ("", "") if element == "header" else (element, key)


def _lookup(
    change: Change,
    proposal: Proposal,
    user: User,
    rendition: str,
    full: set[str],
    suggestions: list[Suggestion],
) -> presenting.Lookup:
    more = presenting.suggestion_documents(suggestions, change.kind)
    lookup = presenting.lookup_for(proposal, user, *more, digests=full)
    lookup.rendition, lookup.about = rendition, change
    return lookup


def _narrowed(
    cards: list[presenting.Card],
    earlier: Proposal,
    proposal: Proposal,
    user: User,
    lookup: presenting.Lookup,
) -> list[presenting.Card]:
    """The cards with what differs from the proposal that the reader reviewed, not from live."""
    between = Proposal(proposal.kind, earlier.proposed, proposal.proposed)
    shown = {(card.element, card.key) for card in cards if not card.is_folded}
    open_ones = {
        hunk.digest
        for hunk in between.hunks
        if (hunk.element or "header", hunk.key or "header") in shown
    }
    names = presenting.lookup_for(between, user, digests=open_ones)
    names.rendition, names.about = lookup.rendition, lookup.about
    return presenting.narrowed(cards, between, names)


def _open_threads(cards: Iterable[Card], change: Change, user: User) -> Mapping[str, int]:
    """How many threads are open at the content that is shown; nothing is asked where none is."""
    if not any(card.contents for card in cards):
        return {}
    return queries.open_threads(queries.remarks_on(change, user))


def _gone(
    since: presenting.SinceReview, user: User, lookup: presenting.Lookup
) -> list[presenting.Card]:
    """What the earlier revision changed and this one does not, as cards of that one."""
    if since.earlier is None or not since.found.gone:
        return []
    digests = {hunk.digest for hunk in since.found.gone}
    names = presenting.lookup_for(since.earlier, user, digests=set())
    return presenting.cards(since.earlier, names, [], shown=digests)


@login_required
@require_GET
@vary_on_headers("HX-Request")
def change_hunk(request: HttpRequest, number: int, element: str, key: str) -> HttpResponse:
    """One part of a change: its fields for the page to take in, or a page of its own."""
    user = cast(User, request.user)
    change = queries.get_change_for(user=user, number=number)
    proposal = proposal_of(change)
    hunk = _hunk(proposal, element, key)
    standing = policies.Standing(user, change)
    about = [
        one
        for one in queries.suggestions_on(change)
        if (one.element, one.key) == (hunk.element, hunk.key)
    ]
    only = {hunk.digest}
    viewed = queries.viewed_digests(user, change)
    lookup = _lookup(change, proposal, user, request.GET.get("rendition", ""), only, about)
    (card,) = presenting.cards(
        proposal, lookup, standing.reviews, shown=only, full=only, viewed=viewed
    )
    suggested = presenting.suggestion_cards(about, proposal, lookup, standing)
    since = None
    if request.GET.get("since") == "review":
        since = presenting.since_review(change, proposal, standing.reviews, viewed, user)
        if since.earlier:
            (card,) = _narrowed([card], since.earlier, proposal, user, lookup)
    context = {
        "change": change,
        "subject": subject_of(change),
        "since": since,
        "open_threads": _open_threads([card], change, user),
        "viewed_count": len(viewed & proposal.digests),
        "total": len(proposal.hunks),
        "card": replace(card, suggestions=tuple(suggested.get((hunk.element, hunk.key), ()))),
        "may_suggest": _may_suggest(standing),
        "may_apply": bool(policies.can_take(standing, Action.APPLY)),
    }
    is_part = getattr(request, "htmx", False)
    template = "governance/_hunk_part.html" if is_part else "governance/change_hunk.html"
    return render(request, template, context)


def _hunk(proposal: Proposal, element: str, key: str) -> Hunk:
    place = _place(element, key)
    for hunk in proposal.hunks:
        if (hunk.element, hunk.key) == place:
            return hunk
    raise NotFound(
        _("The change does not touch this part, or not any more. Go back to it and look again.")
    )


@login_required
@require_GET
@vary_on_headers("HX-Request")
def change_picture(request: HttpRequest, number: int) -> HttpResponse:
    """The picture of a change: for the page to take in, or on a page of its own."""
    user = cast(User, request.user)
    change = queries.get_change_for(user=user, number=number)
    proposal = proposal_of(change)
    lookup = presenting.lookup_for(proposal, user, digests=set())
    context = {
        "change": change,
        "subject": subject_of(change),
        "flow": presenting.flow_of(proposal, lookup),
    }
    is_part = getattr(request, "htmx", False)
    template = "governance/_change_picture.html" if is_part else "governance/change_picture.html"
    return render(request, template, context)


def revisions_context(change: Change, user: User, wanted: str) -> dict[str, Any]:
    """The revisions of a change; with `wanted`, the number of one, what the newest has changed.

    Raises `NotFound` where there is no such revision.
    """
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 else 0
    revisions = queries.revisions_of(change, [number, change.revision] if wanted else [])
    context: dict[str, Any] = {"revisions": revisions, "earlier": None}
    if not wanted:
        return context
    found = {one.number: one for one in revisions}
    if number not in found:
        raise NotFound(_("This change has no such revision."))
    return context | _between(change.kind, found[number], found[change.revision], user)


def _between(
    kind: str, earlier: ChangeRevision, newest: ChangeRevision, user: User
) -> dict[str, Any]:
    """What became of one revision, as cards and in words."""
    sides = [cast(Any, revision).shown for revision in (earlier, newest)]
    between = Proposal(kind, *sides)
    full = presenting.open_ones(between.hunks)
    lookup = presenting.lookup_for(between, user, digests=set())
    cards = presenting.cards(between, lookup, [], full=full)
    return {
        "earlier": earlier,
        "newest": newest,
        "between_words": between.words,
        "between": [card for card in cards if not card.is_folded],
        "between_more": sum(card.is_folded for card in cards),
        "is_carried": earlier.base_number != newest.base_number,
    }


def conflicts_context(
    change: Change,
    integration: Integration | None,
    user: User,
    wanted: str,
    given: dict[str, Resolution] | None,
) -> dict[str, Any]:
    """A page of the conflicts with live as choices: that which the address says in `wanted`.

    `given` are choices that somebody just made.
    """
    if integration is None:
        return {"picks": None}
    lookup = presenting.lookup_for(integration.proposal, user, integration.live, digests=set())
    lookup.about = change
    picks = presenting.picks(integration, lookup, page_number(wanted), given)
    return {
        "picks": picks,
        "previous": page_address(picks.page - 1) if picks.page > 1 else "",
        "next": page_address(picks.page + 1) if picks.page < picks.pages else "",
    }


def page_number(wanted: str) -> int:
    """The number of a page as an address or a form gives it; the first for what is none."""
    return int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 else 1


def page_address(page: int) -> str:
    """Where a page of the conflicts is, seen from the page of the change."""
    return f"?tab=conflicts&page={page}" if page > 1 else "?tab=conflicts"
