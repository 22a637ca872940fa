"""What forms ask for while somebody types."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from governance.element_forms import NEW_TAGS
from governance.element_options import suggested_concepts
from people.models import User


@login_required
@require_GET
def concept_options(request: HttpRequest) -> HttpResponse:
    """Tags that the reader may mean by what stands in the field so far."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    concepts = suggested_concepts(user, request.GET.get(NEW_TAGS, "")[:200])
    return render(request, "governance/_concept_options.html", {"concepts": concepts})
