"""Collections: the list of them, and making one. What is in one, the library shows."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cjops.core.errors import DomainError
from cjops.core.forms import page_of, take_errors
from content import collecting
from content.forms import CollectionForm, offer
from content.models import Asset, Collected, Collection
from people.models import Team, User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collection_list(request: HttpRequest) -> HttpResponse:
    """The collections the reader sees, with how many of their assets they see; and a new one."""
    user = cast(User, request.user)
    teams = {team.key: team for team in teams_of(user)}
    form = CollectionForm(request.POST if request.method == "POST" else None)
    offer(form, "team", [("", _("Mine alone")), *((k, t.label) for k, t in teams.items())])
    status = 200
    if request.method == "POST":
        made = _made(form, teams, user)
        if made is not None:
            messages.success(request, _("The collection is made. Choose assets in the library."))
            return redirect("collection-detail", made.pk)
        status = 422
    seen = Asset.objects.visible_to(user).order_by().values("pk")
    held = (
        Collected.objects.filter(collection=OuterRef("pk"), asset__in=seen)
        .order_by()
        .values("collection")
        .annotate(count=Count("pk"))
        .values("count")
    )
    shown = Collection.objects.visible_to(user).order_by().values("pk")
    rows = (
        Collection.objects.filter(pk__in=shown)
        .select_related("owner", "team")
        .annotate(held=Coalesce(Subquery(held), 0))
        .order_by("name", "pk")
    )
    context = {"page": page_of(request, rows), "form": form}
    return render(request, "content/collections.html", context, status=status)


def teams_of(user: User) -> list[Team]:
    """For which teams the person may make collections."""
    rows = Team.objects.all() if user.is_superuser else Team.objects.filter(memberships__user=user)
    return list(rows.distinct().order_by("name"))


def _made(form: CollectionForm, teams: dict[str, Team], user: User) -> Collection | None:
    if not form.is_valid():
        return None
    wanted = dict(form.cleaned_data)
    team = teams.get(wanted.pop("team"))
    try:
        return collecting.make(**wanted, team=team, actor=user)
    except DomainError as error:
        take_errors(form, error)
    return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The assets of a collection that the reader sees; by POST one is taken out, or all is gone."""
    user = cast(User, request.user)
    collection = collecting.get_collection_for(user=user, pk=pk)
    verdict = collecting.can_change(user, collection)
    if request.method == "POST":
        return _changed(request, user, collection)
    held = Collected.objects.filter(collection=collection).values("asset")
    rows = Asset.objects.visible_to(user).filter(pk__in=held)
    rows = rows.select_related("team", "channel", "live_version")
    rows = rows.defer("live_version__document", "live_version__summary").order_by("name", "pk")
    context = {"collection": collection, "verdict": verdict, "page": page_of(request, rows)}
    return render(request, "content/collection.html", context)


def _changed(request: HttpRequest, user: User, collection: Collection) -> HttpResponse:
    if request.POST.get("do") == "remove":
        collecting.remove(collection=collection.pk, actor=user)
        messages.success(request, _("The collection is deleted. Its assets are as they were."))
        return redirect("collection-list")
    key = request.POST.get("asset", "").replace("\x00", "")
    collecting.take_out(collection=collection.pk, asset=key, actor=user)
    return redirect("collection-detail", collection.pk)
