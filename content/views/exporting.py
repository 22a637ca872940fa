"""A version of an asset as a zip."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_POST

from content import queries
from content.exchange.exporting import exported
from people.models import User


@login_required
@require_POST
@transaction.atomic(durable=True)
def asset_export(request: HttpRequest, key: str, number: int) -> FileResponse:
    """HTML, text, files and a manifest of a version, to be saved; a POST, since it is noted.

    What is missing in it the next page says: this answer is the zip.
    """
    user = cast(User, request.user)
    version = queries.get_version_for(user=user, key=key, number=number)
    found = exported(version=version, actor=user)
    if found.missing:
        messages.warning(request, found.sentence)
    response = FileResponse(
        found.file,
        as_attachment=True,
        filename=f"{key}-v{number}.zip",
        content_type="application/zip",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
