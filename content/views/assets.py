"""The content library, its assets, writing them, and their previews for a sandboxed frame."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

import tags.queries
from cjops.core.errors import Conflict, DocumentInvalid, DomainError
from cjops.core.forms import page_of, take_errors
from cjops.documents import Document
from content import definition, policies, preview, queries, services, validation, writing
from content.forms import (
    NewAssetForm,
    PictureForm,
    VersionForm,
    language_choices,
)
from content.kinds import CHOICES, KINDS
from content.models import Asset, AssetVersion
from content.rendition_form import RenditionsForm
from content.rulebook import rules_for
from content.showing import showing
from people.models import Team, User

KIND_ICONS = {kind.key: kind.icon for kind in KINDS.values()}
# More have a page of their own.
SHOWN_PICTURES = 6


@login_required
@require_GET
def asset_detail(request: HttpRequest, key: str) -> HttpResponse:
    """An asset as customers receive it; `?version=` shows an earlier or a newer one."""
    user = cast(User, request.user)
    asset = queries.get_asset_for(user=user, key=key)
    asked = request.GET.get("version", "")
    version = shown_version(user, asset, asked)
    page = page_of(request, queries.versions_of(asset))
    context: dict[str, Any] = {
        "asset": asset,
        "version": version,
        "versions": page,
        "newest": page.rows[0].number if page.rows and not page.previous else 0,
        "may_write": policies.can_write(user, asset),
        "width": "mobile" if request.GET.get("width") == "mobile" else "desktop",
        "kind_icon": KIND_ICONS.get(asset.kind, "collection"),
        "pictures": list(queries.pictures_of(asset)[:SHOWN_PICTURES]),
        "upload": PictureForm(),
        "changes_url": reverse("change-list"),
    }
    if version is not None:
        document = version.get_document()
        context |= {
            "document": document,
            "showing": showing(asset, version, request.GET.get("rendition", "")),
            "findings": validation.validate(document, rules_for(document)),
            "tags": tag_labels(user, document),
        }
    return render(request, "content/asset_detail.html", context)


def tag_labels(user: User, document: Document) -> list[str]:
    """The asset's tags as people call them; of those not open to the reader, what they are."""
    wanted = document["tags"]
    if not wanted:
        return []
    concepts = tags.queries.concepts(user).filter(
        taxonomy__key__in={tag.partition(":")[0] for tag in wanted},
        key__in={tag.partition(":")[2] for tag in wanted},
    )
    labels = {f"{concept.taxonomy.key}:{concept.key}": concept.label for concept in concepts}
    return [labels.get(tag, tag) for tag in wanted]


def shown_version(user: User, asset: Asset, asked: str) -> AssetVersion | None:
    """The version asked for, else the live one, else the newest; None before the first.

    Raises `NotFound` for a number that the asset does not have.
    """
    if asked.isascii() and asked.isdigit() and len(asked) < 8:
        return queries.get_version_for(user=user, key=asset.key, number=int(asked))
    return asset.live_version or asset.versions.select_related("created_by").first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_write(request: HttpRequest, key: str) -> HttpResponse:
    """Write the next version of an asset, in all its languages on one page."""
    user = cast(User, request.user)
    asset = queries.get_asset_for(user=user, key=key)
    verdict = policies.can_write(user, asset)
    newest = asset.versions.first()
    before = newest.get_document() if newest else definition.blank(asset.name, asset.kind)
    number = newest.number if newest else 0
    page: dict[str, Any] = {"asset": asset, "verdict": verdict, "newest": number}
    if not verdict:
        return render(request, "content/asset_write.html", page, status=403)
    present = [rendition["key"] for rendition in before["renditions"]]
    data = request.POST.copy() if request.method == "POST" else None
    keys = writing.asked_languages(data, present) if data is not None else present
    texts = RenditionsForm(data, document=writing.in_languages(before, keys))
    start = {"name": before["name"], "purpose": before["purpose"], "base": number}
    head = VersionForm(data, initial=start)
    status = 200
    if data is not None and data.get("do") == "save":
        status = 422
        if head.is_valid() & texts.is_valid():
            if head.cleaned_data["base"] < number:
                data["base"] = str(number)
                head.add_error(None, overtaken(newest))
            else:
                saved = save_version(asset, head, texts, user)
                if saved is not None:
                    return said(request, saved, is_new=saved.number > number)
    page |= {"head": head, "texts": texts, "more_languages": language_choices(keys)}
    return render(request, "content/asset_write.html", page, status=status)


def overtaken(newest: AssetVersion | None) -> str:
    """What somebody reads who wrote while somebody else saved."""
    assert newest is not None  # noqa: S101  (only a newer version overtakes)
    return _(
        "%(name)s saved version %(number)s while you were writing. Yours is kept here: look at "
        "theirs first, then save again."
    ) % {"name": newest.created_by.name, "number": newest.number}


def save_version(
    asset: Asset, head: VersionForm, texts: RenditionsForm, user: User
) -> AssetVersion | None:
    """The version that was written; None where it is refused, with the reason in the forms."""
    written = {name: head.cleaned_data[name] for name in ("name", "purpose")}
    try:
        with transaction.atomic(durable=True):
            return services.add_version(
                asset=asset, document={**texts.document(), **written}, actor=user
            )
    except DocumentInvalid as error:
        writing.place_findings(error, texts, head)
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
    """A new asset with its first text; `?kind=` says what it is."""
    user = cast(User, request.user)
    mine = Team.objects.all() if user.is_superuser else Team.objects.filter(memberships__user=user)
    teams = {team.key: team for team in mine.distinct()}
    data = request.POST if request.method == "POST" else None
    kind = (request.POST if data is not None else request.GET).get("kind", "")
    if kind not in KINDS:
        kind = next(iter(KINDS))
    keys = writing.asked_languages(data, ["en"]) if data is not None else ["en"]
    document = writing.in_languages(definition.blank("", kind), keys)
    texts = RenditionsForm(data, document=document)
    head = NewAssetForm(data, teams=[(team.key, team.label) for team in teams.values()])
    status = 200 if teams else 403
    if data is not None and teams and data.get("do") == "save":
        status = 422
        if head.is_valid() & texts.is_valid():
            saved = save_asset(head, texts, kind, teams, user)
            if saved is not None:
                return said(request, *saved)
    context = {
        "head": head,
        "texts": texts,
        "kind": kind,
        "kinds": CHOICES,
        "icons": KIND_ICONS,
        "may_write": bool(teams),
        "more_languages": language_choices(keys),
    }
    return render(request, "content/asset_create.html", context, status=status)


def save_asset(
    head: NewAssetForm, texts: RenditionsForm, kind: str, teams: dict[str, Team], user: User
) -> tuple[AssetVersion, bool] | None:
    """The first version of the new asset, and whether it is new; None where it is refused, for a
    reason in the forms."""
    wanted = head.cleaned_data
    written = {name: wanted[name] for name in ("name", "purpose")}
    asset: dict[str, Any] = {
        "key": wanted["key"],
        "team": teams[wanted["team"]],
        "document": {**texts.document(), **written},
        "is_restricted": wanted["is_restricted"],
        "actor": user,
    }
    try:
        with transaction.atomic(durable=True):
            return services.create_asset(name=wanted["name"], kind=kind, **asset), True
    except Conflict as error:
        if (before := services.same_asset(**asset)) is not None:
            return before, False
        head.add_error("key", error.message)
    except DocumentInvalid as error:
        writing.place_findings(error, texts, None)
    except DomainError as error:
        take_errors(head, error)
    return None


@login_required
@require_GET
@xframe_options_sameorigin
def asset_preview(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version of an asset in the language that `?rendition=` names (its first without)."""
    version = queries.get_version_for(user=cast(User, request.user), key=key, number=number)
    return preview_response(request, version.get_document())


def preview_response(request: HttpRequest, document: Document) -> HttpResponse:
    """A rendition of any asset document, with headers that keep it locked up; `?rendition=` names
    which, its first without."""
    rendition = request.GET.get("rendition", "")
    if not rendition and document["renditions"]:
        rendition = document["renditions"][0]["key"]
    response = HttpResponse(preview.page(document, rendition))
    # The portal's own policy is for the portal's own pages: this one is stricter.
    response.headers["Content-Security-Policy"] = preview.POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response
