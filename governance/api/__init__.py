"""The API of changes: opening, editing, deciding, publishing, and what waits for whom."""

from governance.api.actions import ChangeAction
from governance.api.assets import AssetCollection
from governance.api.bringing import AssetExport, ContentImport
from governance.api.campaigns import CampaignCollection, CampaignDetail
from governance.api.changes import ChangeDetail, ChangeDocument, ChangeEdits, ChangeList
from governance.api.clashes import ChangeClashes
from governance.api.delegating import ChangePickUp, DelegationCollection, DelegationEnd
from governance.api.evidence import (
    AssetEvidence,
    ChangeEvidence,
    JourneyEvidence,
    TaxonomyEvidence,
)
from governance.api.explaining import Why
from governance.api.halting import JourneyDetail, JourneyHalt, JourneyResume
from governance.api.inbox import Inbox
from governance.api.journeys import JourneyCollection, StepContent
from governance.api.ledger import LedgerList
from governance.api.looking import ChangeChecks, ChangeDiff, ChangeRequirements
from governance.api.merging import ChangeConflicts, ChangeResolutions
from governance.api.policies import (
    FactList,
    PolicyActivate,
    PolicyCollection,
    PolicyDecline,
    PolicyDetail,
    PolicyEnd,
    PolicyVersionList,
)
from governance.api.remarks import (
    ChangeRemarks,
    RemarkAnswers,
    RemarkDetail,
    RemarkReopen,
    RemarkResolve,
)
from governance.api.reviewing import (
    ChangeSuggestions,
    ChangeViewed,
    ChangeViewedHunk,
    SuggestionApply,
    SuggestionDecline,
    SuggestionWithdraw,
)
from governance.api.versions import AssetRestore, JourneyCompare, JourneyRestore

__all__ = [
    "AssetCollection",
    "AssetEvidence",
    "AssetExport",
    "AssetRestore",
    "CampaignCollection",
    "CampaignDetail",
    "ChangeAction",
    "ChangeChecks",
    "ChangeClashes",
    "ChangeConflicts",
    "ChangeDetail",
    "ChangeDiff",
    "ChangeDocument",
    "ChangeEdits",
    "ChangeEvidence",
    "ChangeList",
    "ChangePickUp",
    "ChangeRemarks",
    "ChangeRequirements",
    "ChangeResolutions",
    "ChangeSuggestions",
    "ChangeViewed",
    "ChangeViewedHunk",
    "ContentImport",
    "DelegationCollection",
    "DelegationEnd",
    "FactList",
    "Inbox",
    "JourneyCollection",
    "JourneyCompare",
    "JourneyDetail",
    "JourneyEvidence",
    "JourneyHalt",
    "JourneyRestore",
    "JourneyResume",
    "LedgerList",
    "PolicyActivate",
    "PolicyCollection",
    "PolicyDecline",
    "PolicyDetail",
    "PolicyEnd",
    "PolicyVersionList",
    "RemarkAnswers",
    "RemarkDetail",
    "RemarkReopen",
    "RemarkResolve",
    "StepContent",
    "SuggestionApply",
    "SuggestionDecline",
    "SuggestionWithdraw",
    "TaxonomyEvidence",
    "Why",
]
