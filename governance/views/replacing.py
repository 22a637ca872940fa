"""Replacing content everywhere: what it is to be replaced by."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

import content.queries
import journeys.reading
from people.models import User

SHOWN = 30


@login_required
@require_GET
def asset_replace(request: HttpRequest, key: str) -> HttpResponse:
    """Choose what is to be shown in place of an asset, by `?q=`; then come the steps."""
    user = cast(User, request.user)
    asset = content.queries.get_asset_for(user=user, key=key)
    search = request.GET.get("q", "").replace("\x00", "")[:200]
    found = content.queries.assets_for_slot(user, asset.channel.key, search)
    others = list(found.exclude(pk=asset.pk).filter(versions__isnull=False).distinct()[: SHOWN + 1])
    context = {
        "asset": asset,
        "search": search,
        "others": others[:SHOWN],
        "has_more": len(others) > SHOWN,
        "newest": asset.versions.values_list("number", flat=True).first(),
        "count": journeys.reading.use_counts(user, [asset.pk]).get(asset.pk, 0),
    }
    return render(request, "governance/asset_replace.html", context)
