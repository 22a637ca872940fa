"""Evidence of a change or a version, to take along."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from governance.evidence import Bundle, evidence_of_change, evidence_of_version
from people.models import User


def as_download(bundle: Bundle) -> HttpResponse:
    """The zip file as an answer, to be saved."""
    response = HttpResponse(bundle.data, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{bundle.name}"'
    response["Cache-Control"] = "no-store"
    return response


# POST: each is written down, and a link that is looked at beforehand would be one.
@login_required
@require_POST
def change_evidence(request: HttpRequest, number: int) -> HttpResponse:
    """The evidence of a change."""
    return as_download(evidence_of_change(number=number, reader=cast(User, request.user)))


@login_required
@require_POST
def version_evidence(request: HttpRequest, kind: str, key: str, number: int) -> HttpResponse:
    """The evidence of a version of a journey, an asset or a taxonomy."""
    user = cast(User, request.user)
    return as_download(evidence_of_version(kind=kind, key=key, number=number, reader=user))
