"""Who sees a journey and who holds which role on it; what it says is a window."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cjops.core.admin import Window
from journeys import services
from journeys.models import Journey, JourneyGrant, JourneyVersion
from journeys.policies import MANAGE, PROPOSE, PUBLISH, VIEW
from people.models import Role

RIGHTS = (
    (VIEW, _("sees it")),
    (PROPOSE, _("proposes changes of any part")),
    (PUBLISH, _("publishes approved changes")),
    (MANAGE, _("answers for it, and may reject changes")),
)


class GrantForm(forms.ModelForm):
    """A role for one person or one team."""

    class Meta:
        model = JourneyGrant
        fields = ("role", "user", "team")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("user")) == bool(cleaned.get("team")):
            raise ValidationError(_("Choose one person or one team."))
        return cleaned


class GrantInline(admin.TabularInline):
    """The roles on a journey."""

    model = JourneyGrant
    form = GrantForm
    extra = 0
    autocomplete_fields = ("role", "user", "team")


class JourneyForm(forms.ModelForm):
    """Who sees the journey, and what it is a part of."""

    class Meta:
        model = Journey
        fields = ("is_restricted", "parent")

    def clean_parent(self) -> Journey | None:
        parent: Journey | None = self.cleaned_data["parent"]
        above = parent
        while above is not None:
            if above.pk == self.instance.pk:
                raise ValidationError(_("A journey cannot be a part of itself."))
            above = above.parent
        return parent


@admin.register(Journey)
class JourneyAdmin(admin.ModelAdmin):
    """Access is edited here; all else a journey says comes from its live version."""

    form = JourneyForm
    fields = ("key", "name", "live_version", "market", "product_line", "is_restricted", "parent")
    readonly_fields = ("key", "name", "live_version", "market", "product_line")
    autocomplete_fields = ("parent",)
    list_display = ("name", "key", "live_version", "market", "is_restricted", "updated_at")
    list_filter = ("is_restricted", "importance")
    list_select_related = ("live_version",)
    search_fields = ("key", "name")
    show_full_result_count = False
    inlines = (GrantInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A journey begins with a change, in the portal."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Journey | None = None) -> bool:
        """What was decided about it stays on record."""
        return False

    def save_model(self, request: HttpRequest, obj: Journey, form: Any, change: bool) -> None:
        services.set_access(
            journey=obj,
            is_restricted=form.cleaned_data["is_restricted"],
            parent=form.cleaned_data["parent"],
            actor=request.user,  # type: ignore[arg-type]
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Grants and revocations, each by its service."""
        actor: Any = request.user
        formset.save(commit=False)
        # As stored, since the form has written the new values onto its own instance.
        stored = JourneyGrant.objects.select_related("journey").in_bulk(
            [grant.pk for grant in formset.deleted_objects]
            + [grant.pk for grant, _fields in formset.changed_objects]
        )
        for grant in stored.values():
            services.revoke_role(grant=grant, actor=actor)
        wanted = formset.new_objects + [grant for grant, _fields in formset.changed_objects]
        for grant in wanted:
            services.grant_role(
                journey=grant.journey,
                role=grant.role,
                user=grant.user,
                team=grant.team,
                actor=actor,
            )


@admin.register(JourneyVersion)
class JourneyVersionWindow(Window):
    """A published version."""

    list_display = ("subject", "number", "digest", "created_at", "created_by")
    list_select_related = ("subject", "created_by")
    search_fields = ("subject__key", "digest")
    show_full_result_count = False


class RoleForm(forms.ModelForm):
    """A role, its rights as boxes to tick."""

    permissions = forms.MultipleChoiceField(
        choices=RIGHTS, required=False, widget=forms.CheckboxSelectMultiple, label=_("permissions")
    )

    class Meta:
        model = Role
        fields = (
            "key",
            "name",
            "name_zh_hans",
            "name_zh_hant",
            "permissions",
            "requires_second_factor",
            "is_owner",
            "position",
        )

    def clean_permissions(self) -> list[str]:
        """Whoever may do anything with a journey sees it."""
        chosen = set(self.cleaned_data["permissions"])
        if chosen:
            chosen.add(VIEW)
        return [codename for codename, _label in RIGHTS if codename in chosen]


# Here and not with people, because a role that changes changes rights on journeys.
@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    """Roles; whoever holds one gets the rights it has now."""

    form = RoleForm
    list_display = ("name", "key", "permissions", "is_owner", "requires_second_factor", "position")
    search_fields = ("key", "name")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> tuple[str, ...]:
        """Rules name roles by their key."""
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        services.save_role(role=obj, actor=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Role) -> None:
        services.delete_role(role=obj, actor=request.user)  # type: ignore[arg-type]
