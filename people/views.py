"""Teams, one's own preferences, and the language switch."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from cjops.core.errors import DomainError, Invalid
from cjops.core.forms import chosen_filters, list_answer, refused_values, take_errors
from people import queries, services
from people.forms import PreferencesForm, TeamFilterForm
from people.models import Locale, User


@login_required
@require_GET
@vary_on_headers("HX-Request")
def team_list(request: HttpRequest) -> HttpResponse:
    """All teams with their leads, by what they are for."""
    form = TeamFilterForm(request.GET)
    ignored = refused_values(form)
    context = {
        "form": form,
        "ignored": ignored,
        "teams": queries.team_rows(**form.cleaned_data),
        "chosen": chosen_filters(request, form),
    }
    return list_answer(request, "people/team_list.html", context)


@login_required
@require_GET
def team_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One team: who is in it, what it looks after, what waits for its leads."""
    team = queries.get_team(key)
    people = list(team.memberships.all())
    context = {
        "team": team,
        "people": people,
        "leads": [member for member in people if member.role == "lead"],
        "is_member": any(member.user_id == request.user.pk for member in people),
    }
    return render(request, "people/team_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone and keys of the person who is signed in."""
    user = cast(User, request.user)
    if request.method != "POST":
        return render(request, "people/preferences.html", {"form": PreferencesForm(user=user)})
    form = PreferencesForm(request.POST, user=user)
    if form.is_valid():
        try:
            with transaction.atomic(durable=True):
                services.set_preferences(user=user, **form.cleaned_data)
        except DomainError as error:
            take_errors(form, error)
        else:
            # Said in the language just chosen.
            with translation.override(user.locale):
                messages.success(request, _("Your preferences are saved."))
            return with_language(redirect("preferences"), request, user.locale)
    # The account is shown as it is stored, not as it was refused.
    user.refresh_from_db()
    return render(request, "people/preferences.html", {"form": form}, status=422)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch this browser, and the account of whoever is signed in, to another language."""
    language = request.POST.get("language", "")
    if language not in Locale.values:
        raise Invalid(_("The portal does not speak that language."))
    if request.user.is_authenticated:
        services.set_language(user=request.user, locale=language)
    return with_language(HttpResponseRedirect(next_address(request)), request, language)


def with_language(
    response: HttpResponseRedirect, request: HttpRequest, language: str
) -> HttpResponseRedirect:
    """The answer, with the language remembered in this browser, whose choice wins."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE or 365 * 24 * 3600,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE or request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def next_address(request: HttpRequest) -> str:
    """Where to go on: a page of this portal, never one of somebody else's."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return "/"
