"""Screens of changes: what waits, the list, one change, its edits, and content for a step."""

from governance.views.bringing import content_import
from governance.views.campaigns import asset_submit, campaign_approve, campaign_detail
from governance.views.changes import change_detail, change_list
from governance.views.choosing import concept_options
from governance.views.comparing import version_compare, version_pick
from governance.views.content import change_preview, change_test, content_submit
from governance.views.creating import journey_create
from governance.views.deciders import change_deciders, change_pick_up, change_put_down
from governance.views.delegating import delegation_end, delegation_list
from governance.views.describing import change_describe
from governance.views.discussing import (
    change_content,
    change_content_frame,
    remark_answer,
    remark_discard,
    remark_resolve,
)
from governance.views.editing import (
    change_edit,
    change_edit_element,
    change_move_element,
    change_new_element,
    change_remove_element,
)
from governance.views.evidence import change_evidence, version_evidence
from governance.views.explaining import why
from governance.views.freezes import freeze_list
from governance.views.halting import journey_halt, journey_resume
from governance.views.inbox import inbox, notification_read_all
from governance.views.ledger import ledger_export, ledger_list
from governance.views.library import asset_bulk, asset_calendar, asset_retire, asset_unused
from governance.views.merging import change_rebase
from governance.views.opening import change_open
from governance.views.parts import change_hunk, change_picture
from governance.views.replacing import asset_replace
from governance.views.restoring import version_restore
from governance.views.revising import content_revise
from governance.views.suggesting import (
    change_suggest,
    suggestion_apply,
    suggestion_decline,
    suggestion_withdraw,
)
from governance.views.taking import change_take
from governance.views.texts import change_text
from governance.views.viewing import change_viewed

__all__ = [
    "asset_bulk",
    "asset_calendar",
    "asset_replace",
    "asset_retire",
    "asset_submit",
    "asset_unused",
    "campaign_approve",
    "campaign_detail",
    "change_content",
    "change_content_frame",
    "change_deciders",
    "change_describe",
    "change_detail",
    "change_edit",
    "change_edit_element",
    "change_evidence",
    "change_hunk",
    "change_list",
    "change_move_element",
    "change_new_element",
    "change_open",
    "change_pick_up",
    "change_picture",
    "change_preview",
    "change_put_down",
    "change_rebase",
    "change_remove_element",
    "change_suggest",
    "change_take",
    "change_test",
    "change_text",
    "change_viewed",
    "concept_options",
    "content_import",
    "content_revise",
    "content_submit",
    "delegation_end",
    "delegation_list",
    "freeze_list",
    "inbox",
    "journey_create",
    "journey_halt",
    "journey_resume",
    "ledger_export",
    "ledger_list",
    "notification_read_all",
    "remark_answer",
    "remark_discard",
    "remark_resolve",
    "suggestion_apply",
    "suggestion_decline",
    "suggestion_withdraw",
    "version_compare",
    "version_evidence",
    "version_pick",
    "version_restore",
    "why",
]
