"""Who sees a journey and who holds which role on it; what it says is a window."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cjops.core.admin import Discreet, Window
from journeys import services
from journeys.models import Journey, JourneyVersion
from people.grant_admin import GrantInline, save_grants


class JourneyForm(forms.ModelForm):
    """Who sees the journey, and what it is a part of."""

    class Meta:
        model = Journey
        fields = ("is_restricted", "parent")

    def clean_parent(self) -> Journey | None:
        parent: Journey | None = self.cleaned_data["parent"]
        if parent is not None and services.is_part_of(parent.pk, self.instance.pk):
            raise ValidationError(_("A journey cannot be a part of itself."))
        return parent


@admin.register(Journey)
class JourneyAdmin(Discreet):
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

    def get_fields(self, request: HttpRequest, obj: Journey | None = None) -> Any:
        """A parent that the person does not see is not told, and stays as it is."""
        hidden = obj is not None and not self._sees_parent(request, obj)
        return [name for name in self.fields if not (hidden and name == "parent")]

    def _sees_parent(self, request: HttpRequest, journey: Journey) -> bool:
        user: Any = request.user
        if journey.parent_id is None:
            return True
        return Journey.objects.visible_to(user).filter(pk=journey.parent_id).exists()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Nothing is chosen that the person does not see."""
        if db_field.name == "parent":
            user: Any = request.user
            kwargs["queryset"] = Journey.objects.visible_to(user).order_by()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

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
            parent=form.cleaned_data.get("parent", obj.parent),
            actor=request.user,  # type: ignore[arg-type]
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Grants and revocations, each by its service."""
        save_grants(formset, request.user)


@admin.register(JourneyVersion)
class JourneyVersionWindow(Discreet, Window):
    """A published version."""

    list_display = ("subject", "number", "digest", "created_at", "created_by")
    list_select_related = ("subject", "created_by")
    search_fields = ("subject__key", "digest")
    show_full_result_count = False

    def seen(self, rows: Any, user: Any) -> Any:
        """Versions of journeys that the person sees."""
        return rows.filter(subject__in=Journey.objects.visible_to(user).order_by())
