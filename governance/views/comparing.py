"""Two versions of a journey compared: as a map, as a drawing, and as a list."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

import journeys.flow
from cjops.core.errors import NotFound
from cjops.core.models import DocumentVersion
from governance import presenting
from governance.comparisons import Comparison, compare_versions
from governance.presenting.comparing import elsewhere, legend, pages
from governance.subjects import get_subject_for
from journeys.flow.excerpt import around, touched_steps
from journeys.flow.marks import Side
from journeys.map_overlay import overlay_map
from journeys.models import Journey
from journeys.stage_map import LANES
from journeys.views.chips import chips
from journeys.views.journey import SIZES, step_urls
from people.models import User

Context = dict[str, Any]

VIEWS: dict[str, Promise] = {"map": _("Map"), "flow": _("Flow"), "list": _("List")}
# Beside each other two drawings have half a page each.
HALF, WHOLE = 520, 1_120
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Tab:
    """A way of looking at the two versions."""

    url: str
    label: str
    count: object
    current: bool


@login_required
@require_GET
def version_pick(request: HttpRequest, key: str) -> HttpResponse:
    """The two versions that somebody chose in a form, at the address of their comparison."""
    user = cast(User, request.user)
    get_subject_for(user=user, kind="journey", key=key)
    chosen = [request.GET.get(name, "") for name in ("a", "b")]
    if not all(one.isascii() and one.isdigit() and len(one) <= MOST_DIGITS for one in chosen):
        raise NotFound(gettext("Choose two versions to compare."))
    address = reverse("version-compare", args=[key, *map(int, chosen)])
    view = request.GET.get("view", "")
    return redirect(f"{address}?view={view}" if view in VIEWS else address)


@login_required
@require_GET
def version_compare(request: HttpRequest, key: str, a: int, b: int) -> HttpResponse:
    """What leads from version `a` to version `b`; `?view=` says how it is shown."""
    user = cast(User, request.user)
    found = compare_versions(user=user, kind="journey", key=key, a=a, b=b)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "map"
    journey = cast(Journey, found.subject)
    live = journey.live_version
    context: Context = {
        "journey": journey,
        "found": found,
        "view": view,
        "tabs": [
            Tab(
                f"?view={name}",
                str(label),
                len(found.hunks) if name == "list" else "",
                name == view,
            )
            for name, label in VIEWS.items()
        ],
        "words": found.words,
        "live_number": live.number if live else 0,
        "step_urls": step_urls(journey, live.get_document()) if live else {},
    }
    if found.hunks:
        context |= SIDES[view](request, found, context)
    return render(request, "governance/version_compare.html", context)


def _map_side(request: HttpRequest, found: Comparison, _context: Context) -> Context:
    lookup = _lookup(request, found)
    size = request.GET.get("size", "")
    chosen = {lane for lane in request.GET.getlist("lane") if lane in LANES}
    return {
        "map": overlay_map(found.proposal.base, found.proposal.proposed, lookup.names),
        "lanes_on": chosen or set(LANES),
        "size": size if size in SIZES else "normal",
        "sizes": SIZES,
        "chips": chips(lookup.channels.values()),
        "compared": True,
        "legend": legend(found, ("steps", "stages")),
        "elsewhere": elsewhere(found, ("steps", "stages")),
    }


def _flow_side(request: HttpRequest, found: Comparison, context: Context) -> Context:
    before, after = found.proposal.base, found.proposal.proposed
    drawn = ("steps", "transitions", "entries")
    told: Context = {"elsewhere": elsewhere(found, drawn), "drawn": "beside"}
    touched = touched_steps(before, after, found.hunks)
    if not touched:
        return told
    is_whole = request.GET.get("part") == "all"
    parts = (before, after) if is_whole else around(before, after, touched)
    told |= {"is_whole": is_whole, "is_part": parts[1] is not after}
    urls = context["step_urls"]
    shared: dict[str, Any] = {
        "names": _lookup(request, found).names,
        "url": lambda step: urls.get(step, ""),
    }
    if request.GET.get("drawn") == "over":
        flow = journeys.flow.layout(parts[1], before=parts[0], widest=WHOLE, **shared)
        return told | {"drawn": "over", "flow": flow, "legend": legend(found, drawn)}
    pairs: tuple[tuple[Side, DocumentVersion], ...] = (
        ("before", found.before),
        ("after", found.after),
    )
    sides = [
        (version, journeys.flow.layout(parts[1], before=parts[0], side=side, widest=HALF, **shared))
        for side, version in pairs
    ]
    return told | {"sides": sides, "legend": legend(found, drawn)}


def _list_side(request: HttpRequest, found: Comparison, _context: Context) -> Context:
    page = pages(found, request.GET.get("page", ""))
    lookup = _lookup(request, found, page.digests)
    lookup.rendition = request.GET.get("rendition", "")
    return {
        "cards": presenting.cards(found.proposal, lookup, [], shown=page.digests),
        "page": page,
        "legend": legend(found),
    }


def _lookup(
    request: HttpRequest, found: Comparison, digests: Collection[str] = ()
) -> presenting.Lookup:
    """Names of what the two versions mention, and the content of the hunks of these digests."""
    return presenting.lookup_for(found.proposal, cast(User, request.user), digests=digests)


SIDES: dict[str, Callable[[HttpRequest, Comparison, Context], Context]] = {
    "map": _map_side,
    "flow": _flow_side,
    "list": _list_side,
}
