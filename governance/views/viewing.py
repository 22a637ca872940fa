"""Ticking off parts of a change."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cjops.core.errors import Invalid
from governance import presenting, services
from people.models import User


@login_required
@require_POST
def change_viewed(request: HttpRequest, number: int) -> HttpResponse:
    """Tick a part off (`on` is its digest), or take the tick back (`off`)."""
    on, off = request.POST.get("on"), request.POST.get("off")
    if (on is None) == (off is None):
        raise Invalid(_("Say which part you have viewed, or which one you have not."))
    digest = on if on is not None else off
    is_viewed = on is not None
    viewed = services.set_viewed(
        number=number, actor=cast(User, request.user), digest=digest, is_viewed=is_viewed
    )
    hunk = viewed.hunk
    anchor = presenting.anchor(hunk.element, hunk.key)
    if not getattr(request, "htmx", False):
        since = "?since=review" if request.GET.get("since") == "review" else ""
        return redirect(f"{reverse('change-detail', args=[number])}{since}#{anchor}")
    context = {
        "number": number,
        "anchor": anchor,
        "digest": hunk.digest,
        "is_viewed": is_viewed,
        "done": viewed.done,
        "total": viewed.total,
    }
    return render(request, "governance/_viewed_answer.html", context)
