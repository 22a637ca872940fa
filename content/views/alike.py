"""What says nearly the same as an asset: a card of its page, and two texts side by side."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cjops.core.errors import NotFound
from cjops.core.text_diff import text_pieces
from content import queries
from content.finding import resembling, shingles
from content.finding.texts import Said, said_in
from content.models import Asset
from content.words import language_name
from people.models import User


@login_required
@require_GET
def asset_alike(request: HttpRequest, key: str) -> HttpResponse:
    """The assets that say nearly the same; htmx puts the card alone into the asset's page."""
    user = cast(User, request.user)
    asset = queries.get_asset_for(user=user, key=key)
    context = {
        "asset": asset,
        "alike": queries.resembling(user, asset),
        "least": resembling.least(),
    }
    part = "#card" if getattr(request, "htmx", False) else ""
    return render(request, f"content/alike.html{part}", context)


@login_required
@require_GET
def asset_differences(request: HttpRequest, key: str, other: str) -> HttpResponse:
    """The texts of two assets compared, language by language."""
    user = cast(User, request.user)
    asset = queries.get_asset_for(user=user, key=key)
    second = queries.get_asset_for(user=user, key=other)
    ours, theirs = _texts(asset), _texts(second)
    rows = []
    for name in sorted({*ours, *theirs}):
        one, two = ours.get(name), theirs.get(name)
        rows.append(
            {
                "label": language_name(name),
                "lang": (one or two or Said("", "", ())).language,
                "pieces": text_pieces(one.text if one else "", two.text if two else ""),
                "percent": _percent(one, two),
            }
        )
    context = {"asset": asset, "other": second, "rows": rows}
    return render(request, "content/differences.html", context)


def _texts(asset: Asset) -> dict[str, Said]:
    version = asset.live_version or asset.versions.first()
    if version is None:
        raise NotFound()
    return {text.key: text for text in said_in(version.get_document())}


def _percent(one: Said | None, two: Said | None) -> int:
    if one is None or two is None:
        return 0
    runs = [shingles.shingles(shingles.comparable(text.text)) for text in (one, two)]
    return round(100 * shingles.likeness(*runs))
