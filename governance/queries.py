"""Reads: changes, who must decide about them, who did, and what waits for whom."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from governance.models import (
    Change,
    ChangeRevision,
    LedgerEntry,
    Notification,
    Requirement,
    RequirementSource,
    Review,
    Verdict,
)
from governance.subjects import subject_of
from governance.transitions import OPEN_STATES, Action, State
from governance.visibility import about_seen_by, sees, who_see
from journeys.models import (
    Journey,
    JourneyGrant,
    JourneyGroupObjectPermission,
    JourneyUserObjectPermission,
    Step,
)
from people.models import Channel, Membership, MembershipRole, Team, User


def get_change_for(*, user: User, number: int) -> Change:
    """The change with all a page about it shows of its subject; `NotFound` where invisible."""
    change = (
        Change.objects.select_related("author", "journey", "asset", "taxonomy", "reverts")
        .filter(pk=number)
        .first()
    )
    if change is None or not sees(user, subject_of(change)):
        raise NotFound(_("There is nothing at this address that you can see."))
    return change


def editor_ids(change: Change) -> set[int]:
    """Everybody whose work the change is: they do not decide on it.

    Who authored it or a revision of it, and who wrote content that it would make live.
    """
    revisions = change.revisions.order_by().values_list("author_id", "content_authors").distinct()
    return {
        change.author_id,
        *(person for author, writers in revisions for person in (author, *writers)),
    }


def edited_by(user: User, change: OuterRef) -> models.QuerySet[ChangeRevision]:
    """Revisions of a change by which the person is one of its editors."""
    return ChangeRevision.objects.filter(
        Q(author=user) | Q(content_authors__contains=[user.pk]), change=change
    )


def owns_a_step(user: User, change: Change) -> bool:
    """Whether a team of the person owns a step of the change's live journey."""
    return Step.objects.filter(journey=change.journey, team__memberships__user=user).exists()


def sources_of(user: User) -> Combinable:
    """Sources (`RequirementSource`) through which the person may decide, right now."""
    roles = roles_held(user, OuterRef("requirement__change__journey"))
    return sources_by_place(user) | (Q(role__isnull=False) & Exists(roles))


def sources_by_place(user: User) -> Q:
    """Sources that name the person, a team they lead, or a channel such a team stewards."""
    led = Membership.objects.filter(user=user, role=MembershipRole.LEAD).values("team")
    # By ids: a join to the stewards would multiply the sources before anything is ruled out.
    stewarded = Team.channels.through.objects.filter(team__in=led).values("channel")
    return Q(user=user) | Q(team__in=led) | Q(channel__in=stewarded)


def roles_held(user: User, journey: OuterRef) -> models.QuerySet[JourneyGrant]:
    """Grants by which the person holds a source's role on the journey."""
    teams = user.memberships.values("team")
    return JourneyGrant.objects.filter(
        Q(user=user) | Q(team__in=teams), role=OuterRef("role"), journey=journey
    )


def perhaps_waiting(user: User) -> models.QuerySet[Change]:
    """Changes under review of which something can be the person's to decide at all.

    Rules out most of them by their own row, before anybody looks at their requirements: stewards
    are those of the channels the change touches, and roles are held on its journey.
    """
    led = Membership.objects.filter(user=user, role=MembershipRole.LEAD).values("team")
    stewarded = Channel.objects.filter(steward_teams__in=led).order_by().values("key")
    # One by one, since an index answers each of them and none answers two.
    granted = (Q(user=user), Q(team__in=user.memberships.values("team")))
    named = (Q(user=user), Q(team__in=led))
    perhaps = Q(channels__overlap=ArraySubquery(stewarded))
    for mine in granted:
        journeys = JourneyGrant.objects.filter(mine).order_by()
        perhaps |= Q(journey__in=journeys.values("journey"))
    for mine in named:
        sources = RequirementSource.objects.filter(mine).order_by()
        perhaps |= Q(pk__in=sources.values("requirement__change"))
    return Change.objects.filter(perhaps, state=State.IN_REVIEW).exclude(author=user).order_by()


def open_requirements(user: User) -> models.QuerySet[Requirement]:
    """Requirements that wait for this person: current, unmet, and not of a change they edited."""
    edited = edited_by(user, OuterRef("change"))
    # Two questions about each waiting requirement. Asked as one, the planner starts from the
    # sources of all changes there ever were.
    sources = RequirementSource.objects.filter(requirement=OuterRef("pk"))
    by_place = sources.filter(sources_by_place(user))
    by_role = sources.filter(
        Exists(roles_held(user, OuterRef(OuterRef("change__journey")))), role__isnull=False
    )
    return Requirement.objects.filter(
        Exists(by_place) | Exists(by_role),
        change__in=perhaps_waiting(user),
        revision=F("change__revision"),
        met_at=None,
    ).exclude(Exists(edited))


def requirements_of(change: Change, user: User) -> models.QuerySet[Requirement]:
    """Requirements of this change's revision; `is_mine` says which the person may meet.

    Somebody who may decide may also ask for changes after an approval, so met ones count; state
    is not looked at.
    """
    mine = RequirementSource.objects.filter(sources_of(user), requirement=OuterRef("pk"))
    return Requirement.objects.filter(change=change, revision=change.revision).annotate(
        is_mine=Exists(mine)
    )


def waiting_for(user: User) -> models.QuerySet[Change]:
    """Changes on which this person can decide now: overdue first, then by due time, then by age."""
    return (
        Change.objects.visible_to(user)
        # The state once more: found by it, few changes are left to look at.
        .filter(pk__in=open_requirements(user).values("change"), state=State.IN_REVIEW)
        .select_related("author", "journey", "asset", "taxonomy")
        .order_by(F("due_at").asc(nulls_last=True), "submitted_at")
    )


def ready_for(user: User) -> models.QuerySet[Change]:
    """Approved changes that this person may publish."""
    publishable = (
        JourneyUserObjectPermission.objects.filter(
            user=user, permission__codename="publish_journey"
        )
        .order_by()
        .values("content_object")
        .union(
            JourneyGroupObjectPermission.objects.filter(
                group__user=user, permission__codename="publish_journey"
            )
            .order_by()
            .values("content_object")
        )
    )
    led = Membership.objects.filter(user=user, role=MembershipRole.LEAD).values("team")
    return (
        Change.objects.visible_to(user)
        .filter(state=State.APPROVED)
        .filter(Q(journey__in=publishable) | Q(asset__team__in=led) | Q(taxonomy__team__in=led))
        .select_related("author", "journey", "asset", "taxonomy")
        .order_by("updated_at")
    )


def authored_by(user: User) -> models.QuerySet[Change]:
    """The person's own open changes, the ones that want them first."""
    return (
        Change.objects.visible_to(user)
        .filter(author=user, state__in=OPEN_STATES)
        .select_related("author", "journey", "asset", "taxonomy")
        .order_by(
            models.Case(
                models.When(state=State.CHANGES_REQUESTED, then=0),
                models.When(state=State.DRAFT, then=1),
                default=2,
            ),
            "-updated_at",
        )
    )


def count_waiting(user: User, limit: int = 100) -> int:
    """How many changes wait for the person, counted no further than `limit`."""
    seen = open_requirements(user).filter(about_seen_by(user, "change__"))
    # Without the order by id, which would make each requirement a row of its own.
    return len(seen.order_by().values("change").distinct()[:limit])


def requirement_progress(changes: Iterable[Change]) -> dict[int, tuple[int, int]]:
    """For each change number: requirements met, and all, of the current revision."""
    rows = (
        Requirement.objects.filter(
            change__in=[change.pk for change in changes], revision=F("change__revision")
        )
        .values("change")
        .annotate(met=models.Count("met_at"), total=models.Count("pk"))
        .order_by()
    )
    return {row["change"]: (row["met"], row["total"]) for row in rows}


def deciders(
    requirements: list[Requirement], change: Change, editors: set[int] | None = None
) -> dict[int, list[User]]:
    """For each requirement (by id) the people who may meet it now, in a constant number of reads.

    `requirements` come with their sources prefetched; `editors` are those of `editor_ids`, read
    here where the caller has not.
    """
    sources = [source for requirement in requirements for source in requirement.sources.all()]
    editors = editor_ids(change) if editors is None else editors
    channels = {source.channel_id for source in sources if source.channel_id}
    teams = {source.team_id for source in sources if source.team_id}
    roles = {source.role_id for source in sources if source.role_id}
    by_channel: dict[int, set[int]] = {}
    by_team: dict[int, set[int]] = {}
    by_role: dict[int, set[int]] = {}
    for person, team, channel, role in _who_leads_or_holds(change, channels, teams, roles):
        for key, people in ((team, by_team), (channel, by_channel), (role, by_role)):
            if key and person:
                people.setdefault(key, set()).add(person)
    found: dict[int, set[int]] = {requirement.pk: set() for requirement in requirements}
    for source in sources:
        found[source.requirement_id] |= (
            by_channel.get(cast(int, source.channel_id), set())
            | by_team.get(cast(int, source.team_id), set())
            | by_role.get(cast(int, source.role_id), set())
            | ({source.user_id} if source.user_id else set())
        ) - editors
    seeing = who_see(subject_of(change), {one for people in found.values() for one in people})
    everyone = User.objects.filter(is_active=True).in_bulk(seeing)
    return {
        pk: sorted((everyone[p] for p in people if p in everyone), key=lambda user: user.name)
        for pk, people in found.items()
    }


def verdicts_on(change: Change) -> list[Review]:
    """What people decided about a change, oldest first, with the people; no mere comments."""
    decided = change.reviews.exclude(verdict=Verdict.COMMENT)
    return list(decided.select_related("reviewer").order_by("pk"))


Places = tuple[int | None, int | None, int | None, int | None]


def _who_leads_or_holds(
    change: Change, channels: set[int], teams: set[int], roles: set[int]
) -> Iterable[Places]:
    """People with the team they lead, a channel it stewards, or the role they hold: one query."""
    none = models.Value(None, output_field=models.BigIntegerField())
    parts: list[models.QuerySet[Any, Places]] = []
    if channels or teams:
        led = Membership.objects.filter(role=MembershipRole.LEAD, user__is_active=True).filter(
            Q(team__in=teams) | Q(team__channels__in=channels)
        )
        parts.append(led.order_by().values_list("user_id", "team_id", "team__channels", none))
    if roles and change.journey_id:
        grants = JourneyGrant.objects.filter(journey=change.journey_id, role__in=roles).order_by()
        parts += [
            grants.values_list(holder, none, none, "role_id")
            for holder in ("user_id", "team__memberships__user_id")
        ]
    return parts[0].union(*parts[1:], all=True) if parts else ()


def approvers(requirement: Requirement, reviews: list[Review], editors: set[int]) -> set[int]:
    """Ids of the people whose approvals cover all hunks of the requirement.

    An approval counts for the digests it was given on, in whatever revision, as long as its giver
    did not become one of the `editors`. Asking for changes takes back all approvals that meet the
    same requirement: whoever asked is not overruled by what somebody else said before.
    """
    wanted = set(requirement.hunks)
    approved = approved_hunks(requirement, reviews)
    return {person for person, hunks in approved.items() if wanted <= hunks} - editors


def approved_hunks(requirement: Requirement, reviews: list[Review]) -> dict[int, set[str]]:
    """By person the digests they approved towards a requirement, and did not take back."""
    approved: dict[int, set[str]] = {}
    for review in reviews:
        if review.verdict == Verdict.REQUEST_CHANGES:
            approved.pop(review.reviewer_id, None)
            if requirement.key in review.covers:
                approved.clear()
        elif requirement.key in review.covers:
            approved.setdefault(review.reviewer_id, set()).update(review.hunks)
    return approved


def publisher_ids(change: Change) -> set[int]:
    """Ids of the people who may publish on the change's subject (superusers left out)."""
    if change.journey_id:
        wanted = {
            "content_object": change.journey_id,
            "permission__codename": "publish_journey",
        }
        by_person = JourneyUserObjectPermission.objects.filter(**wanted).values_list(
            "user_id", flat=True
        )
        by_group = JourneyGroupObjectPermission.objects.filter(**wanted).values_list(
            "group__user", flat=True
        )
        return {person for person in by_person.union(by_group) if person}
    subject = change.asset or change.taxonomy
    if subject is None:
        return set()
    leads = Membership.objects.filter(team=subject.team_id, role=MembershipRole.LEAD)
    return set(leads.values_list("user_id", flat=True))


def is_plain_roll_back(change: Change) -> bool:
    """Whether the change still proposes what undoing another one came to, and nothing else."""
    if change.reverts_id is None:
        return False
    return change.revisions.filter(number=1, digest=change.digest).exists()


def who_scheduled(change: Change) -> User | None:
    """Who last put the change on the calendar."""
    entry = (
        change.ledger.filter(action=Action.SCHEDULE).select_related("actor").order_by("-pk").first()
    )
    return entry.actor if entry else None


def number_before(change: Change) -> int:
    """The version that was live before a published change; 0 if there was none."""
    entry = change.ledger.filter(action=Action.PUBLISH).order_by("-pk").first()
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


def conversation(change: Change) -> list[LedgerEntry]:
    """Everything that happened to the change, oldest first."""
    return list(change.ledger.select_related("actor").order_by("pk"))


def unread(user: User) -> models.QuerySet[Notification]:
    """The person's unread messages, newest first."""
    return (
        Notification.objects.filter(about_seen_by(user, "change__"), user=user, read_at=None)
        .select_related("change__journey", "change__asset", "change__taxonomy", "entry__actor")
        .order_by("-pk")
    )


def list_changes(
    *, user: User, q: str = "", state: str = "", channel: str = "", mine: str = ""
) -> models.QuerySet[Change]:
    """Changes the person sees, newest first; by default only open ones.

    `q` looks in titles and at the number, `mine` is author, decide or reviewed.
    """
    changes = (
        Change.objects.visible_to(user)
        .select_related("author", "journey", "asset", "taxonomy")
        .order_by("-number")
    )
    if state in State.values:
        changes = changes.filter(state=state)
    elif state != "all":
        changes = changes.filter(state__in=OPEN_STATES)
    if channel:
        changes = changes.filter(channels__contains=[channel])
    whose = {
        "author": Q(author=user),
        "decide": Q(pk__in=open_requirements(user).values("change")),
        "reviewed": Q(pk__in=user.reviews.order_by().values("change")),
    }
    changes = changes.filter(whose.get(mine, Q()))
    digits = q.upper().removeprefix("CR-")
    if q:
        wanted = Q(title__icontains=q)
        if digits.isdecimal() and digits.isascii() and len(digits) < 19:
            wanted |= Q(number=int(digits))
        changes = changes.filter(wanted)
    return changes


def with_open_changes(rows: models.QuerySet[Journey]) -> models.QuerySet[Journey]:
    """Those of the journeys that somebody is changing; who sees a journey sees its changes."""
    changing = Change.objects.filter(state__in=OPEN_STATES, journey__isnull=False)
    return rows.filter(pk__in=changing.order_by().values("journey"))
