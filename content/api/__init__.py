"""The API of assets: the library, versions, and pictures."""

from content.api.assets import (
    AssetDetail,
    AssetIn,
    AssetList,
    AssetSchema,
    NewAssetOut,
    VersionDetail,
    VersionList,
)
from content.api.library import AssetAlike, AssetFacets, CollectionDetail, CollectionList
from content.api.pictures import PictureList

__all__ = [
    "AssetAlike",
    "AssetDetail",
    "AssetFacets",
    "AssetIn",
    "AssetList",
    "AssetSchema",
    "CollectionDetail",
    "CollectionList",
    "NewAssetOut",
    "PictureList",
    "VersionDetail",
    "VersionList",
]
