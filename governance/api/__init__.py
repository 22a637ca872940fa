"""The API of changes: opening, editing, deciding, publishing, and what waits for whom."""

from governance.api.actions import ChangeAction
from governance.api.assets import AssetCollection
from governance.api.changes import ChangeDetail, ChangeDocument, ChangeEdits, ChangeList
from governance.api.inbox import Inbox
from governance.api.journeys import JourneyCollection, StepContent
from governance.api.ledger import LedgerList
from governance.api.looking import (
    ChangeChecks,
    ChangeConflicts,
    ChangeDiff,
    ChangeRequirements,
)

__all__ = [
    "AssetCollection",
    "ChangeAction",
    "ChangeChecks",
    "ChangeConflicts",
    "ChangeDetail",
    "ChangeDiff",
    "ChangeDocument",
    "ChangeEdits",
    "ChangeList",
    "ChangeRequirements",
    "Inbox",
    "JourneyCollection",
    "LedgerList",
    "StepContent",
]
