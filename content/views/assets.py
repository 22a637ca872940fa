"""The content library, its assets, and their previews for a sandboxed frame."""

from dataclasses import replace
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

import tags.queries
from cjops.core.forms import page_of
from cjops.documents import Document
from content import lineage, policies, preview, queries, validation
from content.declared import declared
from content.forms import PictureForm
from content.looking import Asked, look_at
from content.models import Asset, AssetVersion
from content.rulebook import rules_for
from content.showing import showing
from content.views.told import Told, told_to_reader, told_to_writer
from people.models import User

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
    may_write = policies.can_write(user, asset)
    # The editor starts from the newest version alone.
    is_newest = not page.previous and page.rows[:1] == [version]
    context: dict[str, Any] = {
        "asset": asset,
        "version": version,
        "versions": page,
        "may_write": may_write,
        "width": "mobile" if request.GET.get("width") == "mobile" else "desktop",
        "pictures": list(queries.pictures_of(asset)[:SHOWN_PICTURES]),
        "upload": PictureForm(),
        "origins": lineage.origins_of(asset, user),
        "descendants": lineage.descendants_of(asset, user),
    }
    if version is not None:
        document = version.get_document()
        context |= {
            "declared": declared(document),
            "showing": showing(asset, version, Asked.by(request.GET).rendition),
            "findings": told(version, document, is_written_on=may_write.allowed and is_newest),
            "tags": tag_labels(user, document),
        }
    return render(request, "content/asset_detail.html", context)


def told(version: AssetVersion, document: Document, *, is_written_on: bool) -> list[Told]:
    """What the checks say; it leads to the editor where that holds this version."""
    rules = rules_for(document)
    found = validation.validate(document, rules)
    if is_written_on:
        return told_to_writer(version, document, found, rules)
    return told_to_reader(version, document, found)


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
@require_GET
@xframe_options_sameorigin
def asset_preview(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version of an asset in the language that `?rendition=` names (its first without)."""
    version = queries.get_version_for(user=cast(User, request.user), key=key, number=number)
    return preview_response(request, version.get_document())


def preview_response(request: HttpRequest, document: Document) -> HttpResponse:
    """A rendition of any asset document, with headers that keep it locked up.

    `?rendition=` names which, its first without; `profile`, `width` (mobile), `dark` (1) and `part`
    (text) say how it is looked at.
    """
    asked = Asked.by(request.GET)
    if not asked.rendition and document["renditions"]:
        asked = replace(asked, rendition=document["renditions"][0]["key"])
    look = look_at(cast(User, request.user), document, asked)
    response = HttpResponse(preview.page(document, asked.rendition, look))
    # The portal's own policy is for the portal's own pages: this one is stricter.
    response.headers["Content-Security-Policy"] = preview.POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response
