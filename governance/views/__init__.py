"""Screens of changes: what waits, the list, one change, its edits, and content for a step."""

from governance.views.changes import change_detail, change_list, change_take
from governance.views.choosing import concept_options
from governance.views.content import change_preview, content_submit
from governance.views.creating import journey_create
from governance.views.describing import change_describe
from governance.views.editing import (
    change_edit,
    change_edit_element,
    change_move_element,
    change_new_element,
    change_remove_element,
)
from governance.views.inbox import inbox, notification_read_all
from governance.views.opening import change_open
from governance.views.texts import change_text

__all__ = [
    "change_describe",
    "change_detail",
    "change_edit",
    "change_edit_element",
    "change_list",
    "change_move_element",
    "change_new_element",
    "change_open",
    "change_preview",
    "change_remove_element",
    "change_take",
    "change_text",
    "concept_options",
    "content_submit",
    "inbox",
    "journey_create",
    "notification_read_all",
]
