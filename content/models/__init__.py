"""What is stored of content."""

from content.models.assets import (
    Asset,
    AssetGroupObjectPermission,
    AssetStatus,
    AssetUserObjectPermission,
    AssetVersion,
)
from content.models.drafts import Draft
from content.models.lineage import Descent
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
    "Descent",
    "Draft",
    "MediaFile",
    "Picture",
    "SampleProfile",
    "Severity",
    "Use",
    "Variable",
    "VariableType",
    "Weight",
    "Wording",
]
