"""One step of a live journey."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from content.models import AssetVersion
from content.showing import Showing, showing
from journeys import reading
from journeys.history import step_history
from journeys.models import Journey, Tombstone
from journeys.slots import SlotRow, step_slots
from journeys.step_page import belongings, find_step, step_page
from journeys.views.journey import tab_url
from people.models import Team, User


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot with what it shows; `showing` is None where it is empty or not open to the reader."""

    row: SlotRow
    showing: Showing | None


@login_required
@require_GET
def step_detail(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """What the live version says of a step, what it sends, and what became of it."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    journey = reading.get_journey(user, key)
    document = journey.live_version.get_document() if journey.live_version else None
    found = find_step(document, step) if document else None
    if document is None or found is None:
        return step_gone(request, journey, step)
    known = reading.known_in(user, document, found)
    page = step_page(document, found, known.names)
    row = reading.get_step_row(journey, step)
    team = known.teams.get(found["team"] or "")
    stewards = reading.stewards_of(found["channel"])
    context: dict[str, Any] = {
        "journey": journey,
        "version": journey.live_version,
        "step": page,
        "channel": known.channels.get(found["channel"] or ""),
        "team": team,
        "owner_rule": owner_rule(team, stewards, bool(found["channel"])),
        "stewards": stewards,
        "slots": slots_of(found, known, request.GET.get("rendition", "")),
        "width": "mobile" if request.GET.get("width") == "mobile" else "desktop",
        "history": step_history(row, known, user) if row else [],
        "flow_url": tab_url(journey, "flow"),
    }
    return render(request, "journeys/step_detail.html", context)


def step_gone(request: HttpRequest, journey: Journey, step: str) -> HttpResponse:
    """There is no such step in the live version; the journey itself is there.

    404 and not 410 for one that was live once: the same address shows it again as soon as somebody
    restores it, and "gone for good" is what caches and robots would remember.
    """
    context: dict[str, Any] = {"journey": journey, "step_key": step}
    tombstone = reading.tombstone_of(journey, "steps", step)
    if tombstone is not None:
        context |= last_seen(cast(User, request.user), journey, tombstone)
    return render(request, "journeys/step_gone.html", context, status=404)


def last_seen(user: User, journey: Journey, tombstone: Tombstone) -> dict[str, Any]:
    """What a step was that is gone, in which version it went, and what would bring it back."""
    assert journey.live_version is not None  # noqa: S101  (without one there is no tombstone)
    held, removing = reading.versions_around(journey, tombstone.removed_in)
    document = held.get_document()
    step = find_step(document, tombstone.key)
    assert step is not None  # noqa: S101  (the version before it went still holds it)
    known = reading.known_in(user, document, step)
    back = belongings(document, journey.live_version.get_document(), tombstone.key)
    return {
        "tombstone": tombstone,
        "held": held,
        "removing": removing,
        "removing_number": [removing.number],
        "step": step_page(document, step, known.names),
        "channel": known.channels.get(step["channel"] or ""),
        "team": known.teams.get(step["team"] or ""),
        "back": urlencode([("element", "/".join(place)) for place in back]),
    }


def owner_rule(team: Team | None, stewards: list[Team], has_channel: bool) -> str:
    """Which rule made the team the owner of the step."""
    if team is not None:
        return _("The journey names it as the owner of this step.")
    if stewards:
        return _("The journey names no owner, so the team that looks after the channel owns it.")
    if has_channel:
        return _("The journey names no owner, and no team looks after the channel.")
    return _("The step reaches customers on no channel, so the journey manager answers for it.")


def slots_of(step: Any, known: reading.Known, wanted: str) -> list[Slot]:
    """The slots of a step with the versions that fill them, in one query."""
    rows = step_slots(step, known)
    bound = {(row.asset.pk, row.version) for row in rows if row.asset}
    versions = (
        {
            (version.subject_id, version.number): version
            for version in AssetVersion.objects.filter(
                subject__in={pk for pk, _number in bound},
                number__in={number for _pk, number in bound},
            )
        }
        if bound
        else {}
    )
    return [Slot(row, _showing(row, versions, wanted)) for row in rows]


def _showing(
    row: SlotRow, versions: dict[tuple[int, int], AssetVersion], wanted: str
) -> Showing | None:
    version = versions.get((row.asset.pk, row.version)) if row.asset else None
    return showing(row.asset, version, wanted) if row.asset and version else None
