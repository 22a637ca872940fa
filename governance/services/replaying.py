"""Trying policies on the changes of a period: started by somebody, run by a worker, resumable."""

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog
from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models.functions import Cast
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid, NotFound
from cjops.core.moments import range_errors
from governance import gathering
from governance.admission import admit, admit_text
from governance.models import Change, FactSheet, Replay, ReplayRow
from governance.proposals import proposal_of
from governance.queries.changes import with_live
from governance.queries.directory import about_changes, directory_for
from governance.queries.policies import definitions_in_force
from governance.queries.ruling import ruling
from governance.replaying import About, Compared, Directory, Pair, Tally
from governance.ruling.definitions import Definition, digest, load
from governance.ruling.evaluating import Rule, Sheet
from governance.services.recording import after_commit
from governance.stewardship import can_try
from people.models import User

log = structlog.get_logger(__name__)
State = Replay.State
AT_ONCE = 500
# A worker tells every few seconds how far it is; one that is silent for so long is gone.
SILENT = timedelta(minutes=3)
LOST = timedelta(minutes=1)
MOST_WAITING = 5
LONGEST_TITLE = 200
UNDER_WAY = (State.WAITING, State.RUNNING)


@dataclass(frozen=True, slots=True)
class _Stopped(Exception):
    """Somebody cancelled it, or another worker took it over."""


def candidate_from_text(text: str, *, only: bool = False) -> list[Definition]:
    """All policies that would be in force with those of a YAML text: in place of what has the same
    key. `only`: and with no others. Raises `DocumentInvalid`."""
    return candidate_with({one["key"]: one for one in admit_text(text)}, only=only)


def candidate_with(
    changed: Mapping[str, Definition | None], *, only: bool = False
) -> list[Definition]:
    """All policies that would be in force with these in place of what has the same key; None ends
    the policy of that key."""
    found = {} if only else {one["key"]: one for one in definitions_in_force()}
    together: dict[str, Definition | None] = {**found, **changed}
    return [one for one in together.values() if one is not None]


@transaction.atomic(durable=True)
def start_replay(
    *,
    candidate: Sequence[object],
    since: datetime,
    until: datetime,
    title: str = "",
    actor: User,
    queued: bool = True,
) -> Replay:
    """Put up for the worker that all changes submitted in a period are asked about these policies.

    `candidate` are all that would be in force. Raises `Invalid` or `DocumentInvalid` for what is
    no period or no policy, `Conflict` where the person has too many under way.
    """
    can_try(actor).require()
    now = timezone.now()
    if errors := range_errors(since=since, until=until):
        raise Invalid(_("This is no period that can be looked at."), errors=errors)
    if since >= min(until, now):
        raise Invalid(
            _("The period ends before it begins."),
            errors={
                "since": [_("Choose a day before the end of the period, and not after today.")]
            },
        )
    if Replay.objects.filter(asked_by=actor, state__in=UNDER_WAY).count() >= MOST_WAITING:
        raise Conflict(
            _("You have %(count)s replays under way. Wait for one of them, or cancel it.")
            % {"count": MOST_WAITING},
            code="too_many",
        )
    definitions = [admit(one) for one in candidate]
    keys = [one["key"] for one in definitions]
    if len(keys) != len(set(keys)):
        raise Invalid(_("Two of the policies have the same key."), code="repeated_key")
    replay = Replay.objects.create(
        title=title.strip()[:LONGEST_TITLE],
        asked_by=actor,
        candidate=definitions,
        since=since,
        until=min(until, now),
        created_at=now,
    )
    if queued:
        after_commit("replay", id=replay.pk)
    return replay


@transaction.atomic(durable=True)
def cancel_replay(*, id: int, actor: User) -> Replay:
    """End a replay that is under way; its worker stops at the next chance."""
    can_try(actor).require()
    replay = _locked(id)
    if replay is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    if replay.state not in UNDER_WAY:
        raise Conflict(_("This replay is over already."))
    replay.state, replay.finished_at = State.CANCELLED, timezone.now()
    replay.save(update_fields=["state", "finished_at"])
    return replay


def stalled(now: datetime) -> list[int]:
    """Ids of replays whose worker is gone, or whose task never arrived."""
    waiting = Replay.objects.filter(state=State.WAITING, created_at__lt=now - LOST)
    running = Replay.objects.filter(state=State.RUNNING)
    silent = [one.pk for one in running if _is_silent(one, now)]
    return sorted([*waiting.values_list("pk", flat=True), *silent])


def _is_silent(replay: Replay, now: datetime) -> bool:
    told = replay.summary.get("told_at")
    return told is None or datetime.fromisoformat(told) < now - SILENT


def run_replay(*, id: int, seconds: float | None = None) -> Replay | None:
    """Look at the changes, from where an earlier worker was; None where there is nothing to do.

    After so many `seconds` it is handed on to another task: none may run for long.
    What fails ends it with a sentence; a lost database is for whoever called: the task comes back.
    """
    before = ruling()
    claimed = _claim(id, before.stamp)
    if claimed is None:
        return None
    replay, token = claimed
    try:
        _Run(replay, token, before.rules).go(seconds)
    except _Stopped:
        log.info("replay_stopped", replay=id)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("replay_failed", replay=id)
        _fail(id, token)
    return Replay.objects.get(pk=id)


@transaction.atomic(durable=True)
def _claim(id: int, stamp: str) -> tuple[Replay, str] | None:
    """Take it for this worker; starts over where other policies are in force by now."""
    replay, now = _locked(id), timezone.now()
    if replay is None or replay.state not in UNDER_WAY:
        return None
    if replay.state == State.RUNNING and not _is_silent(replay, now):
        return None
    token = uuid.uuid4().hex
    if replay.state == State.WAITING or replay.summary.get("stamp") != stamp:
        replay.rows.all().delete()
        replay.summary, replay.done = {}, 0
        replay.total = _changes(replay).count()
        replay.started_at = now
    replay.state = State.RUNNING
    replay.summary |= {"run": token, "stamp": stamp, "told_at": now.isoformat()}
    replay.save(update_fields=["state", "summary", "done", "total", "started_at"])
    return replay, token


def _locked(id: int) -> Replay | None:
    rows = Replay.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk=id).first()


def _changes(replay: Replay) -> Any:
    return Change.objects.filter(
        submitted_at__gte=replay.since, submitted_at__lt=replay.until
    ).order_by("pk")


@transaction.atomic(durable=True)
def _fail(id: int, token: str) -> None:
    replay = _locked(id)
    if replay is None or replay.summary.get("run") != token or replay.state != State.RUNNING:
        return
    with translation.override(replay.asked_by.locale):
        replay.error = _(
            "Something went wrong after %(done)s of %(total)s changes. Start it once more; if that "
            "fails as well, tell whoever runs the portal."
        ) % {"done": replay.done, "total": replay.total}
    replay.state, replay.finished_at = State.FAILED, timezone.now()
    replay.save(update_fields=["state", "error", "finished_at"])


class _Run:
    """One worker's part of a replay."""

    def __init__(self, replay: Replay, token: str, before: Sequence[Rule]) -> None:
        self.replay, self.token = replay, token
        digests = {one["key"]: digest(one) for one in definitions_in_force()}
        # What is the same as now is asked once for both.
        known = {digests.get(rule.policy.key): rule for rule in before}
        after = [known.get(digest(one)) or Rule(load(one), 0) for one in replay.candidate]
        self.pair = Pair(before, after)
        self.directory: Directory = directory_for([*before, *after])
        self.tally = Tally.from_json(replay.summary)

    def go(self, seconds: float | None) -> None:
        """Chunk after chunk; each is written together with how far it came."""
        begun = time.monotonic()
        while numbers := self._next():
            if seconds is not None and time.monotonic() - begun > seconds:
                self._hand_on()
                return
            rows = list(self._looked_at(numbers))
            self._write(rows, at=numbers[-1], looked=len(numbers))
        self._finish()

    def _next(self) -> list[int]:
        changes = _changes(self.replay).filter(pk__gt=self.replay.summary.get("at", 0))
        return list(changes.values_list("pk", flat=True)[:AT_ONCE])

    def _looked_at(self, numbers: list[int]) -> Iterable[ReplayRow]:
        about = about_changes(numbers)
        sheets = _sheets(numbers)
        for number in numbers:
            found = self._compared(number, about.get(number), sheets)
            if found is not None and found:
                yield ReplayRow(
                    replay=self.replay,
                    change_id=number,
                    gap=found.gap,
                    deadlock=found.deadlock,
                    difference=found.to_json(),
                )

    def _compared(
        self, number: int, about: About | None, sheets: dict[int, Sheet]
    ) -> Compared | None:
        if about is None:
            # Taken back to a draft meanwhile.
            return None
        sheet = sheets.get(number) or _computed(number)
        if sheet is None:
            self.tally.counts["unreadable"] += 1
            return None
        found = self.pair.compare(sheet, about, self.directory)
        self.tally.count(about, found)
        return found

    def _write(self, rows: list[ReplayRow], *, at: int, looked: int) -> None:
        with transaction.atomic(durable=True):
            replay = self._mine()
            ReplayRow.objects.bulk_create(rows)
            replay.done += looked
            replay.total = max(replay.total, replay.done)
            told = {"at": at, "told_at": timezone.now().isoformat()}
            replay.summary = {**replay.summary, **self.tally.to_json(), **told}
            replay.save(update_fields=["done", "total", "summary"])
            self.replay = replay

    def _hand_on(self) -> None:
        with transaction.atomic(durable=True):
            replay = self._mine()
            # Silent from now on, so that whoever comes next may take it.
            replay.summary = {**replay.summary, "told_at": None}
            replay.save(update_fields=["summary"])
            after_commit("replay", id=replay.pk)

    def _finish(self) -> None:
        with transaction.atomic(durable=True):
            replay = self._mine()
            replay.summary = self.tally.to_json()
            replay.total = replay.done
            replay.state, replay.finished_at = State.DONE, timezone.now()
            replay.save(update_fields=["summary", "total", "state", "finished_at"])

    def _mine(self) -> Replay:
        replay = _locked(self.replay.pk)
        mine = replay is not None and replay.summary.get("run") == self.token
        if replay is None or not mine or replay.state != State.RUNNING:
            raise _Stopped
        return replay


def _sheets(numbers: list[int]) -> dict[int, Sheet]:
    """Of each change the facts as they were when people were last asked: one query."""
    rows = (
        FactSheet.objects.filter(change__in=numbers)
        .order_by("change_id", "-revision")
        .distinct("change_id")
    )
    # As text: reading JSON is most of the work, and this reader is several times as fast.
    texts = rows.annotate(
        said=Cast("facts", models.TextField()), of_parts=Cast("parts", models.TextField())
    )
    return {
        number: gathering.from_json(orjson.loads(facts), orjson.loads(parts))
        for number, facts, parts in texts.values_list("change_id", "said", "of_parts")
    }


def _computed(number: int) -> Sheet | None:
    """The facts from the documents, for what was asked before facts were kept; None where they
    cannot be read any more."""
    try:
        change = with_live(Change.objects.select_related("author")).get(pk=number)
        about = gathering.circumstances_of(change, change.submitted_at)
        return gathering.sheet_of(change, proposal_of(change), about)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("replay_unreadable", change=number)
        return None
