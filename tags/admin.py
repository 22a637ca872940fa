"""Windows on the vocabulary."""

from django.contrib import admin

from cjops.core.admin import Window
from tags.models import Taxonomy, TaxonomyVersion


@admin.register(Taxonomy)
class TaxonomyWindow(Window):
    """A taxonomy; its concepts change through governance."""

    list_display = ("name", "key", "team", "live_version", "is_restricted")
    list_filter = ("team",)
    list_select_related = ("team", "live_version")
    search_fields = ("key", "name")
    exclude = ("live_version",)


@admin.register(TaxonomyVersion)
class TaxonomyVersionWindow(Window):
    """A published document."""

    list_display = ("subject", "number", "digest", "created_at", "created_by")
    list_select_related = ("subject", "created_by")
    search_fields = ("subject__key", "digest")
    show_full_result_count = False
