"""Suggesting an edit to the author of a change, and answering a suggestion."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import journeys.words
from cjops.core.errors import DomainError, NotFound
from governance import policies, presenting, queries, services
from governance.element_forms import ElementForm
from governance.element_options import options_for
from governance.forms import DeclineForm, SuggestForm, explain, not_said
from governance.models import Change, Suggestion
from governance.proposals import proposal_of
from governance.subjects import subject_of
from governance.transitions import Action
from governance.views.editing import find_element, slot_digests
from governance.views.repeats import FIELD, form_token, repeat_of
from people.models import User


@login_required
@require_http_methods(["GET", "POST"])
def change_suggest(request: HttpRequest, number: int, element: str, key: str) -> HttpResponse:
    """The form of one element as it is proposed; what differs becomes a suggestion."""
    user = cast(User, request.user)
    change = queries.get_change_for(user=user, number=number)
    policies.can_suggest(policies.Standing(user, change)).require()
    if change.kind != "journey":
        raise NotFound(_("A change of this kind has no such page."))
    proposed = proposal_of(change).proposed
    current = find_element(proposed, element, key)
    data = request.POST if request.method == "POST" else None
    options = options_for(proposed, user, current.get("channel"), used=current.get("tags"))
    form = ElementForm(data, element=element, options=options, current=current)
    said = SuggestForm(data, initial={"digest": change.digest})
    status = 200
    if data is not None:
        status = 422
        if not data.get("digest"):
            form.add_error(None, not_said())
        # Both are asked, so that all that is wrong is said at once.
        elif all([form.is_valid(), said.is_valid()]) and _save(
            request, change, element, key, form, said
        ):
            where = ("", "") if element == "header" else (element, key)
            address = reverse("change-detail", args=[number])
            return redirect(f"{address}#{presenting.anchor(*where)}")
    where_words = "" if element == "header" else element
    context = {
        "change": change,
        "subject": subject_of(change),
        "form": form,
        "said": said,
        "name": journeys.words.name_of(proposed, where_words, key),
        "label": journeys.words.element_label(where_words),
        "token_field": FIELD,
        "token": form_token(request),
    }
    return render(request, "governance/suggest.html", context, status=status)


def _save(
    request: HttpRequest,
    change: Change,
    element: str,
    key: str,
    form: ElementForm,
    said: SuggestForm,
) -> bool:
    """Keep the suggestion; on a refusal put its words on the form and say False."""
    edit: dict[str, Any] = {
        "op": "update",
        "element": element,
        "fields": form.edit_fields(slot_digests(form)),
    }
    if element != "header":
        edit["key"] = key
    try:
        services.suggest(
            number=change.number,
            actor=cast(User, request.user),
            edits=[edit],
            comment=said.cleaned_data["comment"],
            expected_digest=said.cleaned_data["digest"],
            repeat=repeat_of(request),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        explain(form, error)
        return False
    messages.success(request, _("Suggested. %(author)s has been told.") % _author(change))
    return True


def _author(change: Change) -> dict[str, str]:
    return {"author": change.author.name}


@login_required
@require_http_methods(["GET", "POST"])
def suggestion_apply(request: HttpRequest, number: int, suggestion: int) -> HttpResponse:
    """Make a suggestion part of the proposal; a GET asks first."""
    user = cast(User, request.user)
    change, found = _answerable(user, number, suggestion)
    digest = request.POST.get("digest", "")
    if request.method == "GET" or not digest:
        return _ask_to_apply(request, change, found, 200 if request.method == "GET" else 422)
    try:
        services.apply_suggestion(
            number=number,
            suggestion=suggestion,
            actor=user,
            expected_digest=digest,
            # Of two clicks on one page the second leads to what the first did.
            repeat=repeat_of(request),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, _words(error))
    else:
        messages.success(request, _("Applied: it is part of a new revision now."))
    return redirect(_card_address(change, found))


def _ask_to_apply(
    request: HttpRequest, change: Change, found: Suggestion, status: int
) -> HttpResponse:
    context = {
        "change": change,
        "subject": subject_of(change),
        "title": _("Apply this suggestion?"),
        "action_url": request.path,
        "cancel_url": _card_address(change, found),
        "submit": _("Apply"),
        "hidden": {"digest": change.digest},
        "effects": [
            _("The edit that %(name)s suggests becomes part of a new revision, by you.")
            % {"name": found.author.name}
        ],
    }
    return render(request, "governance/change_confirm.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def suggestion_decline(request: HttpRequest, number: int, suggestion: int) -> HttpResponse:
    """Say why a suggestion is not taken up; a GET asks for the words."""
    user = cast(User, request.user)
    change, found = _answerable(user, number, suggestion)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and _declined(request, change, found, form):
            return redirect(_card_address(change, found))
    context = {
        "change": change,
        "subject": subject_of(change),
        "title": _("Decline this suggestion?"),
        "action_url": request.path,
        "cancel_url": _card_address(change, found),
        "submit": _("Decline"),
        "fields": form,
        "form": form,
    }
    return render(request, "governance/change_confirm.html", context, status=status)


def _declined(request: HttpRequest, change: Change, found: Suggestion, form: DeclineForm) -> bool:
    try:
        services.decline_suggestion(
            number=change.number,
            suggestion=found.pk,
            actor=cast(User, request.user),
            comment=form.cleaned_data["comment"],
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        explain(form, error)
        return False
    messages.success(request, _("Declined. %(author)s has been told.") % _author_of(found))
    return True


@login_required
@require_http_methods(["GET", "POST"])
def suggestion_withdraw(request: HttpRequest, number: int, suggestion: int) -> HttpResponse:
    """Take back what one suggested; a GET asks first."""
    user = cast(User, request.user)
    change = queries.get_change_for(user=user, number=number)
    found = queries.suggestion_of(change, suggestion)
    policies.can_take_back(policies.Standing(user, change), found).require()
    if request.method == "GET":
        context = {
            "change": change,
            "subject": subject_of(change),
            "title": _("Take this suggestion back?"),
            "action_url": request.path,
            "cancel_url": _card_address(change, found),
            "submit": _("Take back"),
        }
        return render(request, "governance/change_confirm.html", context)
    try:
        services.withdraw_suggestion(
            number=number, suggestion=suggestion, actor=user, repeat=repeat_of(request)
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, _words(error))
    else:
        messages.success(request, _("Taken back. Nobody can apply it any more."))
    return redirect(_card_address(change, found))


def _author_of(suggestion: Suggestion) -> dict[str, str]:
    return {"author": suggestion.author.name}


def _answerable(user: User, number: int, suggestion: int) -> tuple[Change, Suggestion]:
    """The change and its suggestion, for whoever may answer it now; refuses otherwise."""
    change = queries.get_change_for(user=user, number=number)
    found = queries.suggestion_of(change, suggestion)
    policies.can(user, change, Action.APPLY).require()
    return change, found


def _card_address(change: Change, suggestion: Suggestion) -> str:
    """The page of the change, at what the suggestion is about."""
    anchor = presenting.anchor(suggestion.element, suggestion.key)
    return f"{reverse('change-detail', args=[change.number])}#{anchor}"


def _words(error: DomainError) -> str:
    details = [sentence for sentences in error.errors.values() for sentence in sentences]
    return " ".join([error.message, *details])
