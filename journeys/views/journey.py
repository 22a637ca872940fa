"""One journey: its map, flow, content, versions, changes and people; and one of its versions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from cjops.core.forms import page_of
from cjops.documents import Document
from journeys import flow, reading
from journeys.emotion import emotion_curve
from journeys.models import Journey, JourneyRole
from journeys.portrait import portrait
from journeys.slots import slot_rows
from journeys.stage_map import LANES, over_columns, stage_map
from journeys.views.chips import chips
from journeys.views.story import story_side
from people.models import User

Context = dict[str, Any]

TABS: dict[str, Promise] = {
    "map": _("Map"),
    "flow": _("Flow"),
    "content": _("Content"),
    "story": _("Story"),
    "versions": _("Versions"),
    "changes": _("Changes"),
    "people": _("People"),
}
SIZES: dict[str, Promise] = {
    "compact": _("Compact"),
    "normal": _("Normal"),
    "large": _("Large"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A link of the tab bar."""

    key: str
    url: str
    label: str
    count: int | str
    current: bool


@login_required
@require_GET
@vary_on_headers("HX-Request")
def journey_detail(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a journey; `?tab=` says which side of it."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    journey = reading.get_journey(user, key)
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        tab = "map"
    document = journey.live_version.get_document() if journey.live_version else None
    context = heading(user, journey, document, tab)
    if document is None and tab in ("map", "flow", "content", "story"):
        return render(request, "journeys/journey_draft.html", context)
    context |= SIDES[tab](request, context)
    if tab == "map" and getattr(request, "htmx", False):
        return render(request, "journeys/_map.html", context)
    return render(request, f"journeys/journey_{tab}.html", context)


@login_required
@require_GET
def version_detail(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version of a journey as it was when it was live; `?view=flow` draws it."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    journey = reading.get_journey(user, key)
    version = reading.get_version(journey, number)
    document = version.get_document()
    view = "flow" if request.GET.get("view") == "flow" else "map"
    known = reading.known_in(user, document)
    live = journey.live_version
    context: Context = {
        "journey": journey,
        "version": version,
        "document": document,
        "known": known,
        "portrait": portrait(document, known.names),
        "view": view,
        "is_live": bool(live and live.number == number),
        "live_number": live.number if live else 0,
        "one_number": [number],
        "older": number > 1,
        "newer": bool(live and number < live.number),
        "step_urls": step_urls(journey, live.get_document()) if live else {},
        "changes_url": tab_url(journey, "changes"),
    }
    context |= SIDES[view](request, context)
    return render(request, "journeys/version_detail.html", context)


def heading(user: User, journey: Journey, document: Document | None, tab: str) -> Context:
    """What stands above all tabs."""
    grants = reading.grants_on(journey)
    managers = [grant for grant in grants if "manage_journey" in grant.role.permissions]
    context: Context = {
        "journey": journey,
        "one_journey": [journey],
        "version": journey.live_version,
        "document": document,
        "grants": grants,
        "managers": managers,
        "owners": _faces(grants, managers),
        "tab": tab,
        "tabs": _tabs(journey, document, tab),
        "changes_url": tab_url(journey, "changes"),
        "people_url": tab_url(journey, "people"),
    }
    if document is not None:
        known = reading.known_in(user, document)
        context |= {
            "known": known,
            "portrait": portrait(document, known.names),
            "step_urls": step_urls(journey, document),
            "parent_visible": reading.sees(user, journey.parent),
            "marks": True,
        }
    return context


def step_urls(journey: Journey, live: Document) -> dict[str, str]:
    """The pages of the steps of the live version, by key: no other step has one."""
    return {
        step["key"]: reverse("step-detail", args=[journey.key, step["key"]])
        for step in live["steps"]
    }


def tab_url(journey: Journey, tab: str) -> str:
    """The address of a tab; the first one is the journey's own."""
    url = reverse("journey-detail", args=[journey.key])
    return url if tab == "map" else f"{url}?tab={tab}"


def _tabs(journey: Journey, document: Document | None, current: str) -> list[Tab]:
    slots = sum(len(step["slots"]) for step in document["steps"]) if document else 0
    counts: dict[str, int | str] = {
        "content": slots or "",
        "versions": journey.live_version.number if journey.live_version else "",
    }
    return [
        Tab(key, tab_url(journey, key), str(label), counts.get(key, ""), key == current)
        for key, label in TABS.items()
    ]


def _faces(grants: list[JourneyRole], managers: list[JourneyRole]) -> list[JourneyRole]:
    """The other owners, each person once."""
    seen = {grant.user_id for grant in managers}
    others = []
    for grant in grants:
        if grant.role.is_owner and grant.user_id and grant.user_id not in seen:
            seen.add(grant.user_id)
            others.append(grant)
    return others


def _map_side(request: HttpRequest, context: Context) -> Context:
    drawn = stage_map(context["document"], context["known"].names)
    asked = request.GET.getlist("lane")
    chosen = {lane for lane in asked if lane in LANES}
    size = request.GET.get("size", "")
    return {
        "map": drawn,
        "curve": over_columns(emotion_curve(context["document"]), drawn.columns),
        "lanes_on": chosen or set(LANES),
        "lanes_chosen": bool(chosen),
        "size": size if size in SIZES else "normal",
        "sizes": SIZES,
        "chips": chips(context["known"].channels.values()),
    }


def _flow_side(_request: HttpRequest, context: Context) -> Context:
    urls = context["step_urls"]
    drawn = flow.layout(
        context["document"], names=context["known"].names, url=lambda step: urls.get(step, "")
    )
    return {"flow": drawn}


def _content_side(_request: HttpRequest, context: Context) -> Context:
    return {
        "slots": slot_rows(context["document"], context["known"]),
        "chips": chips(context["known"].channels.values()),
    }


def _versions_side(request: HttpRequest, context: Context) -> Context:
    page = page_of(request, reading.versions_of(context["journey"]))
    live = context["version"]
    number = live.number if live else 0
    return {
        "page": page,
        "numbers": [version.number for version in page.rows],
        "live_number": number,
        # What somebody most likely wants to compare first: what the last change did.
        "before": number - 1,
        "after": number,
    }


def _changes_side(_request: HttpRequest, _context: Context) -> Context:
    return {}


def _people_side(_request: HttpRequest, context: Context) -> Context:
    grants = context["grants"]
    return {
        "roles": [
            (role, [grant for grant in grants if grant.role_id == role.pk])
            for role in reading.owner_roles()
        ],
        "teams": [grant for grant in grants if grant.team_id],
        "others": [grant for grant in grants if grant.user_id and not grant.role.is_owner],
    }


SIDES: dict[str, Callable[[HttpRequest, Context], Context]] = {
    "map": _map_side,
    "flow": _flow_side,
    "content": _content_side,
    "story": story_side,
    "versions": _versions_side,
    "changes": _changes_side,
    "people": _people_side,
}
