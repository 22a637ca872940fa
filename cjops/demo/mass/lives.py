"""The life of a change as rows: revisions, requirements, reviews, ledger and messages."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cjops.demo.mass.asking import Asking, Needed, numbers
from cjops.demo.mass.copying import Copier, Row, array, json
from governance import gathering
from governance.entries import entry_body
from governance.models import (
    Change,
    ChangeRevision,
    FactSheet,
    LedgerEntry,
    Notification,
    Requirement,
    RequirementSource,
    Review,
    Verdict,
)
from governance.models import NotificationKind as Kind
from governance.ruling.evaluating import Sheet
from governance.transitions import Action, State

SUBMITTED_ONLY = (State.DRAFT,)
DECIDED = (State.APPROVED, State.SCHEDULED, State.PUBLISHED)
READ_AFTER = timedelta(days=3)
MOST_ASKED = 3


@dataclass(slots=True)
class Plan:
    """A change that is going to happen; `number` follows from when the others are opened."""

    opened: datetime
    state: State
    days: float
    number: int = 0


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a change proposes about which subject, and who is concerned.

    `subject` is (kind, primary key); `base` number and digest of the live version, with its JSON
    in `base_json` where the first revision repeats it.
    """

    subject: tuple[str, int]
    title: str
    base: tuple[int, str]
    base_json: str
    json: str
    digest: str
    hunk_count: int
    channels: list[str]
    needed: list[Needed]
    sheet: Sheet
    author: int
    publisher: int
    rationale: str = ""


class Lives:
    """Writes changes; keeps ledger and messages back, to number them by their times."""

    def __init__(self, copier: Copier, rng: random.Random, now: datetime, asking: Asking) -> None:
        self.copier, self.rng, self.now, self.asking = copier, rng, now, asking
        self.ledger, self.messages = copier.table(LedgerEntry), copier.table(Notification)
        self._entries: list[tuple[datetime, Row]] = []
        self._messages: list[tuple[int, Row]] = []

    def write(self, plan: Plan, proposed: Proposed, version: tuple[int, str] | None) -> datetime:
        """Play one change to the state of its plan; returns when it ended.

        `version` is number and digest of what it published.
        """
        life = _Life(self, plan, proposed)
        return life.play(version)

    def entry(self, at: datetime, values: dict[str, Any]) -> int:
        """Keep a ledger entry; returns a provisional number for its messages."""
        self._entries.append((at, self.ledger.row_of(values | {"id": 0, "at": at})))
        return len(self._entries) - 1

    def message(self, entry: int, values: dict[str, Any]) -> None:
        """Keep a message about a kept entry."""
        at = values["created_at"]
        is_old = at < self.now - READ_AFTER and self.rng.random() < 0.95
        row = values | {
            "id": 0,
            "entry_id": 0,
            "message_id": UUID(int=self.rng.getrandbits(128), version=4),
            "read_at": at + timedelta(hours=5) if is_old else None,
            "mailed_at": at,
            "attempts": 0,
            "attempted_at": None,
        }
        self._messages.append((entry, self.messages.row_of(row)))

    def finish(self) -> None:
        """Number what was kept back, in the order of time, and hand it over to be written."""
        order = sorted(range(len(self._entries)), key=lambda number: self._entries[number][0])
        first = self.ledger.next
        number_of = {provisional: first + place for place, provisional in enumerate(order)}
        place = self.ledger.columns.index("id")
        for provisional in order:
            row = self._entries[provisional][1]
            self.ledger.rows.append((*row[:place], number_of[provisional], *row[place + 1 :]))
        self._messages.sort(key=lambda kept: number_of[kept[0]])
        key, entry_key = (self.messages.columns.index(name) for name in ("id", "entry_id"))
        for number, (provisional, kept) in enumerate(self._messages, start=self.messages.next):
            values = list(kept)
            values[key], values[entry_key] = number, number_of[provisional]
            self.messages.rows.append(tuple(values))
        self._entries.clear()
        self._messages.clear()


class _Life:
    """One change being played."""

    def __init__(self, lives: Lives, plan: Plan, proposed: Proposed) -> None:
        self.lives, self.plan, self.proposed = lives, plan, proposed
        self.copier, self.rng = lives.copier, lives.rng
        self.at = plan.opened
        self.state: str = ""
        # A part of the changes was edited after it was opened, on what was live then.
        self.revision = 2 if proposed.base_json and self.rng.random() < 0.2 else 1
        self.tick = timedelta(days=plan.days / (len(proposed.needed) + 4))
        self.stamps: dict[str, datetime | int | None] = {
            "submitted_at": None,
            "published_at": None,
            "published_number": None,
            "due_at": None,
            "scheduled_for": None,
        }

    def play(self, version: tuple[int, str] | None) -> datetime:
        """Open, decide, end; then write the change as it stands."""
        self._open()
        if self.plan.state not in SUBMITTED_ONLY:
            self._submit()
            self._decide()
            self._end(version)
        self._write_change()
        return self.at

    def _open(self) -> None:
        self._step(Action.OPEN, State.DRAFT, self.proposed.author, revision=1)
        if self.revision == 2:
            self._revision(1, self.proposed.base_json, self.proposed.base[1])
            self._pass(0.5)
            self._step(Action.EDIT, State.DRAFT, self.proposed.author)
        self._revision(self.revision, self.proposed.json, self.proposed.digest)

    def _submit(self) -> None:
        proposed = self.proposed
        self._pass()
        due = [self.lives.asking.timed(self.at, needed).due for needed in proposed.needed]
        self.stamps |= {"submitted_at": self.at, "due_at": min(due)}
        self._sheet()
        hunks = sorted({digest for needed in proposed.needed for digest in needed.hunks})
        entry = self._step(
            Action.SUBMIT,
            State.IN_REVIEW,
            proposed.author,
            hunks=hunks,
            requirements=[needed.key for needed in proposed.needed],
            policies=sorted({needed.version for needed in proposed.needed}),
            why={needed.key: needed.matched for needed in proposed.needed},
        )
        asked = {person for needed in proposed.needed for person in needed.able[:MOST_ASKED]}
        self._tell(entry, Kind.DECISION_WANTED, asked - {proposed.author})

    def _decide(self) -> None:
        """Approvals of all requirements, or of some where the state says that more are wanted."""
        needed, state = self.proposed.needed, self.plan.state
        approved = len(needed) if state in DECIDED else 0
        if state in (State.IN_REVIEW, State.REJECTED, State.CHANGES_REQUESTED):
            approved = self.rng.randrange(len(needed))
        by_person: dict[int, list[Needed]] = {}
        for one in needed[:approved]:
            by_person.setdefault(one.decider, []).append(one)
        met: dict[str, datetime] = {}
        for number, (person, mine) in enumerate(by_person.items(), start=1):
            self._pass()
            is_last = approved == len(needed) and number == len(by_person)
            self._approve(person, mine, is_last)
            met |= {one.key: self.at for one in mine}
        for one in needed:
            self._requirement(one, met.get(one.key))

    def _approve(self, person: int, mine: list[Needed], is_last: bool) -> None:
        hunks = sorted({digest for one in mine for digest in one.hunks})
        covers = [one.key for one in mine]
        self._review(person, Verdict.APPROVE, hunks, covers)
        target = State.APPROVED if is_last else State.IN_REVIEW
        entry = self._step(Action.APPROVE, target, person, hunks=hunks, covers=covers)
        if is_last:
            self._tell(entry, Kind.APPROVED, {self.proposed.author} - {person})
            self._tell(entry, Kind.READY, {self.proposed.publisher} - {person})

    def _end(self, version: tuple[int, str] | None) -> None:
        """What follows the decisions, by state; nothing where more are waited for."""
        author, publisher = self.proposed.author, self.proposed.publisher
        state = self.plan.state
        if state == State.CHANGES_REQUESTED:
            decider = self.proposed.needed[-1].decider
            self._pass()
            self._review(decider, Verdict.REQUEST_CHANGES, [], [self.proposed.needed[-1].key])
            entry = self._step(Action.REQUEST_CHANGES, state, decider, reason="Shorter, please.")
            self._tell(entry, Kind.CHANGES_REQUESTED, {author} - {decider})
        elif state == State.REJECTED:
            self._pass()
            entry = self._step(Action.REJECT, state, publisher, reason="Not in this quarter.")
            self._tell(entry, Kind.REJECTED, {author} - {publisher})
        elif state == State.WITHDRAWN:
            self._pass()
            self._step(Action.WITHDRAW, state, author)
        elif state == State.SCHEDULED:
            self._pass()
            publish_at = self.lives.now + timedelta(days=self.rng.uniform(1, 20))
            self.stamps["scheduled_for"] = publish_at
            self._step(Action.SCHEDULE, state, publisher, publish_at=publish_at.isoformat())
        elif state == State.PUBLISHED and version is not None:
            self._pass()
            self.stamps |= {"published_at": self.at, "published_number": version[0]}
            entry = self._step(
                Action.PUBLISH,
                state,
                publisher,
                version=version[0],
                version_digest=version[1],
                parent_digest=self.proposed.base[1],
                scheduled_by=None,
            )
            self._tell(entry, Kind.PUBLISHED, {author} - {publisher})

    # --- rows --------------------------------------------------------------------------------

    def _pass(self, share: float = 1) -> None:
        self.at += self.tick * share

    def _subject(self) -> dict[str, Any]:
        kind, pk = self.proposed.subject
        subject: dict[str, Any] = {"kind": kind, "journey_id": None, "asset_id": None}
        return subject | {"taxonomy_id": None, f"{kind}_id": pk}

    def _step(
        self,
        action: Action,
        target: str,
        actor: int,
        *,
        reason: str = "",
        revision: int = 0,
        **data: object,
    ) -> int:
        before, self.state = self.state, target
        revision = revision or self.revision
        is_base = revision < self.revision
        values = self._subject() | {
            "actor_id": actor,
            "action": action.value,
            "change_id": self.plan.number,
            "policy_id": None,
            "delegation_id": None,
            "revision": revision,
            "from_state": before,
            "to_state": target,
            "digest": self.proposed.base[1] if is_base else self.proposed.digest,
            "reason": reason,
            "data": data,
            "request_id": "",
        }
        values["body"] = entry_body(values | {"at": self.at})
        return self.lives.entry(self.at, values | {"data": json(data)})

    def _tell(self, entry: int, kind: Kind, people: Iterable[int]) -> None:
        for person in sorted(people):
            values = {
                "user_id": person,
                "change_id": self.plan.number,
                "kind": kind.value,
                "created_at": self.at,
            }
            self.lives.message(entry, values)

    def _revision(self, number: int, document: str, digest: str) -> None:
        values = {
            "change_id": self.plan.number,
            "number": number,
            "document": document,
            "digest": digest,
            "base_number": self.proposed.base[0],
            "author_id": self.proposed.author,
            # Everything bound in it was live before.
            "content_authors": array([]),
            "created_at": self.at,
        }
        self.copier.add(ChangeRevision, values)

    def _sheet(self) -> None:
        change = Change(number=self.plan.number, revision=self.revision)
        row = gathering.to_row(change, self.proposed.sheet, self.at)
        values = {
            "change_id": self.plan.number,
            "revision": self.revision,
            "taken_at": self.at,
            "facts": json(row.facts),
            "parts": json(row.parts),
        }
        self.copier.add(FactSheet, values)

    def _requirement(self, needed: Needed, met_at: datetime | None) -> None:
        asked_at = self.stamps["submitted_at"]
        assert isinstance(asked_at, datetime)  # noqa: S101  (for mypy: it is submitted)
        asked = self.lives.asking.timed(asked_at, needed)
        until = met_at or self.lives.now
        # Whoever was late has been reminded: else the first round of a worker would do it.
        values = {
            "change_id": self.plan.number,
            "revision": self.revision,
            "key": needed.key,
            "reason": "policy",
            "params": json(needed.params),
            "policy_id": needed.version,
            "matched": json(needed.matched),
            "label": json(needed.label),
            "hunks": array(needed.hunks),
            "quorum": 1,
            "round": 1,
            "distinct": "",
            "leavers_fall": False,
            "is_asked_of_others": False,
            "approved_by": numbers([needed.decider] if met_at else []),
            "opened_at": asked_at,
            "remind_at": asked.remind,
            "reminded_at": asked.remind if asked.remind and asked.remind < until else None,
            "escalate_at": asked.escalate,
            "escalated_at": asked.escalate if asked.escalate and asked.escalate < until else None,
            "stuck_at": None,
            "due_at": asked.due,
            "met_at": met_at,
        }
        requirement = self.copier.add(Requirement, values)
        for source in needed.sources:
            self.copier.add(RequirementSource, source | {"requirement_id": requirement})

    def _review(self, person: int, verdict: Verdict, hunks: list[str], covers: list[str]) -> None:
        values = {
            "change_id": self.plan.number,
            "revision": self.revision,
            "reviewer_id": person,
            "on_behalf_of_id": None,
            "verdict": verdict.value,
            "comment": "Shorter, please." if verdict == Verdict.REQUEST_CHANGES else "",
            "hunks": array(hunks),
            "covers": array(covers),
            "created_at": self.at,
        }
        self.copier.add(Review, values)

    def _write_change(self) -> None:
        proposed = self.proposed
        values = {
            "title": proposed.title[:200],
            "rationale": proposed.rationale,
            "hypothesis": "",
            "state": self.plan.state.value,
            "author_id": proposed.author,
            "base_number": proposed.base[0],
            "base_digest": proposed.base[1],
            "revision": self.revision,
            "digest": proposed.digest,
            "channels": array(proposed.channels),
            "hunk_count": proposed.hunk_count,
            "created_at": self.plan.opened,
            "updated_at": self.at,
            "reverts_id": None,
            "restores": None,
            "queued_behind_id": None,
            "is_emergency": False,
            "after_review_due_at": None,
            "glass_broken_by_id": None,
            "policy_stamp": self.lives.asking.stamp if self.stamps["submitted_at"] else "",
            "live_moved_to": None,
            "conflict_count": 0,
        }
        self.copier.table(Change).add(
            self._subject() | values | self.stamps, number=self.plan.number
        )
