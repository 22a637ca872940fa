"""What people write while they write it: kept, checked, shown in a frame, and let go."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from cjops.core.errors import DomainError, Invalid
from content import definition, drafts, policies, queries, writing
from content.kinds import KINDS
from content.models import Asset, Draft
from content.views.assets import preview_response
from people.models import User


def place_of(request: HttpRequest, key: str) -> tuple[User, Asset, str]:
    """Who writes what of which asset; refuses what the person does not see or may not write."""
    user = cast(User, request.user)
    asset = queries.get_asset_for(user=user, key=key)
    spot = drafts.refuse_bad_spot(request.GET.get("spot", ""), asset)
    if not spot:
        policies.can_write(user, asset).require()
    return user, asset, spot


def new_spot(token: str) -> str:
    """The place of something that does not exist yet; raises `Invalid` for a name that is none."""
    return drafts.refuse_bad_spot(f"new:{token}", None)


@login_required
@require_POST
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what is written of an asset, or let it go."""
    user, asset, spot = place_of(request, key)
    if request.POST.get("do") == "discard":
        drafts.discard_draft(person=user, asset=asset, spot=spot)
        return discarded(request, back_to(asset, spot))
    newest = asset.versions.first()
    before = newest.get_document() if newest else definition.blank(asset.name, asset.kind)
    return answer(request, user, asset, spot, before)


@login_required
@require_POST
def draft_new(request: HttpRequest, token: str) -> HttpResponse:
    """The same of an asset that does not exist yet."""
    user, spot = cast(User, request.user), new_spot(token)
    if request.POST.get("do") == "discard":
        drafts.discard_draft(person=user, asset=None, spot=spot)
        return discarded(request, reverse("asset-create"))
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise Invalid(_("This page does not say what is being written. Open it again."))
    return answer(request, user, None, spot, definition.blank("", kind))


def answer(
    request: HttpRequest, user: User, asset: Asset | None, spot: str, before: dict[str, Any]
) -> HttpResponse:
    """What the page shows beside the form, once it is kept."""
    data = request.POST.copy()
    # Kept, not saved: nothing is told at the fields.
    data["do"] = "draft"
    one = writing.sheet(person=user, asset=asset, spot=spot, document=before, data=data)
    context: dict[str, Any] = {"sheet": one, "texts": one.texts, "refusal": None}
    try:
        context["draft"] = writing.keep(one, data, is_forced="draft_force" in request.POST)
    except DomainError as error:
        context |= {"refusal": error, "draft": one.draft}
    context |= {"names_used": one.texts.names_used, "alike": writing.elsewhere(one)}
    return render(request, "content/_editor_state.html", context)


def discarded(request: HttpRequest, url: str) -> HttpResponse:
    """The page it was written on, as it was before."""
    messages.success(request, _("Your unsaved text is discarded."))
    return redirect(url)


def back_to(asset: Asset, spot: str) -> str:
    """The page on which that was written."""
    if spot.startswith("change:"):
        return reverse("change-edit", args=[int(spot.removeprefix("change:"))])
    if spot.startswith("revise:"):
        change, version = spot.removeprefix("revise:").split("/")
        return reverse("content-revise", args=[int(change), asset.key, int(version)])
    if spot.startswith("step:"):
        journey, step, slot = spot.removeprefix("step:").split("/")
        return f"{reverse('content-submit', args=[journey, step])}?slot={slot}&asset={asset.key}"
    return reverse("asset-write", args=[asset.key])


@login_required
@require_GET
@xframe_options_sameorigin
def draft_preview(request: HttpRequest, key: str) -> HttpResponse:
    """What is written of an asset as customers would receive it."""
    user, asset, spot = place_of(request, key)
    found = drafts.draft_of(person=user, asset=asset, spot=spot)
    newest = asset.versions.first()
    before = newest.get_document() if newest else definition.blank(asset.name, asset.kind)
    return preview_response(request, found.document if found and found.document else before)


@login_required
@require_GET
@xframe_options_sameorigin
def draft_preview_new(request: HttpRequest, token: str) -> HttpResponse:
    """The same of an asset that does not exist yet; `?kind=` says what it is before it is kept."""
    user = cast(User, request.user)
    found = drafts.draft_of(person=user, asset=None, spot=new_spot(token))
    kind = request.GET.get("kind", "")
    blank = definition.blank("", kind if kind in KINDS else next(iter(KINDS)))
    return preview_response(request, found.document if found and found.document else blank)


@login_required
@require_GET
def draft_list(request: HttpRequest) -> HttpResponse:
    """Everything the reader has written and not saved."""
    user = cast(User, request.user)
    rows = [
        {
            "draft": one,
            "kind": KINDS[one.kind],
            "open": open_address(one),
            "keep": keep_address(one),
        }
        for one in drafts.drafts_of(user)
    ]
    context = {"rows": rows, "days": settings.RETENTION_DAYS["drafts"]}
    return render(request, "content/draft_list.html", context)


def open_address(one: Draft) -> str:
    """The page on which it goes on."""
    if one.asset is not None:
        return back_to(one.asset, one.spot)
    return f"{reverse('asset-create')}?kind={one.kind}&draft={one.spot.removeprefix('new:')}"


def keep_address(one: Draft) -> str:
    """Where it is kept."""
    if one.asset is None:
        return reverse("draft-new", args=[one.spot.removeprefix("new:")])
    return f"{reverse('draft', args=[one.asset.key])}?spot={one.spot}"


@login_required
@require_POST
def draft_upload(request: HttpRequest, key: str) -> JsonResponse:
    """A file for the asset, for the script that shows how far it is: what it is called now.

    An upload that is cut off never arrives here, and so leaves nothing.
    """
    user, asset, _spot = place_of(request, key)
    policies.can_write(user, asset).require()
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"refusal": _("Choose a file first.")}, status=422)
    try:
        picture = writing.stored(user, asset, file)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        return JsonResponse({"refusal": error.reason}, status=422)
    return JsonResponse(
        {
            "sha256": picture.file.sha256,
            "name": picture.name,
            "width": picture.file.width,
            "height": picture.file.height,
            "is_pdf": picture.file.media_type == "application/pdf",
            "url": reverse("asset-picture", args=[asset.key, picture.file.sha256]),
        },
        status=201,
    )
