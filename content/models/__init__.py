"""What is stored of content."""

from content.models.assets import (
    Asset,
    AssetGroupObjectPermission,
    AssetStatus,
    AssetUserObjectPermission,
    AssetVersion,
)
from content.models.collecting import Collected, Collection
from content.models.drafts import Draft
from content.models.finding import Deadline, LibraryRule, SearchRow, SearchWord
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
    "Collected",
    "Collection",
    "Deadline",
    "Descent",
    "Draft",
    "Drawing",
    "DrawingSize",
    "DrawingState",
    "LibraryRule",
    "MediaFile",
    "Picture",
    "SampleProfile",
    "SearchRow",
    "SearchWord",
    "SentTest",
    "SentTestState",
    "Severity",
    "Use",
    "Variable",
    "VariableType",
    "Weight",
    "Wording",
]
