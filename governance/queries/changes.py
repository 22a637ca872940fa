"""Changes, found one by one or listed, and what happened to them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from governance.models import (
    Change,
    LedgerEntry,
    SubjectKind,
)
from governance.queries.looking import with_looks
from governance.queries.waiting import open_requirements
from governance.subjects import subject_id_of
from governance.transitions import OPEN_STATES, Action, State
from governance.visibility import ChangeQuerySet
from journeys.models import (
    Journey,
    Step,
)
from people.models import User

LIVE = tuple(f"{kind}__live_version" for kind in SubjectKind.values)


def with_live(changes: models.QuerySet[Change]) -> models.QuerySet[Change]:
    """Changes with their subjects and which version is live; what it says is read when asked."""
    return changes.select_related(*LIVE).defer(*(f"{live}__document" for live in LIVE))


def get_change_for(*, user: User, number: int, to_look_at: bool = False) -> Change:
    """The change with all a page about it shows of its subject; `NotFound` where invisible.

    `to_look_at`: with what the page of its parts asks about the person (see `with_looks`).
    """
    # Asked together: what is hidden takes as long as what is missing.
    changes = Change.objects.visible_to(user)
    if to_look_at:
        changes = with_looks(changes, user)
    change = (
        changes.select_related("author", "journey", "asset", "taxonomy", "reverts")
        .filter(pk=number)
        .first()
    )
    if change is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return change


def drafts_of(user: User, journey: Journey) -> list[Change]:
    """The drafts of the person for a journey, newest first; as many as anybody chooses from."""
    mine = Change.objects.visible_to(user).filter(author=user, journey=journey, state=State.DRAFT)
    return list(mine.order_by("-number")[:20])


def owns_a_step(user: User, change: Change) -> bool:
    """Whether a team of the person owns a step of the change's live journey."""
    return Step.objects.filter(journey=change.journey, team__memberships__user=user).exists()


def number_before(change: Change) -> int:
    """The version that was live before a published change; 0 if there was none."""
    entry = change.ledger.filter(action__in=PUBLICATIONS).order_by("-pk").first()
    if entry is None or not entry.data.get("parent_digest"):
        return 0
    if change.kind != "asset":
        return (change.published_number or 1) - 1
    assert change.asset is not None  # noqa: S101  (the check constraint says so)
    parent = change.asset.versions.filter(digest=entry.data["parent_digest"]).first()
    return parent.number if parent else 0


def open_changes_of(subject_field: str, ids: Iterable[int], user: User) -> dict[int, int]:
    """How many open changes each of these subjects has that the person may see."""
    rows = (
        Change.objects.visible_to(user)
        .filter(state__in=OPEN_STATES, **{f"{subject_field}__in": list(ids)})
        .values(subject_field)
        .annotate(count=models.Count("pk"))
        .order_by()
    )
    return {row[subject_field]: row["count"] for row in rows}


# The actions by which a change goes live.
PUBLICATIONS = (Action.PUBLISH, Action.BREAK_GLASS)


def looked_at_later(kind: str, subject: int) -> models.QuerySet[Change]:
    """Changes of a subject that went live without approval and are not looked at yet."""
    found = Change.objects.filter(**{kind: subject}, after_review_due_at__isnull=False)
    return found.select_related("glass_broken_by").order_by("pk")


def others_open(change: Change, user: User) -> models.QuerySet[Change]:
    """The other open changes of the same subject that the person sees, newest first."""
    subject = {change.kind: subject_id_of(change)}
    others = Change.objects.visible_to(user).filter(state__in=OPEN_STATES, **subject)
    return others.exclude(pk=change.pk).order_by("-pk")


def due_to_publish() -> models.QuerySet[Change]:
    """Scheduled changes whose turn has come: their time, or the change they wait for is live."""
    now = timezone.now()
    return Change.objects.filter(
        Q(scheduled_for__lte=now) | Q(scheduled_for=None, queued_behind__isnull=False),
        Q(queued_behind=None) | Q(queued_behind__state=State.PUBLISHED),
        state=State.SCHEDULED,
    )


def to_be_marked(kind: str, subject: int | None = None) -> models.QuerySet[Change]:
    """Open changes that do not say yet how live has moved under them, or say it of an old version.

    Of the subject with that primary key, or of all of the kind.
    """
    live = f"{kind}__live_version"
    changes = Change.objects.filter(
        Q(live_moved_to=None) | ~Q(live_moved_to=F(f"{live}__number")),
        ~Q(base_digest=F(f"{live}__digest")),
        kind=kind,
        state__in=OPEN_STATES,
        **{f"{live}__isnull": False},
    ) | Change.objects.filter(
        # Live is again what the change was written on.
        base_digest=F(f"{live}__digest"),
        kind=kind,
        state__in=OPEN_STATES,
        live_moved_to__isnull=False,
    )
    return (changes if subject is None else changes.filter(**{kind: subject})).order_by("pk")


def publication(kind: str, subject: int, entry: int | None = None) -> LedgerEntry | None:
    """The ledger entry of a publication, by default the newest one of a subject."""
    entries = LedgerEntry.objects.filter(action__in=PUBLICATIONS)
    entries = entries.filter(pk=entry) if entry else entries.filter(**{kind: subject})
    return entries.select_related("change__journey", "change__asset", "change__taxonomy").first()


def waits_in_vain() -> models.QuerySet[Change]:
    """Open changes that are queued behind one that will never be published."""
    ended = (State.REJECTED, State.WITHDRAWN)
    return Change.objects.filter(state__in=OPEN_STATES, queued_behind__state__in=ended)


def who_scheduled(change: Change) -> User | None:
    """Who last put the change on the calendar; the portal, which moves it there, is nobody."""
    entries = change.ledger.filter(action=Action.SCHEDULE, actor__isnull=False)
    entry = entries.select_related("actor").order_by("-pk").first()
    return entry.actor if entry else None


# What entries about a queue say of other changes: which one it waits for, which one ended.
IN_QUEUES = ("after", "ended")


def names_change(data: Mapping[str, Any], name: str) -> bool:
    """Whether that member of an entry's data is the number of a change: others have what was there
    before and after."""
    return isinstance(data.get(name), int) and bool(data[name])


def seen_in_queues(user: User, data: Iterable[dict[str, Any]]) -> set[int]:
    """Of the changes that data of ledger entries names as waited for, those the person sees.

    No query where it names none.
    """
    named = {one[name] for one in data for name in IN_QUEUES if names_change(one, name)}
    if not named:
        return set()
    seen = Change.objects.visible_to(user).filter(pk__in=named).order_by()
    return set(seen.values_list("pk", flat=True))


def conversation(change: Change) -> list[LedgerEntry]:
    """Everything that happened to the change, oldest first."""
    return list(change.ledger.select_related("actor").order_by("pk"))


def list_changes(
    *, user: User, q: str = "", state: str = "", channel: str = "", mine: str = ""
) -> models.QuerySet[Change]:
    """Changes the person sees, newest first; by default only open ones.

    `q` looks in titles and at the number, `mine` is author, decide or reviewed.
    """
    changes = (
        Change.objects.listed_for(user)
        .select_related("author", "journey", "asset", "taxonomy")
        .order_by("-number")
    )
    if state in State.values:
        changes = changes.filter(state=state)
    elif state != "all":
        changes = changes.filter(state__in=OPEN_STATES)
    if channel:
        changes = changes.filter(channels__contains=[channel])
    changes = _whose(changes, user, mine)
    digits = q.upper().removeprefix("CR-")
    if q:
        wanted = Q(title__icontains=q)
        if digits.isdecimal() and digits.isascii() and len(digits) < 19:
            wanted |= Q(number=int(digits))
        changes = changes.filter(wanted)
    return changes


def _whose(changes: ChangeQuerySet, user: User, mine: str) -> ChangeQuerySet:
    if mine == "author":
        return changes.filter(author=user)
    if mine == "decide":
        return changes.filter(pk__in=open_requirements(user).values("change"))
    if mine == "reviewed":
        return changes.filter(pk__in=user.reviews.order_by().values("change"))
    return changes


def with_open_changes(rows: models.QuerySet[Journey]) -> models.QuerySet[Journey]:
    """Those of the journeys that somebody is changing; who sees a journey sees its changes."""
    changing = Change.objects.filter(state__in=OPEN_STATES, journey__isnull=False)
    return rows.filter(pk__in=changing.order_by().values("journey"))


def as_rows(changes: models.QuerySet[Change]) -> models.QuerySet[Change]:
    """The same changes with no more than a row of a list shows: a third of the columns."""
    subjects = ("journey", "asset", "taxonomy")
    named = [f"{subject}__{column}" for subject in subjects for column in ("key", "name")]
    return changes.select_related("author", *subjects).only(
        "kind",
        "title",
        "state",
        "channels",
        "due_at",
        "scheduled_for",
        "updated_at",
        "base_number",
        "live_moved_to",
        "conflict_count",
        "is_emergency",
        "after_review_due_at",
        "author__name",
        "journey__importance",
        *named,
    )
