"""Texts of a change in full, for those that are too long to be compared on its page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cjops.core.errors import NotFound
from cjops.documents import is_collection
from content.models import Asset, AssetVersion
from governance import queries
from governance.proposals import proposal_of
from governance.subjects import subject_of
from people.models import User

Document = dict[str, Any]


@login_required
@require_GET
def change_text(request: HttpRequest, number: int, place: str) -> HttpResponse:
    """One field before and after, whole; `place` is element, key and path, with slashes."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    change = queries.get_change_for(user=user, number=number)
    proposal = proposal_of(change)
    if place.count("/") < 2:
        raise NotFound
    element, key, *path = place.split("/")
    sides = [_text(side, element, key, path, user) for side in (proposal.base, proposal.proposed)]
    if sides == [None, None]:
        raise NotFound
    context = {
        "change": change,
        "subject": subject_of(change),
        "before": sides[0] or "",
        "after": sides[1] or "",
        "lang": key if element == "renditions" else path[2] if len(path) == 4 else "",
    }
    return render(request, "governance/change_text.html", context)


def _text(document: Document, element: str, key: str, path: list[str], user: User) -> str | None:
    """The text at that place of one side; None where there is none that the person sees."""
    found: Any = document
    if element != "header":
        elements = document.get(element)
        items = elements if isinstance(elements, list) and is_collection(elements) else []
        found = next((item for item in items if item["key"] == key), None)
    while path and isinstance(found, dict):
        if "asset" in found and "version" in found and len(path) == 2:
            found = _rendition(found, path[0], user)
            path = path[1:]
            continue
        found, path = found.get(path[0]), path[1:]
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        found = "\n".join(found)
    return found if isinstance(found, str) and not path else None


def _rendition(slot: dict[str, Any], language: str, user: User) -> Document | None:
    """What the version in the slot says in that language."""
    version = AssetVersion.objects.filter(
        subject__in=Asset.objects.visible_to(user).order_by(),
        subject__key=slot["asset"],
        number=slot["version"],
    ).first()
    renditions = version.get_document()["renditions"] if version else []
    return next((one for one in renditions if one["key"] == language), None)
