"""The only writers of a change: opening, editing, and taking one of its steps."""

from governance.services.editing import describe_change, edit_change, replace_document
from governance.services.opening import create_journey, open_change
from governance.services.reading import mark_all_read
from governance.services.repeating import Repeat, written_once
from governance.services.submitting import submit_content
from governance.services.taking import publish_scheduled, take

__all__ = [
    "Repeat",
    "create_journey",
    "describe_change",
    "edit_change",
    "mark_all_read",
    "open_change",
    "publish_scheduled",
    "replace_document",
    "submit_content",
    "take",
    "written_once",
]
