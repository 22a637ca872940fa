"""Where an asset is shown, would be shown, and was shown before."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

import content.queries
from journeys.past_uses import SHOWN, past_uses_of
from people.models import User


@login_required
@require_GET
def asset_uses(request: HttpRequest, key: str) -> HttpResponse:
    """Live steps, open changes, and steps of earlier versions of journeys."""
    user = cast(User, request.user)
    asset = content.queries.get_asset_for(user=user, key=key)
    context = {"asset": asset, "past": past_uses_of(user, asset), "most": SHOWN}
    return render(request, "journeys/asset_uses.html", context)
