"""Screens of the content library: assets, their versions and previews, and their pictures."""

from content.views.assets import (
    asset_create,
    asset_detail,
    asset_list,
    asset_preview,
    asset_write,
    preview_response,
)
from content.views.pictures import drawing, picture, pictures
from content.views.testing import asset_test, test_page

__all__ = [
    "asset_create",
    "asset_detail",
    "asset_list",
    "asset_preview",
    "asset_test",
    "asset_write",
    "drawing",
    "picture",
    "pictures",
    "preview_response",
    "test_page",
]
