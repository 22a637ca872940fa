"""Windows on the vocabulary."""

from typing import Any

from django.contrib import admin

from cjops.core.admin import Discreet, Window
from tags.models import Taxonomy, TaxonomyVersion


@admin.register(Taxonomy)
class TaxonomyWindow(Discreet, Window):
    """A taxonomy; its concepts change through governance."""

    list_display = ("name", "key", "team", "live_version", "is_restricted")
    list_filter = ("team",)
    list_select_related = ("team", "live_version")
    search_fields = ("key", "name")
    exclude = ("live_version",)


@admin.register(TaxonomyVersion)
class TaxonomyVersionWindow(Discreet, Window):
    """A published document."""

    list_display = ("subject", "number", "digest", "created_at", "created_by")
    list_select_related = ("subject", "created_by")
    search_fields = ("subject__key", "digest")
    show_full_result_count = False

    def seen(self, rows: Any, user: Any) -> Any:
        """Versions of what the person sees."""
        return rows.filter(subject__in=Taxonomy.objects.visible_to(user).order_by())
