"""What a ledger entry says, as the canonical JSON that the log proves.

Ids instead of names: a person can be erased without breaking the proof.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cjops.core.sealing.sources import Source, body_of, moment

# Member of the body -> column. The second changes when the members do.
VERSION = 1
COLUMNS = {
    "action": "action",
    "actor": "actor_id",
    "asset": "asset_id",
    "change": "change_id",
    "data": "data",
    "delegation": "delegation_id",
    "digest": "digest",
    "from": "from_state",
    "journey": "journey_id",
    "kind": "kind",
    "policy": "policy_id",
    "reason": "reason",
    "request": "request_id",
    "revision": "revision",
    "taxonomy": "taxonomy_id",
    "to": "to_state",
}
SOURCE = Source(
    "governance",
    "governance.LedgerEntry",
    {
        "at": moment("at"),
        "v": str(VERSION),
        **{member: f"e.{column}" for member, column in COLUMNS.items()},
    },
)


def entry_body(columns: Mapping[str, Any]) -> str:
    """The body of an entry with these columns, by their names in the table."""
    at: datetime = columns["at"]
    members = {member: columns[column] for member, column in COLUMNS.items()}
    # Choices are strings of a class of their own.
    members |= {name: str(members[name]) for name in ("action", "from", "kind", "to")}
    said_at = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return body_of({**members, "at": said_at, "v": VERSION})
