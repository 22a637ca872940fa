"""What happened in the portal beside the decisions: sign-ins, permissions, exports, edits in the
administration. The log proves these entries like those of governance."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise

from cjops.core.logs import request_id
from cjops.core.models import AuditEntry
from cjops.core.sealing.sources import Source, body_of, moment

# Member of the body -> column. The version changes when the members do.
VERSION = 1
COLUMNS = {
    "about": "about",
    "action": "action",
    "actor": "actor_id",
    "data": "data",
    "id": "about_id",
    "reason": "reason",
    "request": "request_id",
}
SOURCE = Source(
    "portal",
    "core.AuditEntry",
    {
        "at": moment("at"),
        "v": str(VERSION),
        **{member: f"e.{column}" for member, column in COLUMNS.items()},
    },
)
_labels: dict[str, str | Promise] = {}


def register_actions(labels: Mapping[str, str | Promise]) -> None:
    """Name actions, such as "grant.given", in words; for `AppConfig.ready`."""
    _labels.update(labels)


def actions() -> dict[str, str | Promise]:
    """All actions there are, and their names."""
    return dict(_labels)


def note(
    action: str,
    *,
    actor: models.Model | None,
    about: models.Model | None = None,
    data: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write down, in the caller's transaction, what `actor` did (None: the portal or a stranger).

    `about` is the row it was done to, stored. `data` is JSON of ids and codes: no names, addresses
    or secrets, so that erasing a person leaves the proof whole. An unknown action is a `KeyError`.
    """
    if action not in _labels:
        raise KeyError(action)
    entry = AuditEntry(
        at=timezone.now(),
        actor_id=actor.pk if actor else None,
        action=action,
        about=about._meta.label_lower if about else "",
        about_id=about.pk if about else None,
        data=dict(data or {}),
        reason=reason,
        request_id=request_id(),
    )
    entry.body = entry_body(entry)
    entry.save(force_insert=True)
    return entry


def entry_body(entry: AuditEntry) -> str:
    """The canonical JSON of an entry."""
    at: datetime = entry.at
    members = {member: getattr(entry, column) for member, column in COLUMNS.items()}
    said_at = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return body_of({**members, "at": said_at, "v": VERSION})
