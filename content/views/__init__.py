"""Screens of the content library: assets, their versions and previews, and their pictures."""

from content.views.adapting import asset_adapt, asset_compose, origin_changes
from content.views.assets import asset_detail, asset_list, asset_preview, preview_response
from content.views.drafts import (
    draft,
    draft_list,
    draft_new,
    draft_preview,
    draft_preview_new,
    draft_upload,
)
from content.views.pictures import drawing, picture, pictures
from content.views.testing import asset_test, test_page
from content.views.writing import asset_create, asset_write

__all__ = [
    "asset_adapt",
    "asset_compose",
    "asset_create",
    "asset_detail",
    "asset_list",
    "asset_preview",
    "asset_test",
    "asset_write",
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
