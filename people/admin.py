"""Accounts, teams and channels: what an admin sets up. Every write goes through the services."""

from typing import Any

import allauth.account.admin  # noqa: F401 - registers what is taken off below
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people import services
from people.models import ApiToken, Channel, Membership, Team, User

# A team's group is kept equal to its members by the services; nobody edits it beside them.
admin.site.unregister(Group)
# A person has one address, the one on the account.
admin.site.unregister(EmailAddress)


class PersonCreationForm(AdminUserCreationForm):
    """A new account: an address and a password, or none yet."""

    class Meta:
        model = User
        fields = ("email", "name", "locale", "time_zone")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        return email


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
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Preferences"), {"fields": ("locale", "time_zone", "uses_keys")}),
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
                ),
            },
        ),
    )
    list_display = ("email", "name", "locale", "is_staff", "is_active", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "locale")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("user_permissions",)
    readonly_fields = ("last_login", "date_joined")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only a superuser hands out powers over everything."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return (*fields, "is_superuser", "is_staff", "user_permissions")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        services.save_person(person=obj, actor=request.user)  # type: ignore[arg-type]


class MembershipInline(admin.TabularInline):
    """The people of a team."""

    model = Membership
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Teams with their people and the channels they steward."""

    fields = ("key", "name", "name_zh_hans", "name_zh_hant", "kind", "channels")
    filter_horizontal = ("channels",)
    list_display = ("name", "key", "kind")
    list_filter = ("kind", "channels")
    search_fields = ("key", "name")
    inlines = (MembershipInline,)
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Team | None = None) -> tuple[str, ...]:
        """Journeys name teams by their key."""
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        services.save_team(team=obj, actor=request.user)  # type: ignore[arg-type]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        actor: Any = request.user
        services.set_channels(
            team=form.instance, channels=form.cleaned_data["channels"], actor=actor
        )
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Who came, went or changed role, each by its service."""
        actor: Any = request.user
        formset.save(commit=False)
        changed = [membership for membership, _fields in formset.changed_objects]
        # As stored: the form has written the new person onto its own instance.
        stored = Membership.objects.select_related("team", "user").in_bulk(
            [membership.pk for membership in (*formset.deleted_objects, *changed)]
        )
        staying = {membership.pk: membership.user_id for membership in changed}
        for membership in stored.values():
            if staying.get(membership.pk) != membership.user_id:
                services.remove_membership(team=membership.team, user=membership.user, actor=actor)
        for membership in (*formset.new_objects, *changed):
            services.set_membership(
                team=form.instance, user=membership.user, role=membership.role, actor=actor
            )


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
    """Channels."""

    fields = ("key", "name", "name_zh_hans", "name_zh_hant", "icon", "carries_content", "position")
    list_display = ("name", "key", "carries_content", "position")
    search_fields = ("key", "name")
    actions = None

    def get_readonly_fields(
        self, request: HttpRequest, obj: Channel | None = None
    ) -> tuple[str, ...]:
        """Journeys name channels by their key."""
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        services.save_channel(channel=obj, actor=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Channel) -> None:
        services.delete_channel(channel=obj, actor=request.user)  # type: ignore[arg-type]


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Who acts through a program. Tokens are made by `manage.py api_token`; deleting ends one."""

    list_display = ("user", "name", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "name")
    fields = readonly_fields = ("user", "name", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False
