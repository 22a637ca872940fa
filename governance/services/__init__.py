"""The only writers of a change: opening, editing, and taking one of its steps."""

from governance.services.breaking import mind_after_review
from governance.services.bringing import import_content, import_file
from governance.services.campaigning import start_campaign
from governance.services.delegating import delegate, end_delegation
from governance.services.discussing import answer, discard, resolve_thread, say_about
from governance.services.editing import describe_change, edit_change, replace_document
from governance.services.freezing import remove_freeze, save_freeze
from governance.services.halting import halt, resume
from governance.services.handing import hand_over
from governance.services.marking import mark_moved
from governance.services.opening import create_journey, open_change
from governance.services.picking_up import pick_up, put_down
from governance.services.queueing import leave_queue
from governance.services.reading import mark_all_read
from governance.services.reasking import UNDER_WAY, reask
from governance.services.rebasing import resolve
from governance.services.reminding import escalate, remind, to_escalate, to_remind
from governance.services.repeating import Repeat, written_once
from governance.services.restoring import restore_version
from governance.services.revising import places_of, revise_content
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
    "UNDER_WAY",
    "Repeat",
    "Viewed",
    "answer",
    "apply_suggestion",
    "create_journey",
    "decline_suggestion",
    "delegate",
    "describe_change",
    "discard",
    "edit_change",
    "end_delegation",
    "escalate",
    "halt",
    "hand_over",
    "import_content",
    "import_file",
    "leave_queue",
    "mark_all_read",
    "mark_moved",
    "mind_after_review",
    "open_change",
    "pick_up",
    "places_of",
    "publish_scheduled",
    "put_down",
    "reask",
    "remind",
    "remove_freeze",
    "replace_document",
    "resolve",
    "resolve_thread",
    "restore_version",
    "resume",
    "revise_content",
    "save_freeze",
    "say_about",
    "set_viewed",
    "start_campaign",
    "submit_content",
    "suggest",
    "take",
    "to_escalate",
    "to_remind",
    "withdraw_suggestion",
    "written_once",
]
