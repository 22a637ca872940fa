"""Changes, what they propose, who must decide, who did, and the ledger of it all."""

from governance.models.changes import AboutSubject, Change, ChangeRevision, SubjectKind
from governance.models.decisions import Requirement, RequirementSource, Review, Verdict
from governance.models.records import IdempotentRequest, LedgerEntry, Notification, NotificationKind
from governance.models.working import Claim, ConflictResolution, Suggestion, ViewedHunk

__all__ = [
    "AboutSubject",
    "Change",
    "ChangeRevision",
    "Claim",
    "ConflictResolution",
    "IdempotentRequest",
    "LedgerEntry",
    "Notification",
    "NotificationKind",
    "Requirement",
    "RequirementSource",
    "Review",
    "SubjectKind",
    "Suggestion",
    "Verdict",
    "ViewedHunk",
]
