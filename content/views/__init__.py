"""Screens of the content library: assets, their versions and previews, and their pictures."""

from content.views.adapting import asset_adapt, asset_compose, asset_take_out, origin_changes
from content.views.alike import asset_alike, asset_differences
from content.views.assets import asset_detail, asset_preview, preview_response
from content.views.collections import collection_detail, collection_list
from content.views.drafts import (
    draft,
    draft_list,
    draft_new,
    draft_preview,
    draft_preview_new,
    draft_upload,
)
from content.views.exporting import asset_export
from content.views.library import asset_list
from content.views.pictures import drawing, picture, pictures
from content.views.testing import asset_test, test_page
from content.views.writing import asset_create, asset_write

__all__ = [
    "asset_adapt",
    "asset_alike",
    "asset_compose",
    "asset_create",
    "asset_detail",
    "asset_differences",
    "asset_export",
    "asset_list",
    "asset_preview",
    "asset_take_out",
    "asset_test",
    "asset_write",
    "collection_detail",
    "collection_list",
    "draft",
    "draft_list",
    "draft_new",
    "draft_preview",
    "draft_preview_new",
    "draft_upload",
    "drawing",
    "origin_changes",
    "picture",
    "pictures",
    "preview_response",
    "test_page",
]
