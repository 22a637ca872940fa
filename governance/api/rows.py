"""Changes and what hangs on them as plain values, ready to be rendered."""

from collections.abc import Collection, Iterable
from typing import Any

from cjops.core.subjects import HunkFacts
from cjops.documents import MISSING, Conflict, Hunk, Resolution
from governance import policies, queries, wording
from governance.decisions import Decision
from governance.integration import Integration
from governance.models import DELEGATION, Change, Delegation, LedgerEntry, SubjectKind, Suggestion
from governance.proposals import Document
from governance.smaller import Saving
from governance.subjects import subject_of
from governance.suggestions import hunk_of, is_outdated
from governance.visibility import sees
from people.models import User

Row = dict[str, Any]

_PLAIN = (
    "title",
    "channels",
    "hunk_count",
    "created_at",
    "updated_at",
    "submitted_at",
    "due_at",
    "scheduled_for",
    "published_at",
    "published_number",
)
_SUBJECT = tuple(f"{kind}__{name}" for kind in SubjectKind.values for name in ("key", "name"))
# What `.values()` has to read for `change_row`.
CHANGE_FIELDS = (
    *("number", "state", "revision", "digest", "kind", *_PLAIN, *_SUBJECT),
    *("author__email", "author__name", "base_number", "base_digest", "reverts_id", "restores"),
    *("live_moved_to", "conflict_count", "is_emergency", "after_review_due_at"),
)
LEDGER_FIELDS = (
    *("pk", "at", "action", "change_id", "revision", "from_state", "to_state", "digest"),
    *("reason", "data", "request_id", "kind", *_SUBJECT, "actor_id"),
    *("actor__email", "actor__name", "policy__key", "policy__name", "delegation_id"),
)


def change_row(row: Row) -> Row:
    """A change in a list, from the values of `CHANGE_FIELDS`."""
    return {
        "number": row["number"],
        "state": row["state"],
        "revision": row["revision"],
        "digest": row["digest"],
        "subject": _subject(row),
        "author": {"email": row["author__email"], "name": row["author__name"]},
        "base": {"number": row["base_number"], "digest": row["base_digest"]},
        "reverts": row["reverts_id"],
        "restores": row["restores"],
        "live_moved_to": row["live_moved_to"],
        "conflict_count": row["conflict_count"],
        "emergency": row["is_emergency"],
        "after_review_due_at": row["after_review_due_at"],
        **{name: row[name] for name in _PLAIN},
    }


def _subject(row: Row) -> Row:
    kind = row["kind"]
    if kind == DELEGATION:
        return {"kind": kind, "key": str(row["delegation_id"]), "name": ""}
    return {"kind": kind, "key": row[f"{kind}__key"], "name": row[f"{kind}__name"]}


def ledger_row(row: Row, data: Row) -> Row:
    """A ledger entry, from the values of `LEDGER_FIELDS`; its data as the reader may know them."""
    actor = {"email": row["actor__email"], "name": row["actor__name"]}
    return {
        "id": row["pk"],
        "at": row["at"],
        "actor": actor if row["actor_id"] else None,
        "action": row["action"],
        "change": row["change_id"],
        "subject": _subject(row),
        "revision": row["revision"],
        "from_state": row["from_state"],
        "to_state": row["to_state"],
        "digest": row["digest"],
        "reason": row["reason"],
        "data": data,
        "request_id": row["request_id"],
    }


def position(change: Change) -> Row:
    """Where a change stands."""
    return {
        "number": change.number,
        "state": change.state,
        "revision": change.revision,
        "digest": change.digest,
    }


def change_detail(change: Change, reader: User) -> Row:
    """A change with its texts and what the reader may do."""
    subject = subject_of(change)
    verdicts = policies.actions_for(reader, change)
    return {
        **position(change),
        "subject": {"kind": change.kind, "key": subject.key, "name": subject.name},
        "author": person(change.author),
        "base": base(change),
        "reverts": change.reverts_id,
        "restores": change.restores,
        "live_moved_to": change.live_moved_to,
        "conflict_count": change.conflict_count,
        "emergency": change.is_emergency,
        "after_review_due_at": change.after_review_due_at,
        "queued_behind": _ahead(change, reader),
        **{name: getattr(change, name) for name in _PLAIN},
        "rationale": change.rationale,
        "hypothesis": change.hypothesis,
        "actions": {
            action.value: {"allowed": verdict.allowed, "reason": verdict.reason}
            for action, verdict in verdicts.items()
        },
    }


def _ahead(change: Change, reader: User) -> int | None:
    """The change it waits for, if the reader sees that one."""
    ahead = change.queued_behind
    return ahead.pk if ahead and sees(reader, subject_of(ahead)) else None


def person(user: User) -> Row:
    """A person."""
    return {"email": user.email, "name": user.name}


def base(change: Change) -> Row:
    """The version a change was written on."""
    return {"number": change.base_number, "digest": change.base_digest}


def step_taken(entry: LedgerEntry) -> Row:
    """What a step led to.

    Read from the entry alone, so that a repeat gets the answer of the first call, whatever has
    happened to the change since.
    """
    row: Row = {
        "number": entry.change_id,
        "state": entry.to_state,
        "revision": entry.revision,
        "digest": entry.digest,
        "entry": {"id": entry.pk, "at": entry.at, "action": entry.action},
    }
    if "opened" in entry.data:
        row["opened"] = entry.data["opened"]
    if "waits_until" in entry.data:
        row["waits_until"] = entry.data["waits_until"]
    if "version" in entry.data:
        row["published_number"] = entry.data["version"]
    return row


def hunk(found: Hunk) -> Row:
    """A hunk with its changes."""
    return {
        "digest": found.digest,
        "element": found.element,
        "key": found.key,
        "op": found.op,
        "changes": field_changes(found),
    }


def field_changes(found: Hunk) -> list[Row]:
    """The fields of a hunk before and after."""
    return [
        {
            "op": change.op,
            "field": list(change.field),
            **present(before=change.before, after=change.after),
        }
        for change in found.changes
    ]


def proposed_hunk(facts: HunkFacts) -> Row:
    """A hunk of a change and what it touches."""
    return {
        **hunk(facts.hunk),
        "channels": sorted(facts.channels),
        "kinds": sorted(facts.kinds),
        "teams": sorted(facts.teams),
    }


def present(**values: Any) -> Row:
    """Those that are not absent; null is a value."""
    return {name: value for name, value in values.items() if value is not MISSING}


def suggestion(found: Suggestion, kind: str, proposed: Document) -> Row:
    """A suggested edit, seen from the document that is proposed now."""
    is_open = found.state == Suggestion.State.OPEN
    return {
        "id": found.pk,
        "author": person(found.author),
        "revision": found.revision,
        "element": found.element,
        "key": found.key,
        "edits": found.edits,
        "changes": field_changes(hunk_of(found, kind)),
        "comment": found.comment,
        "state": found.state,
        "is_outdated": is_open and is_outdated(found, kind, proposed),
        "created_at": found.created_at,
        "decided_by": person(found.decided_by) if found.decided_by else None,
        "decided_at": found.decided_at,
    }


def requirement(decision: Decision) -> Row:
    """A decision that is needed, and who may or did take it."""
    return {
        "key": decision.key,
        "label": decision.label,
        "reason": decision.reason,
        "why": decision.why,
        "policy": decision.policy or None,
        "version": decision.version or None,
        "round": decision.round,
        "is_open": decision.is_open,
        "is_stuck": decision.is_stuck,
        "hunks": list(decision.hunks),
        "quorum": decision.quorum,
        "due_at": decision.due_at,
        "met_at": decision.met_at,
        "escalated_at": decision.escalated_at,
        "people": people(decision.able),
        "given_by": [
            {
                **person(user),
                "on_behalf_of": person(decision.behalf[user.pk])
                if user.pk in decision.behalf
                else None,
            }
            for user in decision.given_by
        ],
    }


def looking(found: queries.Looking) -> Row:
    """Somebody who says that they are looking at a change."""
    return {"name": found.name, "until": found.until}


def delegation(found: Delegation, seen: Collection[int]) -> Row:
    """Who decides for whom, when and on what; `seen` are ids of journeys the reader may know of."""
    journey = found.journey
    is_hidden = journey is not None and journey.pk not in seen
    return {
        "id": found.pk,
        "giver": person(found.giver),
        "taker": person(found.taker),
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "channel": found.channel.key if found.channel else None,
        "team": found.team.key if found.team else None,
        "journey": journey.key if journey and not is_hidden else None,
        "is_journey_hidden": is_hidden,
        # It may say what the journey is about.
        "reason": "" if is_hidden else found.reason,
    }


def saving(found: Saving) -> Row:
    """What would not be needed if the change were smaller."""
    return {
        "why": found.sentence,
        "without": {"kind": found.kind or None, "element": found.element, "key": found.key},
        "requirements": list(found.needless),
    }


def people(users: Iterable[User]) -> list[Row]:
    """People, in the order given."""
    return [person(user) for user in users]


def conflict(found: Conflict, integration: Integration, resolution: Resolution | None) -> Row:
    """A place where live and the change say different things, and how it was settled."""
    about = integration.hunk_of(found)
    return {
        "fingerprint": found.fingerprint,
        **found.to_json(),
        "hunk": about.digest if about else None,
        "where": wording.place(integration.proposal.kind, integration.live, found),
        "why": wording.conflict(found),
        "resolution": resolution.to_json() if resolution else None,
    }
