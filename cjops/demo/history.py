"""What happened: versions and changes, played through the services at the times they are dated.

A *script* is a generator: it does one thing, yields the moment of its next thing, and is resumed
when the clock of the whole history has come that far. So the ledger is in the order of its times,
and a change meets whatever other changes have published meanwhile.
"""

import heapq
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import content.services
from cjops.core.models import GovernedSubject
from cjops.demo import pictures, reading
from cjops.demo.clock import at
from cjops.demo.organisation import Organisation
from cjops.demo.pinning import Pins
from cjops.documents import edit
from content.models import Asset
from governance import queries
from governance.models import Change
from governance.services.editing import apply_edits, lock_change
from governance.services.opening import start
from governance.services.taking import advance
from governance.subjects import adapter_for
from governance.transitions import Action
from people.models import User

Script = Iterator[datetime]


@dataclass(slots=True)
class History:
    """The organisation and what it has made so far."""

    organisation: Organisation
    pins: Pins = field(default_factory=Pins)
    assets: dict[str, Asset] = field(default_factory=dict)

    def play(self) -> None:
        """Run all scripts, whichever is due next."""
        waiting = [
            (begin, number, script) for number, (begin, script) in enumerate(self._scripts())
        ]
        heapq.heapify(waiting)
        while waiting:
            moment, number, script = heapq.heappop(waiting)
            with at(moment):
                due = next(script, None)
            if due is not None:
                heapq.heappush(waiting, (max(due, moment), number, script))

    def _scripts(self) -> Iterable[tuple[datetime, Script]]:
        moment = self.organisation.moment
        for record in reading.records("taxonomies"):
            yield self._opened(record["key"], record), self._taxonomy(record)
        for record in reading.assets():
            first, *later = record["versions"]
            yield self._opened(record["key"], first), self._first_asset(record)
            for version in later:
                yield moment(version["days_ago"]), self._next_asset(record["key"], version)
        for record in reading.journeys():
            for version in record["versions"]:
                yield self._opened(record["key"], version), self._journey(record, version)
        for change in reading.records("changes"):
            yield moment(change["days_ago"]), self._change(change)

    def _opened(self, key: str, record: reading.Record) -> datetime:
        """When somebody began what was published then: one to three days before."""
        spread = zlib.crc32(key.encode()) % 1000 / 500
        return self.organisation.moment(record["days_ago"] + 1 + spread)

    # --- scripts -----------------------------------------------------------------------------

    def _taxonomy(self, record: reading.Record) -> Script:
        subject = self.organisation.taxonomies[record["key"]]
        title = _titled(record["document"]["name"])
        yield from self._published("taxonomy", subject, record, title)

    def _first_asset(self, record: reading.Record) -> Script:
        version = record["versions"][0]
        document, files = pictures.placed(version["document"])
        version = {**version, "document": document}
        written = content.services.create_asset(
            key=record["key"],
            name=version["document"]["name"],
            kind=version["document"]["kind"],
            team=self.organisation.teams[record["team"]],
            document=document,
            actor=self.organisation.people[version["author"]],
        )
        author = self.organisation.people[version["author"]]
        pictures.upload(asset=written.subject, files=files, actor=author)
        self.assets[record["key"]] = written.subject
        self.pins.add(written)
        title = _titled(version["document"]["name"])
        yield from self._published("asset", written.subject, version, title)

    def _next_asset(self, key: str, version: reading.Record) -> Script:
        """Somebody writes the next version; a journey that shows it makes it live."""
        before = self.pins.newest(key)
        written = content.services.add_version(
            asset=self.assets[key],
            document=edit(before.get_document(), version["edits"]),
            actor=self.organisation.people[version["author"]],
        )
        self.pins.add(written)
        yield from ()

    def _journey(self, record: reading.Record, version: reading.Record) -> Script:
        subject = self.organisation.journeys[record["key"]]
        title = version["title"]
        if "document" in version:
            title = _titled(version["document"]["name"])
        yield from self._published("journey", subject, version, title)

    def _published(
        self, kind: str, subject: GovernedSubject, version: reading.Record, title: str
    ) -> Script:
        """The change by which a version came about, reviewed by whoever it needs."""
        author = self.organisation.people[version["author"]]
        change = self._open(kind, subject, author, title, version)
        end = self.organisation.moment(version["days_ago"])
        yield _between(change.created_at, end, 0.2)
        self._take(change, Action.SUBMIT, author)
        share = 0.5
        for person in _deciders(change):
            yield _between(change.created_at, end, share)
            self._take(change, Action.APPROVE, person)
            share += 0.1
        yield end
        self._take(change, Action.PUBLISH, _publisher(change))

    def _change(self, record: reading.Record) -> Script:
        """A change of `changes.yaml`, up to the state it names."""
        author = self.organisation.people[record["author"]]
        kind, key = record["subject"]["kind"], record["subject"]["key"]
        subject = self.assets[key] if kind == "asset" else self.organisation.journeys[key]
        change = self._open(kind, subject, author, record["title"], record)
        for step in record["steps"]:
            yield self.organisation.moment(step["days_ago"])
            self._step(change, step, author)
        if change.state != record["state"]:
            raise AssertionError(f"{record['key']} is {change.state}, not {record['state']}")

    # --- what scripts are made of ------------------------------------------------------------

    def _open(
        self, kind: str, subject: GovernedSubject, author: User, title: str, record: reading.Record
    ) -> Change:
        document = None
        if "document" in record:
            document = self.pins.pinned(adapter_for(kind).load(record["document"]))
        subject.refresh_from_db(fields=["live_version"])
        change = start(
            subject=subject,
            kind=kind,
            title=title,
            actor=author,
            rationale=record.get("rationale", ""),
            hypothesis=record.get("hypothesis", ""),
            document=document,
        )
        if record.get("edits"):
            self._edit(change, author, record["edits"])
        return change

    def _edit(self, change: Change, author: User, edits: list[dict[str, Any]]) -> None:
        revision = change.revisions.get(number=change.revision)
        apply_edits(change=change, actor=author, edits=self.pins.complete(revision.document, edits))

    def _step(self, change: Change, step: reading.Record, author: User) -> None:
        actor = self.organisation.people[step["by"]] if "by" in step else author
        # Nobody else is at work, so this locks nothing; it refuses who does not see the change.
        lock_change(number=change.number, actor=actor)
        if step["do"] == "edit":
            self._edit(change, actor, step["edits"])
            return
        publish_at = None
        if "in_days" in step:
            publish_at = self.organisation.now + timedelta(days=step["in_days"])
        action = Action(step["do"].replace("_", "-"))
        self._take(change, action, actor, comment=step.get("text", ""), publish_at=publish_at)

    def _take(self, change: Change, action: Action, actor: User, **said: Any) -> None:
        advance(change=change, action=action, actor=actor, **said)
        if action is Action.PUBLISH and change.asset is not None:
            self.pins.add(change.asset.versions.get(number=change.published_number or 0))


def _titled(name: str) -> str:
    return f"{name}: first version"


def _between(begin: datetime, end: datetime, share: float) -> datetime:
    return begin + (end - begin) * share


def _deciders(change: Change) -> list[User]:
    """People who together meet all requirements, each needed for one at least."""
    requirements = list(
        change.requirements.filter(revision=change.revision).prefetch_related("sources")
    )
    able = queries.deciders(requirements, change)
    chosen: list[User] = []
    # The fewest first: who alone can meet one may meet others besides.
    for people in sorted(able.values(), key=len):
        if not any(person in people for person in chosen):
            chosen.append(people[change.number % len(people)])
    return chosen


def _publisher(change: Change) -> User:
    able = queries.publisher_ids(change)
    return User.objects.filter(pk__in=able, is_active=True).order_by("name")[0]
