"""Content for many steps at once: choosing them, and how far the changes are."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import content.queries
from cjops.core.errors import DomainError
from cjops.core.forms import take_errors
from content.models import Asset
from governance import queries, services
from governance.campaign_forms import CampaignForm, place_of
from governance.models import CampaignPart
from governance.presenting.rows import Row
from governance.queries.campaigns import MOST_SLOTS, get_campaign_for, parts_of, slots_for
from governance.transitions import Action
from governance.views.repeats import FIELD, form_token, repeat_of
from journeys.fitting import Offer, misfits, needs_words
from journeys.models import SlotBinding
from people.models import User

State = CampaignPart.State


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot that can be chosen. `asset` is what it shows, where the reader sees that.

    `misfits` say why the version that is chosen does not fit it.
    """

    place: str
    binding: SlotBinding
    asset: Asset | None
    is_chosen: bool
    needs: list[str]
    misfits: list[str]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_submit(request: HttpRequest, key: str) -> HttpResponse:
    """Submit a version of an asset for many live steps: one change for each journey.

    `?replace=` names an asset that it stands in for, wherever that is shown.
    """
    user = cast(User, request.user)
    asset = content.queries.get_asset_for(user=user, key=key)
    replaced = _replaced(user, request.GET.get("replace", ""))
    search = request.GET.get("q", "")[:200]
    found = slots_for(user, asset, shows=replaced, q=search)
    data = request.POST if request.method == "POST" else None
    numbers = list(asset.versions.values_list("number", flat=True))
    form = CampaignForm(
        data,
        numbers=numbers,
        slots=found[:MOST_SLOTS],
        initial={"version": request.GET.get("version", ""), "title": _title(asset, replaced)},
    )
    status = 200
    if data is not None:
        status = 422
        if form.is_valid() and (pk := _started(request, asset, replaced, form)):
            return redirect("campaign-detail", pk)
    picked = data.getlist("places") if data is not None else None
    offer, number = _offer(asset, form, numbers)
    context = {
        "asset": asset,
        "replaced": replaced,
        "search": search,
        "form": form,
        "offered": number,
        "slots": _slots(user, found[:MOST_SLOTS], picked, replaced is not None, offer),
        "is_more": len(found) > MOST_SLOTS,
        "token_field": FIELD,
        "token": form_token(request),
    }
    return render(request, "governance/asset_submit.html", context, status=status)


def _offer(asset: Asset, form: CampaignForm, numbers: list[int]) -> tuple[Offer | None, int]:
    """What the version that is chosen in the form is, and its number; the newest without."""
    asked = str(form["version"].value() or "")
    number = next((one for one in numbers if str(one) == asked), numbers[0] if numbers else 0)
    version = asset.versions.filter(number=number).first()
    return (Offer.of(version.get_document()), number) if version else (None, 0)


def _slots(
    user: User,
    found: list[SlotBinding],
    picked: list[str] | None,
    replaces: bool,
    offer: Offer | None,
) -> list[Slot]:
    """The rows to choose from; at first those that fit, where something is to be replaced."""
    held = {one.asset_id for one in found if one.asset_id}
    seen = {one.key: one for one in Asset.objects.visible_to(user).filter(pk__in=held)}
    rows = []
    for one in found:
        place = place_of(one)
        reasons = misfits(one.needs, offer) if offer else []
        is_chosen = place in picked if picked is not None else replaces and not reasons
        shown = seen.get(one.asset.key) if one.asset else None
        rows.append(Slot(place, one, shown, is_chosen, needs_words(one.needs), reasons))
    return rows


def _replaced(user: User, key: str) -> Asset | None:
    return content.queries.get_asset_for(user=user, key=key) if key else None


def _title(asset: Asset, replaced: Asset | None) -> str:
    """Everybody reads it who sees one of the journeys: it names nothing that is for few."""
    if asset.is_restricted:
        return _("Show other content")
    if replaced is None or replaced == asset or replaced.is_restricted:
        return _("Show “%(name)s”") % {"name": asset.name[:150]}
    names = {"name": asset.name[:80], "other": replaced.name[:80]}
    return _("Show “%(name)s” in place of “%(other)s”") % names


def _started(
    request: HttpRequest, asset: Asset, replaced: Asset | None, form: CampaignForm
) -> int | None:
    """The number of the campaign that the form starts; on a refusal None, and the form says why."""
    try:
        campaign = services.start_campaign(
            actor=cast(User, request.user),
            asset_key=asset.key,
            version=form.cleaned_data["version"],
            places=form.chosen(),
            title=form.cleaned_data["title"],
            rationale=form.cleaned_data["rationale"],
            replaced_key=replaced.key if replaced else "",
            repeat=repeat_of(request),
        )
    except DomainError as error:
        # Steps that were chosen and may not be are told where they are chosen.
        if error.status in (403, 404) and "places" not in error.errors:
            raise
        take_errors(form, error)
        return None
    return campaign.pk


@login_required
@require_GET
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the changes of a campaign are, and those that wait for the reader."""
    user = cast(User, request.user)
    campaign = get_campaign_for(user=user, pk=pk)
    parts = parts_of(campaign, user)
    mine = _waiting_for(user, parts)
    context: dict[str, Any] = {
        "campaign": campaign,
        "replaced": _seen(user, campaign.replaced_id),
        "parts": parts,
        "under_way": any(part.state == State.WAITING for part in parts),
        "opened": sum(part.state == State.OPENED for part in parts),
        "refused": sum(part.state == State.REFUSED for part in parts),
        "published": sum(
            part.change is not None and part.change.state == "published" for part in parts
        ),
        "mine": mine,
        "results": [],
    }
    return render(request, "governance/campaign_detail.html", context)


def _seen(user: User, pk: int | None) -> Asset | None:
    return Asset.objects.visible_to(user).filter(pk=pk).first() if pk else None


def _waiting_for(user: User, parts: list[CampaignPart]) -> list[int]:
    """The numbers of those changes that wait for the person's decision."""
    numbers = [part.change_id for part in parts if part.change_id]
    waiting = queries.waiting_for(user).filter(pk__in=numbers) if numbers else ()
    return sorted(change.number for change in waiting)


@login_required
@require_POST
def campaign_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve those changes of a campaign that were ticked; each by itself, with its result."""
    user = cast(User, request.user)
    campaign = get_campaign_for(user=user, pk=pk)
    parts = parts_of(campaign, user)
    waiting = set(_waiting_for(user, parts))
    asked = {
        int(one) for one in request.POST.getlist("change") if one.isdecimal() and len(one) < 10
    }
    done, refused = 0, []
    for number in sorted(asked & waiting):
        try:
            services.take(
                action=Action.APPROVE,
                number=number,
                actor=user,
                comment=request.POST.get("comment", ""),
            )
            done += 1
        except DomainError as error:
            refused.append(Row(f"CR-{number}", note=error.message))
    if done:
        words = ngettext("%(count)s change approved.", "%(count)s changes approved.", done)
        messages.success(request, words % {"count": done})
    for row in refused:
        messages.warning(
            request, _("%(change)s: %(reason)s") % {"change": row.label, "reason": row.note}
        )
    if not done and not refused:
        messages.warning(request, _("Nothing was ticked that waits for you."))
    return redirect("campaign-detail", pk)
