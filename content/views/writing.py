"""Writing an asset: its next version, or a new asset with its first."""

import secrets
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cjops.core.errors import Conflict, DocumentInvalid, DomainError
from cjops.core.forms import take_errors
from content import definition, drafts, lineage, policies, queries, services, writing
from content.forms import NewAssetForm, VersionForm
from content.kinds import CHOICES, KINDS
from content.models import Asset, AssetVersion
from content.views.sheets import kept_first, shown_sheet, typed_head
from content.writing import Sheet, sheet
from people.models import Team, User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_write(request: HttpRequest, key: str) -> HttpResponse:
    """Write the next version of an asset, in all its languages on one page."""
    user = cast(User, request.user)
    asset = queries.get_asset_for(user=user, key=key)
    verdict = policies.can_write(user, asset)
    newest = asset.versions.first()
    number = newest.number if newest else 0
    page: dict[str, Any] = {"asset": asset, "verdict": verdict, "newest": number}
    if not verdict:
        return render(request, "content/asset_write.html", page, status=403)
    before = newest.get_document() if newest else definition.blank(asset.name, asset.kind)
    data = request.POST.copy() if request.method == "POST" else None
    one = sheet(
        person=user,
        asset=asset,
        spot="",
        document=before,
        data=data,
        files=request.FILES,
        seen=request.GET.getlist("seen"),
    )
    start = {"name": before["name"], "purpose": before["purpose"], "base": number}
    head, status = VersionForm(data, initial=start), 200
    if data is None or data.get("do") not in writing.SAVES:
        head = VersionForm(initial=typed_head(start, one, data))
    elif data is not None:
        status = 422
        if head.is_valid() & one.texts.is_valid():
            if head.cleaned_data["base"] < number:
                data["base"] = str(number)
                head.add_error(None, overtaken(newest))
            elif not one.errors or data["do"] == "anyway":
                saved = save_version(asset, head, one, user)
                if saved is not None:
                    drafts.discard_draft(person=user, asset=asset)
                    return said(request, saved, is_new=saved.number > number)
    kept_first(request, one, data)
    page |= shown_sheet(one, head, base=number) | {
        "moved": moved_since(one, newest),
    }
    return render(request, "content/asset_write.html", page, status=status)


def moved_since(one: Sheet, newest: AssetVersion | None) -> AssetVersion | None:
    """The version that somebody saved since what is restored here was begun."""
    if one.is_restored and one.draft and newest and one.draft.base < newest.number:
        return newest
    return None


def overtaken(newest: AssetVersion | None) -> str:
    """What somebody reads who wrote while somebody else saved."""
    assert newest is not None  # noqa: S101  (only a newer version overtakes)
    return _(
        "%(name)s saved version %(number)s while you were writing. Yours is kept here: look at "
        "theirs first, then save again."
    ) % {"name": newest.created_by.name, "number": newest.number}


def save_version(asset: Asset, head: forms.Form, one: Sheet, user: User) -> AssetVersion | None:
    """The version that was written; None where it is refused, with the reason in the forms."""
    written = {name: head.cleaned_data[name] for name in ("name", "purpose")}
    try:
        with transaction.atomic(durable=True):
            return services.add_version(
                asset=asset, document={**one.texts.document(), **written}, actor=user
            )
    except DocumentInvalid as error:
        writing.place_findings(error, one.texts, head)
    except DomainError as error:
        take_errors(head, error)
    return None


def said(request: HttpRequest, version: AssetVersion, is_new: bool) -> HttpResponse:
    """The asset's page with the version just saved."""
    words = (
        _("Version %(number)s is saved. Customers receive it once a step with it is published.")
        if is_new
        else _("Version %(number)s says exactly this already, so nothing was added.")
    )
    messages.success(request, words % {"number": version.number})
    url = reverse("asset-detail", args=[version.subject.key])
    return redirect(f"{url}?version={version.number}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_create(request: HttpRequest) -> HttpResponse:
    """A new asset with its first text; `?kind=` says what it is, `?draft=` what was begun."""
    user = cast(User, request.user)
    mine = Team.objects.all() if user.is_superuser else Team.objects.filter(memberships__user=user)
    teams = {team.key: team for team in mine.distinct()}
    context: dict[str, Any] = {"kinds": CHOICES, "may_write": bool(teams)}
    if not teams:
        return render(request, "content/asset_create.html", context, status=403)
    data = request.POST.copy() if request.method == "POST" else None
    one = begun(user, data if data is not None else request.GET, data)
    offered = [(team.key, team.label) for team in teams.values()]
    head, status = NewAssetForm(data, teams=offered), 200
    if data is None or data.get("do") not in writing.SAVES:
        fields = dict.fromkeys(("name", "key", "purpose", "team", "is_restricted"), "")
        fields |= {name: one.texts.before[name] for name in ("name", "purpose")}
        head = NewAssetForm(teams=offered, initial=typed_head(fields, one, data))
    else:
        status = 422
        is_stopped = one.errors and data["do"] == "save"
        if head.is_valid() & one.texts.is_valid() and not is_stopped:
            saved = save_asset(head, one, teams, user)
            if saved is not None:
                drafts.discard_draft(person=user, asset=None, spot=one.spot)
                return created(request, saved, goes_on=data["do"] == "create")
    kept_first(request, one, data)
    context |= shown_sheet(one, head) | {
        "kind": one.texts.kind.key,
        "icons": {name: kind.icon for name, kind in KINDS.items()},
        "token": one.spot.removeprefix("new:"),
    }
    return render(request, "content/asset_create.html", context, status=status)


def begun(user: User, asked: Any, data: Any) -> Sheet:
    """The sheet of an asset that does not exist yet: a new one, or the one that was begun."""
    spot = f"new:{asked.get('draft', '')}"
    if not drafts.SPOT.fullmatch(spot) or spot == "new:":
        spot = f"new:{secrets.token_hex(8)}"
    draft = drafts.draft_of(person=user, asset=None, spot=spot)
    kind = asked.get("kind", "") or (draft.kind if draft else "")
    if kind not in KINDS:
        kind = next(iter(KINDS))
    before = definition.blank("", kind)
    if draft is not None and draft.document is not None and not draft.form:
        # Made from others, and nobody has typed in it yet.
        before = definition.complete({**draft.document, "kind": kind})
    elif draft is not None and draft.origins:
        # What it was made from is on no field.
        before["adapted_from"] = draft.origins
    if before.get("adapted_from"):
        # What was hidden from them since would be refused, and they could not take it away.
        before["adapted_from"] = lineage.seen_origins(before["adapted_from"], user)
    return sheet(person=user, asset=None, spot=spot, document=before, data=data)


def created(
    request: HttpRequest, saved: tuple[AssetVersion, bool], *, goes_on: bool
) -> HttpResponse:
    """The page of the asset; where the writer goes on, the one to write it."""
    if goes_on:
        messages.success(request, _("It is created. Now you can add files."))
        return redirect("asset-write", saved[0].subject.key)
    return said(request, *saved)


def save_asset(
    head: forms.Form, one: Sheet, teams: dict[str, Team], user: User
) -> tuple[AssetVersion, bool] | None:
    """The first version of the new asset, and whether it is new; None where it is refused, for a
    reason in the forms."""
    wanted = head.cleaned_data
    written = {name: wanted[name] for name in ("name", "purpose")}
    asset: dict[str, Any] = {
        "key": wanted["key"],
        "team": teams[wanted["team"]],
        "document": {**one.texts.document(), **written},
        "is_restricted": wanted["is_restricted"],
        "actor": user,
    }
    try:
        with transaction.atomic(durable=True):
            return services.create_asset(
                name=wanted["name"], kind=one.texts.kind.key, **asset
            ), True
    except Conflict as error:
        if (before := services.same_asset(**asset)) is not None:
            return before, False
        head.add_error("key", error.message)
    except DocumentInvalid as error:
        writing.place_findings(error, one.texts, head)
    except DomainError as error:
        take_errors(head, error)
    return None
