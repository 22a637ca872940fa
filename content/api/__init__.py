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
from content.api.pictures import PictureList

__all__ = [
    "AssetDetail",
    "AssetIn",
    "AssetList",
    "AssetSchema",
    "NewAssetOut",
    "PictureList",
    "VersionDetail",
    "VersionList",
]
