"""The library where it meets changes: many assets at once, retiring, and what ends when."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

import content.collecting
import content.queries
import journeys.reading
import tags.queries
from cjops.core.errors import DomainError, Invalid
from cjops.core.forms import page_of, take_errors
from cjops.core.verdicts import Verdict
from content.models import Asset, AssetStatus, Collection, Deadline
from governance import policies, queries
from governance.forms import RetireForm
from governance.services import retiring
from people.models import Team, User

SHOWN = 50
DAYS_UNUSED = (30, 90, 180, 365)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_retire(request: HttpRequest, key: str) -> HttpResponse:
    """What taking an asset out of use would touch; by POST the change that does it is opened."""
    user = cast(User, request.user)
    asset = content.queries.get_asset_for(user=user, key=key)
    verdict = may_retire(user, asset)
    form = RetireForm(request.POST if request.method == "POST" else None)
    status = 200 if verdict else 409 if verdict.by_state else 403
    if request.method == "POST" and verdict:
        status = 422
        if form.is_valid():
            try:
                change = retiring.retire(key=key, actor=user, **form.cleaned_data)
            except DomainError as error:
                take_errors(form, error)
            else:
                return redirect("change-detail", change.number)
    page = {"asset": asset, "verdict": verdict, "form": form, **touched_by(user, asset)}
    return render(request, "governance/asset_retire.html", page, status=status)


def may_retire(user: User, asset: Asset) -> Verdict:
    """May the person open the change, and is the asset in a state for it?"""
    verdict = policies.can_open_on(user, "asset", asset)
    return retiring.can_retire(asset) if verdict else verdict


def touched_by(user: User, asset: Asset) -> dict[str, Any]:
    """What the reader sees of what shows an asset, holds it or was made of it."""
    uses = list(journeys.reading.uses_of(user, asset)[: SHOWN + 1])
    return {
        "uses": uses[:SHOWN],
        "has_more": len(uses) > SHOWN,
        "changes": list(queries.showing(user, asset)[:SHOWN]),
        "collections": list(content.queries.collections_of(user, asset)[:SHOWN]),
        "adaptations": list(content.queries.adaptations(user, asset)[:SHOWN]),
    }


# --- many at once -------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_bulk(request: HttpRequest) -> HttpResponse:
    """Do something with the chosen assets; what came of each is told one by one."""
    user = cast(User, request.user)
    sent = request.POST if request.method == "POST" else request.GET
    keys = [key for key in dict.fromkeys(sent.getlist("asset")) if "\x00" not in key]
    rows = Asset.objects.visible_to(user).filter(key__in=keys[: retiring.MOST_AT_ONCE + 1])
    names = dict(rows.order_by("name").values_list("key", "name"))
    page: dict[str, Any] = {
        "names": names,
        "collections": collections_to_fill(user),
        "concepts": list(tags.queries.concepts(user)[:500]),
        "most": retiring.MOST_AT_ONCE,
    }
    status = 200
    if request.method == "POST":
        try:
            page["results"] = _done(request, user, keys, names)
        except DomainError as refusal:
            page["refusal"], status = refusal.message, refusal.status
    elif len(keys) > retiring.MOST_AT_ONCE:
        page["refusal"] = _("Choose at most %(count)s at once; you chose %(chosen)s.") % {
            "count": retiring.MOST_AT_ONCE,
            "chosen": len(keys),
        }
    return render(request, "governance/asset_bulk.html", page, status=status)


def collections_to_fill(user: User) -> list[Collection]:
    """The collections that the person may put assets into."""
    rows = Collection.objects.visible_to(user).select_related("team", "owner").distinct()
    return [one for one in rows.order_by("name")[:500] if content.collecting.can_change(user, one)]


def _done(
    request: HttpRequest, user: User, keys: Sequence[str], names: dict[str, str]
) -> list[retiring.Opened]:
    why = request.POST.get("rationale", "")
    wanted = request.POST.get("do")
    if wanted == "retire":
        return retiring.for_each(
            keys, names, lambda key: retiring.retire(key=key, actor=user, rationale=why)
        )
    if wanted == "tag":
        tag = request.POST.get("tag", "")
        return retiring.for_each(
            keys, names, lambda key: retiring.tag(key=key, tag=tag, actor=user, rationale=why)
        )
    if wanted == "collect":
        retiring.require_few(list(keys))
        pk = request.POST.get("collection", "")
        if not (pk.isascii() and pk.isdigit() and len(pk) < 18):
            raise Invalid(_("Choose a collection."))
        results = content.collecting.add(collection=int(pk), assets=keys, actor=user)
        return [retiring.Opened(result) for result in results]
    raise Invalid(_("Say what is to be done with them."))


# --- what ends when -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month grid."""

    on: date
    is_of_month: bool
    is_today: bool
    ends: list[Deadline]


@login_required
@require_GET
def asset_calendar(request: HttpRequest) -> HttpResponse:
    """When rights and statements end, a month at a time, with the journeys that show them."""
    user = cast(User, request.user)
    today = timezone.localdate()
    month = month_of(request.GET.get("month", ""), today)
    teams = {team.key: team for team in Team.objects.order_by("name")}
    team = request.GET.get("team", "")
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    rows = deadlines(user, teams.get(team)).filter(on__gte=weeks[0][0], on__lte=weeks[-1][-1])
    ends = list(rows[: 10 * SHOWN])
    ended = list(deadlines(user, teams.get(team)).filter(on__lt=today).order_by("-on")[:SHOWN])
    ids = sorted({one.asset_id for one in (*ends, *ended)})
    context = {
        "month": month,
        "before": (month - timedelta(days=1)).strftime("%Y-%m"),
        "after": (month + timedelta(days=31)).strftime("%Y-%m"),
        "weeks": [
            [
                Day(on, on.month == month.month, on == today, [e for e in ends if e.on == on])
                for on in week
            ]
            for week in weeks
        ],
        "list": [one for one in ends if one.on.month == month.month],
        "ended": ended,
        "today": today,
        "shown_in": journeys.reading.journeys_showing(user, ids),
        "teams": teams.values(),
        "team": team if team in teams else "",
    }
    return render(request, "governance/asset_calendar.html", context)


def deadlines(user: User, team: Team | None) -> Any:
    """The deadlines of assets in use that the person sees, the first first."""
    seen = Asset.objects.visible_to(user).filter(status=AssetStatus.ACTIVE).order_by()
    if team is not None:
        seen = seen.filter(team=team)
    rows = Deadline.objects.filter(asset__in=seen.values("pk")).select_related("asset__team")
    return rows.order_by("on", "asset__name", "what", "key")


def month_of(text: str, today: date) -> date:
    """The first day of the month that an address names, else of this one."""
    if re.fullmatch(r"2[01]\d\d-(0[1-9]|1[0-2])", text, re.ASCII):
        return date.fromisoformat(f"{text}-01")
    return today.replace(day=1)


@login_required
@require_GET
def asset_unused(request: HttpRequest) -> HttpResponse:
    """The assets that no live step shows, for so many days."""
    user = cast(User, request.user)
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, DAYS_UNUSED) else DAYS_UNUSED[1]
    found = journeys.reading.unused(user, timezone.now() - timedelta(days=days))
    page = page_of(request, content.queries.with_rows(found))
    context = {"page": page, "days": days, "choices": DAYS_UNUSED}
    return render(request, "governance/asset_unused.html", context)
