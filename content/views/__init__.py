"""Screens of the content library: assets, their versions and previews, and their pictures."""

from content.views.alike import asset_alike, asset_differences
from content.views.assets import (
    asset_create,
    asset_detail,
    asset_preview,
    asset_write,
    preview_response,
)
from content.views.collections import collection_detail, collection_list
from content.views.library import asset_list
from content.views.pictures import picture, pictures

__all__ = [
    "asset_alike",
    "asset_create",
    "asset_detail",
    "asset_differences",
    "asset_list",
    "asset_preview",
    "asset_write",
    "collection_detail",
    "collection_list",
    "picture",
    "pictures",
    "preview_response",
]
