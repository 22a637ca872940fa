"""The ledger as one list: decisions, and what else happened for those who may know of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import Q

from cjops.core.auditing import SOURCE as AUDIT
from cjops.core.models import AuditEntry, Leaf, TreeHead
from governance.entries import SOURCE as DECISIONS
from governance.models import LedgerEntry, Policy
from governance.queries.hiding import about_hidden
from governance.queries.telling import told_to
from governance.subjects import adapter_for, ids_of_key
from governance.transitions import Action
from people.models import User

# So many rows of each source are read at once for a file.
CHUNK = 500
# Without the approvals, and what follows from it.
GLASS = (Action.BREAK_GLASS, Action.STAND_BY, Action.OBJECT)
RELATED = ("actor", "change", "journey", "asset", "taxonomy", "policy", "delegation")
ABOUT_KINDS = {"policy": "governance.policy", "delegation": "governance.delegation"}

Entry = LedgerEntry | AuditEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; what is empty narrows nothing. `source` is that of the log, `who` part of a
    name or address, `subject` and `policy` are keys."""

    source: str = ""
    who: str = ""
    actor: int | None = None
    action: str = ""
    kind: str = ""
    subject: str = ""
    change: int | None = None
    policy: str = ""
    delegation: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    glass: bool = False


# Where a page begins: the time, the source and the id of the entry before.
Place = tuple[datetime, str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry; `position` is None while it waits to be sealed. `person` is the name of whom it is
    about: entries themselves hold ids."""

    source: str
    entry: Any
    position: int | None
    data: dict[str, Any]
    person: str = ""

    @property
    def place(self) -> Place:
        """Where the next page begins, if this is the last of one."""
        return self.entry.at, self.source, self.entry.pk


def sees_audit(user: User) -> bool:
    """Whether sign-ins, permissions and the like are for the person: auditors, governance leads."""
    rights = ("people.see_everything", "governance.manage_policies")
    return user.is_active and any(user.has_perm(right) for right in rights)


def decisions(user: User, wanted: Wanted) -> models.QuerySet[LedgerEntry]:
    """Entries of governance about what the person sees."""
    found = LedgerEntry.objects.listed_for(user).filter(_common(wanted))
    if wanted.glass:
        found = found.filter(action__in=GLASS)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.change is not None:
        found = found.filter(change=wanted.change)
    if wanted.subject:
        found = found.filter(_about_subject(user, wanted))
    if wanted.policy:
        found = found.filter(policy__key=wanted.policy)
    if wanted.delegation is not None:
        found = found.filter(delegation=wanted.delegation)
    return found


def audits(user: User, wanted: Wanted) -> models.QuerySet[AuditEntry]:
    """What else happened, but to what the person does not see; nothing for those whom it does not
    concern."""
    if wanted.glass or not sees_audit(user):
        return AuditEntry.objects.none()
    found = AuditEntry.objects.filter(_common(wanted)).exclude(about_hidden(user))
    if wanted.kind:
        kinds = {**{kind: _label(kind) for kind in ("journey", "asset", "taxonomy")}, **ABOUT_KINDS}
        found = found.filter(about=kinds.get(wanted.kind, wanted.kind))
    if wanted.change is not None:
        found = found.filter(about="governance.change", about_id=wanted.change)
    if wanted.subject:
        found = found.filter(_audit_about_subject(user, wanted))
    if wanted.policy:
        known = Policy.objects.filter(key=wanted.policy)
        found = found.filter(about=ABOUT_KINDS["policy"], about_id__in=known.values("pk"))
    if wanted.delegation is not None:
        found = found.filter(about=ABOUT_KINDS["delegation"], about_id=wanted.delegation)
    return found


def _label(kind: str) -> str:
    return adapter_for(kind).model._meta.label_lower


def _kinds(wanted: Wanted) -> list[str]:
    subjects = ["journey", "asset", "taxonomy"]
    return [wanted.kind] if wanted.kind in subjects else subjects


def _about_subject(user: User, wanted: Wanted) -> Q:
    found = Q(pk__in=())
    for kind, pk in ids_of_key(user, wanted.subject, _kinds(wanted)).items():
        found |= Q(**{kind: pk})
    return found


def _audit_about_subject(user: User, wanted: Wanted) -> Q:
    found = Q(pk__in=())
    for kind, pk in ids_of_key(user, wanted.subject, _kinds(wanted)).items():
        found |= Q(about=_label(kind), about_id=pk)
    return found


def _common(wanted: Wanted) -> Q:
    found = Q()
    if wanted.who:
        words = Q(email__icontains=wanted.who) | Q(name__icontains=wanted.who)
        found &= Q(actor__in=User.objects.filter(words).order_by().values("pk"))
    if wanted.actor is not None:
        found &= Q(actor=wanted.actor)
    if wanted.action:
        found &= Q(action=wanted.action)
    if wanted.since:
        found &= Q(at__gte=wanted.since)
    if wanted.until:
        found &= Q(at__lt=wanted.until)
    return found


def ledger_page(user: User, wanted: Wanted, before: Place | None, count: int) -> list[Line]:
    """So many entries, the newest first, from where the page before ended."""
    found: list[tuple[str, Entry]] = []
    for source, rows in _sources(user, wanted):
        found += [(source, row) for row in _before(rows, source, before)[:count]]
    found.sort(key=lambda one: (one[1].at, one[0], one[1].pk), reverse=True)
    return _lines(user, found[:count])


def whole_ledger(user: User, wanted: Wanted) -> Iterator[Line]:
    """All of them, the newest first, read by and by."""
    before: Place | None = None
    while page := ledger_page(user, wanted, before, CHUNK):
        yield from page
        before = page[-1].place


def _sources(user: User, wanted: Wanted) -> Iterator[tuple[str, models.QuerySet[Any]]]:
    if wanted.source in ("", DECISIONS.name):
        # Restricted ones are told apart by joins: the columns of the joined rows are not read.
        yield DECISIONS.name, decisions(user, wanted).select_related(*RELATED)
    if wanted.source in ("", AUDIT.name):
        yield AUDIT.name, audits(user, wanted).select_related("actor")


def _before(rows: models.QuerySet[Any], source: str, before: Place | None) -> models.QuerySet[Any]:
    rows = rows.order_by("-at", "-pk")
    if before is None:
        return rows
    at, name, pk = before
    if source > name:
        return rows.filter(at__lt=at)
    if source < name:
        return rows.filter(at__lte=at)
    return rows.filter(Q(at__lt=at) | Q(pk__lt=pk), at__lte=at)


def _lines(user: User, found: list[tuple[str, Entry]]) -> list[Line]:
    places = positions(found)
    told = told_to(user, (row.data for _source, row in found))
    people = _people(found)
    return [
        Line(source, row, places.get((source, row.pk)), data, people.get((source, row.pk), ""))
        for (source, row), data in zip(found, told, strict=True)
    ]


def _people(found: Iterable[tuple[str, Entry]]) -> dict[tuple[str, int], str]:
    """The names of those whom entries are about, by source and id of the entry."""
    label = User._meta.label_lower
    about = {
        (source, row.pk): row.about_id
        for source, row in found
        if isinstance(row, AuditEntry) and row.about == label
    }
    if not about:
        return {}
    rows = User.objects.filter(pk__in=set(about.values())).order_by()
    names = dict(rows.values_list("pk", "name"))
    return {place: names[pk] for place, pk in about.items() if pk in names}


def positions(found: Iterable[tuple[str, Entry]]) -> dict[tuple[str, int], int]:
    """Where entries stand in the log; what is not there waits to be sealed."""
    by_source: dict[str, list[int]] = {}
    for source, row in found:
        by_source.setdefault(source, []).append(row.pk)
    return {
        (source, row): position
        for source, rows in by_source.items()
        for row, position in positions_of(source, rows).items()
    }


def positions_of(source: str, rows: list[int]) -> dict[int, int]:
    """The same for rows of one source."""
    leaves = Leaf.objects.filter(source=source, row__in=rows)
    return dict(leaves.values_list("row", "position"))


@dataclass(frozen=True, slots=True)
class Seal:
    """The state of the log: its newest head, and when one was last kept elsewhere."""

    head: TreeHead | None
    anchor: AuditEntry | None


def seal_state() -> Seal:
    """How far the ledger is sealed."""
    anchors = AuditEntry.objects.filter(action="ledger.anchored").order_by("-pk")
    head = TreeHead.objects.order_by("-size").defer("peaks").first()
    return Seal(head, next(iter(islice(anchors, 1)), None))
