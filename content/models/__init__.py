"""What is stored of content."""

from content.models.assets import (
    Asset,
    AssetGroupObjectPermission,
    AssetStatus,
    AssetUserObjectPermission,
    AssetVersion,
)
from content.models.collecting import Collected, Collection
from content.models.finding import Deadline, LibraryRule, SearchRow, SearchWord
from content.models.media import MediaFile, Picture
from content.models.rules import (
    SampleProfile,
    Severity,
    Use,
    Variable,
    VariableType,
    Weight,
    Wording,
)

__all__ = [
    "Asset",
    "AssetGroupObjectPermission",
    "AssetStatus",
    "AssetUserObjectPermission",
    "AssetVersion",
    "Collected",
    "Collection",
    "Deadline",
    "LibraryRule",
    "MediaFile",
    "Picture",
    "SampleProfile",
    "SearchRow",
    "SearchWord",
    "Severity",
    "Use",
    "Variable",
    "VariableType",
    "Weight",
    "Wording",
]
