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
from content.models.media import Drawing, DrawingSize, DrawingState, MediaFile, Picture
from content.models.rules import (
    SampleProfile,
    Severity,
    Use,
    Variable,
    VariableType,
    Weight,
    Wording,
)
from content.models.sending import SentTest, SentTestState

__all__ = [
    "Asset",
    "AssetGroupObjectPermission",
    "AssetStatus",
    "AssetUserObjectPermission",
    "AssetVersion",
    "Descent",
    "Draft",
    "Drawing",
    "DrawingSize",
    "DrawingState",
    "MediaFile",
    "Picture",
    "SampleProfile",
    "SentTest",
    "SentTestState",
    "Severity",
    "Use",
    "Variable",
    "VariableType",
    "Weight",
    "Wording",
]
