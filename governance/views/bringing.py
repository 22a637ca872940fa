"""E-mails from elsewhere: a file becomes a change."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cjops.core.errors import DomainError
from cjops.core.forms import take_errors
from cjops.core.models import KEY_LENGTH
from content.models import Asset
from governance import services
from governance.bringing_forms import ImportForm
from governance.services.bringing import ImportedContent
from governance.views.repeats import FIELD, form_token, repeat_of
from people.models import Team, User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def content_import(request: HttpRequest) -> HttpResponse:
    """Bring in HTML, MJML or a zip: the change that proposes it opens."""
    user = cast(User, request.user)
    mine = Team.objects.all() if user.is_superuser else Team.objects.filter(memberships__user=user)
    teams = {team.key: team for team in mine.distinct()}
    choices = [(team.key, team.label) for team in teams.values()]
    form, status = ImportForm(teams=choices, initial=_named(request, user)), 200 if teams else 403
    if request.method == "POST" and teams:
        form, status = ImportForm(request.POST, request.FILES, teams=choices), 422
        if form.is_valid() and (found := _brought(request, form, teams)) is not None:
            messages.success(request, _("Brought in. Look it over, then submit it."))
            for note in found.notes:
                messages.warning(request, note)
            return redirect("change-detail", found.change.number)
    context = {
        "form": form,
        "may_write": bool(teams),
        "token_field": FIELD,
        "token": form_token(request),
    }
    return render(request, "governance/content_import.html", context, status=status)


def _named(request: HttpRequest, user: User) -> dict[str, str]:
    """The asset that `?key=` names, and its team, where the person sees it."""
    wanted = request.GET.get("key", "").replace("\x00", "")[:KEY_LENGTH]
    rows = Asset.objects.visible_to(user).select_related("team")
    asset = rows.filter(key=wanted).first() if wanted else None
    return {"key": asset.key, "team": asset.team.key} if asset else {}


def _brought(
    request: HttpRequest, form: ImportForm, teams: dict[str, Team]
) -> ImportedContent | None:
    """What came of the file; on a refusal None, and the form says why."""
    file = form.cleaned_data["file"]
    try:
        return services.import_file(
            name=file.name,
            data=file.read(),
            actor=cast(User, request.user),
            team=teams[form.cleaned_data["team"]],
            key=form.cleaned_data["key"],
            language=form.cleaned_data["language"],
            repeat=repeat_of(request),
        )
    except DomainError as error:
        if error.status == 404:
            raise
        take_errors(form, error)
        return None
