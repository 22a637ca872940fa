"""Pages about one account inside the administration: invite, switch off, switch on."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cjops.core.errors import DomainError, NotFound
from cjops.core.forms import take_errors
from people import invitations, leaving, queries
from people.models import User


class SwitchOffForm(forms.Form):
    """Who takes over what the person owned."""

    successor = forms.ModelChoiceField(
        label=gettext_lazy("Who takes over"),
        queryset=User.objects.none(),
        required=False,
        help_text=gettext_lazy(
            "Open changes and roles go to them, as far as they may. Without anybody, open changes "
            "stay where they are; whoever may propose there can go on with them."
        ),
    )

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (narrows the type)
        field.queryset = User.objects.filter(is_active=True).exclude(pk=person.pk)


def _person(request: HttpRequest, pk: int) -> User:
    if not request.user.has_perm("people.change_user"):
        raise PermissionDenied
    found = User.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    if not queries.may_manage(request.user, found):  # type: ignore[arg-type]
        raise PermissionDenied
    return found


def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the person owns, ask who takes over, and switch the account off."""
    person = _person(request, pk)
    form = SwitchOffForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        try:
            with transaction.atomic(durable=True):
                leaving.deactivate(
                    person=pk,
                    actor=request.user,  # type: ignore[arg-type]
                    successor=successor.pk if successor else None,
                )
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("The account is switched off."))
            return redirect("admin:people_user_change", pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Switch off the account of %(name)s") % {"name": person},
        "person": person,
        "form": form,
        "holdings": leaving.holdings_of(person, request.user),  # type: ignore[arg-type]
    }
    status = 422 if form.errors else 200
    return render(request, "admin/people/user/switch_off.html", context, status=status)


def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch an account on again."""
    _person(request, pk)
    with transaction.atomic(durable=True):
        leaving.activate(person=pk, actor=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The account is switched on. Its API tokens do not come back."))
    return redirect("admin:people_user_change", pk)


def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the person a link to choose a password."""
    _person(request, pk)
    invite_now(request, pk)
    return redirect("admin:people_user_change", pk)


def invite_now(request: HttpRequest, pk: int) -> None:
    """The same, and say how that went."""
    try:
        person = invitations.invite(person=pk, actor=request.user)  # type: ignore[arg-type]
    except DomainError as error:
        messages.error(request, error.message)
    else:
        said = _("An invitation is on its way to %(email)s.")
        messages.success(request, said % {"email": person.email})
