"""Windows on content."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cjops.core.admin import Discreet, Window
from content.finding.facets import known_markets
from content.forms import OfferedInput
from content.media import usage
from content.models import (
    Asset,
    AssetVersion,
    LibraryRule,
    Picture,
    SampleProfile,
    SentTest,
    Severity,
    Variable,
    Wording,
)
from content.models.rules import Weight
from content.validation.catalogue import CATALOGUE


@admin.register(Asset)
class AssetWindow(Discreet, Window):
    """An asset; its content changes in the portal."""

    list_display = ("name", "key", "kind", "team", "live_version", "is_restricted", "updated_at")
    list_filter = ("kind", "team")
    list_select_related = ("team", "live_version")
    search_fields = ("key", "name")
    show_full_result_count = False


@admin.register(AssetVersion)
class AssetVersionWindow(Discreet, Window):
    """A version; written once."""

    list_display = ("subject", "number", "digest", "created_at", "created_by")
    list_select_related = ("subject", "created_by")
    search_fields = ("subject__key", "digest")
    show_full_result_count = False

    def seen(self, rows: Any, user: Any) -> Any:
        """Versions of what the person sees."""
        return rows.filter(subject__in=Asset.objects.visible_to(user).order_by())


class ShownFilter(admin.SimpleListFilter):
    """Pictures that nothing shows: candidates to be looked at, removed by nobody unasked."""

    title = _("shown")
    parameter_name = "shown"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        """One question."""
        return [("no", _("by no version and no open change"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """The rows that answer it."""
        if self.value() != "no":
            return queryset
        return queryset.filter(pk__in=usage.unused().order_by().values("pk"))


@admin.register(SentTest)
class SentTestWindow(Discreet, Window):
    """A test that somebody sent themselves; what it said is not kept."""

    list_display = ("asset", "number", "rendition", "user", "state", "reason", "asked_at")
    list_filter = ("state",)
    list_select_related = ("asset", "user")
    exclude = ("message",)
    show_full_result_count = False

    def seen(self, rows: Any, user: Any) -> Any:
        """Tests of what the person sees."""
        return rows.filter(asset__in=Asset.objects.visible_to(user).order_by())


@admin.register(Picture)
class PictureWindow(Discreet, Window):
    """A picture; uploaded in the portal."""

    list_display = ("name", "asset", "file", "uploaded_by", "uploaded_at")
    list_select_related = ("asset", "file", "uploaded_by")
    list_filter = (ShownFilter,)
    search_fields = ("name", "asset__key", "file__sha256")
    show_full_result_count = False

    def seen(self, rows: Any, user: Any) -> Any:
        """Pictures of what the person sees."""
        return rows.filter(asset__in=Asset.objects.visible_to(user).order_by())


@admin.register(Variable)
class VariableAdmin(admin.ModelAdmin):
    """What the systems that send content can fill in."""

    list_display = ("name", "label", "type", "is_always_there")
    list_filter = ("type", "is_always_there")
    search_fields = ("name", "label")
    actions = None


@admin.register(SampleProfile)
class SampleProfileAdmin(admin.ModelAdmin):
    """Made-up customers for previews."""

    list_display = ("name", "key", "persona", "position")
    search_fields = ("name", "key")
    actions = None


@admin.register(Wording)
class WordingAdmin(admin.ModelAdmin):
    """Words that content must not say, or must."""

    list_display = ("words", "use", "weight", "market", "language", "kind", "instead")
    list_filter = ("use", "weight", "language", "kind")
    search_fields = ("words", "reason")
    actions = None

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Markets are offered as journeys call them: a rule for another name holds nowhere."""
        if db_field.name == "market":
            kwargs["widget"] = OfferedInput(partial(known_markets, request.user))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Severity)
class SeverityAdmin(admin.ModelAdmin):
    """How grave a check is."""

    list_display = ("code", "check_label", "weight", "from_the_start")
    list_filter = ("weight",)
    search_fields = ("code",)
    actions = None

    @admin.display(description=_("what it looks for"))
    def check_label(self, row: Severity) -> str:
        """What the check is called."""
        known = CATALOGUE.get(row.code)
        return str(known.label) if known else ""

    @admin.display(description=_("from the start"))
    def from_the_start(self, row: Severity) -> str:
        """How grave it is where no admin says otherwise."""
        known = CATALOGUE.get(row.code)
        return str(Weight(known.severity).label) if known else ""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Checks are chosen by what they are called; some cannot be turned down."""
        if db_field.name == "code":
            return forms.ChoiceField(
                label=db_field.verbose_name,
                choices=[
                    (code, f"{one.label} ({code})")
                    for code, one in CATALOGUE.items()
                    if not one.is_fixed
                ],
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(LibraryRule)
class LibraryRuleAdmin(admin.ModelAdmin):
    """What the library tells; one row."""

    list_display = ("likeness",)
    actions = None

    def has_add_permission(self, request: Any) -> bool:
        """The first row is the only one."""
        return super().has_add_permission(request) and not LibraryRule.objects.exists()
