"""Accounts and their second factors, as an admin edits them. Every write goes through services."""

from functools import partial
from typing import Any

import allauth.mfa.admin  # noqa: F401 - it registers what is taken off below
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.db import transaction
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cjops.core.admin import Window
from people import person_pages, queries, second_factor, security, services
from people.models import User
from people.origins import where

# Theirs shows the key of the app.
admin.site.unregister(Authenticator)


class PersonCreationForm(AdminUserCreationForm):
    """A new account: an address and a password, or none yet."""

    is_invited = forms.BooleanField(
        label=_("Send an invitation"),
        required=False,
        initial=True,
        help_text=_("A mail with a link to choose a password, if you choose none here."),
    )

    class Meta:
        model = User
        fields = ("email", "name", "locale", "time_zone")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        return email


class PasswordForm(AdminPasswordChangeForm):
    """Another password, and nothing else of the row: it was read before."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        if commit:
            user.save(update_fields=["password"])
        return user


class PersonChangeForm(UserChangeForm):
    """An account as it is."""

    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, Any] = {}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        return email


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People. They are never deleted: what they did stays theirs."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    change_password_form = PasswordForm
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Preferences"), {"fields": ("locale", "time_zone", "mails", "uses_keys")}),
        (
            _("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "user_permissions")},
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "email",
                    "name",
                    "locale",
                    "time_zone",
                    "usable_password",
                    "password1",
                    "password2",
                    "is_invited",
                ),
            },
        ),
    )
    list_display = ("email", "name", "locale", "is_staff", "is_active", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "locale")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("user_permissions",)
    # Switching off has a page of its own: it asks who takes over.
    readonly_fields = ("is_active", "last_login", "date_joined")
    actions = None

    def get_urls(self) -> list[URLPattern]:
        """The pages about one account, before the admin's own."""
        guarded = self.admin_site.admin_view
        posted = {
            "invite": require_POST(person_pages.invite),
            "switch_on": require_POST(person_pages.switch_on),
            "switch_off": require_http_methods(["GET", "POST"])(person_pages.switch_off),
        }
        own = [
            path(f"<int:pk>/{name.replace('_', '-')}/", guarded(page), name=f"people_user_{name}")
            for name, page in posted.items()
        ]
        return [*own, *super().get_urls()]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """A password that an admin sets is written down and mailed like any other."""
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            actor: Any = request.user
            keep = request.session.session_key if str(actor.pk) == id else None
            person = User.objects.get(pk=id)
            security.changed(
                user=person, what=security.PASSWORD_CHANGED, actor=actor, where=where(request),
                keep=keep,
            )  # fmt: skip
        return answer

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only a superuser hands out powers over everything."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return (*fields, "is_superuser", "is_staff", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Address and password let somebody in: of an account with powers only for superusers."""
        actor: Any = request.user
        may = super().has_change_permission(request, obj)
        return bool(may) and (obj is None or queries.may_manage(actor, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        actor: Any = request.user
        services.save_person(
            person=obj,
            actor=actor,
            fields=form.changed_data,
            where=where(request),
            keep=request.session.session_key if obj.pk == actor.pk else None,
        )
        if not change and form.cleaned_data.get("is_invited") and not obj.has_usable_password():
            transaction.on_commit(partial(person_pages.invite_now, request, obj.pk))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Powers by Django's own rows, by their service."""
        actor: Any = request.user
        if "user_permissions" in form.changed_data:
            services.set_permissions(
                person=form.instance,
                permissions=form.cleaned_data["user_permissions"],
                actor=actor,
            )


@admin.register(Authenticator)
class AuthenticatorAdmin(Window):
    """Who has a second factor. Deleting lets somebody in again who has lost phone and codes."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    list_filter = ("type",)
    search_fields = ("user__email", "user__name")
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        """Not from an account with powers, unless by a superuser."""
        actor: Any = request.user
        may = actor.has_perm("mfa.delete_authenticator")
        return bool(may) and (obj is None or queries.may_manage(actor, obj.user))

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        actor: Any = request.user
        services.refuse_managing(obj.user, actor)
        second_factor.take_off(user=obj.user)
        security.changed(user=obj.user, what=security.TAKEN_OFF, actor=actor)
