"""Changes, what they propose, who must decide, who did, and the ledger of it all."""

from governance.models.campaigns import Campaign, CampaignPart
from governance.models.changes import AboutSubject, Change, ChangeRevision, SubjectKind
from governance.models.decisions import (
    Appointment,
    FactSheet,
    Requirement,
    RequirementSource,
    Review,
    SourceKind,
    Verdict,
)
from governance.models.discussing import Remark
from governance.models.expiring import ExpiryNotice
from governance.models.following import OriginNotice
from governance.models.policies import Policy, PolicyVersion, Replay, ReplayRow
from governance.models.records import (
    DELEGATION,
    LEDGER_KINDS,
    POLICY,
    IdempotentRequest,
    LedgerEntry,
    Notification,
    NotificationKind,
)
from governance.models.timing import Delegation, FreezeWindow, Halt, PickUp
from governance.models.working import Claim, ConflictResolution, Suggestion, ViewedHunk

__all__ = [
    "DELEGATION",
    "LEDGER_KINDS",
    "POLICY",
    "AboutSubject",
    "Appointment",
    "Campaign",
    "CampaignPart",
    "Change",
    "ChangeRevision",
    "Claim",
    "ConflictResolution",
    "Delegation",
    "ExpiryNotice",
    "FactSheet",
    "FreezeWindow",
    "Halt",
    "IdempotentRequest",
    "LedgerEntry",
    "Notification",
    "NotificationKind",
    "OriginNotice",
    "PickUp",
    "Policy",
    "PolicyVersion",
    "Remark",
    "Replay",
    "ReplayRow",
    "Requirement",
    "RequirementSource",
    "Review",
    "SourceKind",
    "SubjectKind",
    "Suggestion",
    "Verdict",
    "ViewedHunk",
]
