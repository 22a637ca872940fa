"""The only writers of a change: opening, editing, and taking one of its steps."""

from governance.services.editing import describe_change, edit_change, replace_document
from governance.services.marking import mark_moved
from governance.services.opening import create_journey, open_change
from governance.services.queueing import leave_queue
from governance.services.reading import mark_all_read
from governance.services.rebasing import resolve
from governance.services.repeating import Repeat, written_once
from governance.services.restoring import restore_version
from governance.services.submitting import submit_content
from governance.services.suggesting import (
    apply_suggestion,
    decline_suggestion,
    suggest,
    withdraw_suggestion,
)
from governance.services.taking import publish_scheduled, take
from governance.services.viewing import Viewed, set_viewed

__all__ = [
    "Repeat",
    "Viewed",
    "apply_suggestion",
    "create_journey",
    "decline_suggestion",
    "describe_change",
    "edit_change",
    "leave_queue",
    "mark_all_read",
    "mark_moved",
    "open_change",
    "publish_scheduled",
    "replace_document",
    "resolve",
    "restore_version",
    "set_viewed",
    "submit_content",
    "suggest",
    "take",
    "withdraw_suggestion",
    "written_once",
]
