"""Windows on content."""

from typing import Any

from django.contrib import admin

from cjops.core.admin import Discreet, Window
from content.models import Asset, AssetVersion, Picture


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


@admin.register(Picture)
class PictureWindow(Discreet, Window):
    """A picture; uploaded in the portal."""

    list_display = ("name", "asset", "file", "uploaded_by", "uploaded_at")
    list_select_related = ("asset", "file", "uploaded_by")
    search_fields = ("name", "asset__key", "file__sha256")
    show_full_result_count = False

    def seen(self, rows: Any, user: Any) -> Any:
        """Pictures of what the person sees."""
        return rows.filter(asset__in=Asset.objects.visible_to(user).order_by())
