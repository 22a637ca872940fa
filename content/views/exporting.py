"""A version of an asset as a zip."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from content import queries
from content.exchange.exporting import exported
from people.models import User


@login_required
@require_POST
@transaction.atomic(durable=True)
def asset_export(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """HTML, text, pictures and a manifest of a version, to be saved; a POST, since it is noted."""
    user = cast(User, request.user)
    version = queries.get_version_for(user=user, key=key, number=number)
    response = HttpResponse(exported(version=version, actor=user), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-v{number}.zip"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
