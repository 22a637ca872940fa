"""What waits for whom, and what somebody has under way."""

from collections.abc import Collection
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable

from cjops.core.visibility import sees_all
from governance.models import (
    Change,
    ChangeRevision,
    Delegation,
    Requirement,
    RequirementSource,
    SourceKind,
)
from governance.queries.acting import acts_for
from governance.transitions import OPEN_STATES, State
from governance.visibility import SUBJECTS, about_seen_by
from journeys.models import JourneyRole
from people.holding import rights_everywhere
from people.models import Channel, Membership, MembershipRole, Team, User
from people.rights import Kind

# No person's id: it stands in a statement for whoever asks.
ANYBODY = -7


def edited_by(user: User, change: OuterRef) -> models.QuerySet[ChangeRevision]:
    """Revisions of a change by which the person is one of its editors."""
    return ChangeRevision.objects.filter(
        Q(author=user) | Q(content_authors__contains=[user.pk]), change=change
    )


# Whoever is only asked when a decision is late counts from then on.
ASKED_NOW = ~Q(kind=SourceKind.ESCALATION) | Q(requirement__escalated_at__isnull=False)


def sources_of(user: User) -> Combinable:
    """Sources (`RequirementSource`) through which the person may decide, right now."""
    roles = roles_held(user, OuterRef("requirement__change__journey"))
    places = sources_by_place(user) | (Q(role__isnull=False) & Exists(roles))
    return ASKED_NOW & places


def sources_by_place(user: User) -> Q:
    """Sources that name the person, a team they lead or, where members do, are in, or a channel
    that such a team stewards."""
    led = Membership.objects.filter(user=user, role=MembershipRole.LEAD).values("team")
    # By ids: a join to the stewards would multiply the sources before anything is ruled out.
    stewarded = Team.channels.through.objects.filter(team__in=led).values("channel")
    member = Q(with_members=True, team__in=user.memberships.values("team"))
    return Q(user=user) | Q(team__in=led) | member | Q(channel__in=stewarded)


def roles_held(user: User, journey: OuterRef) -> models.QuerySet[JourneyRole]:
    """Grants by which the person holds a source's role on the journey."""
    teams = user.memberships.values("team")
    return JourneyRole.objects.filter(
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
    member = Q(with_members=True, team__in=user.memberships.values("team"))
    named = (Q(user=user), Q(team__in=led), member)
    perhaps = Q(channels__overlap=ArraySubquery(stewarded))
    for mine in granted:
        journeys = JourneyRole.objects.filter(mine).order_by()
        perhaps |= Q(journey__in=journeys.values("journey"))
    for mine in named:
        sources = RequirementSource.objects.filter(mine).order_by()
        perhaps |= Q(pk__in=sources.values("requirement__change"))
    found = Change.objects.filter(perhaps).filter(DECIDED_ON)
    # Nobody looks afterwards at what they let through themselves.
    return found.exclude(author=user).exclude(glass_broken_by=user).order_by()


# Under review, or published without the approvals and looked at afterwards.
DECIDED_ON = Q(state=State.IN_REVIEW) | Q(after_review_due_at__isnull=False)


def open_requirements(user: User) -> models.QuerySet[Requirement]:
    """Requirements that wait for this person, or for somebody they act for."""
    mine = asked_of(user)
    acting = acts_for(user)
    if not acting:
        return mine
    for one in acting:
        theirs = asked_of(one.giver).filter(*(_within(link) for link in one.links))
        seen = about_seen_by(one.giver, "change__")
        # Where anybody it passed through edited the change, nobody decides on it by that.
        hands = {user.pk} | one.hands
        edited = ChangeRevision.objects.filter(
            Q(author__in=hands) | Q(content_authors__overlap=sorted(hands)),
            change=OuterRef("change"),
        )
        theirs = theirs.filter(seen).exclude(change__author__in=hands).exclude(Exists(edited))
        theirs = theirs.exclude(change__glass_broken_by__in=hands).exclude(_part_of(user))
        mine = mine.union(theirs.exclude(approved_by__contains=[user.pk]), all=True)
    return Requirement.objects.filter(pk__in=[pk for (pk,) in mine.order_by().values_list("pk")])


def _part_of(user: User) -> Exists:
    """That different people have to decide, and the person is one of them already."""
    others = Requirement.objects.filter(
        change=OuterRef("change"),
        revision=OuterRef("revision"),
        distinct=OuterRef("distinct"),
        approved_by__contains=[user.pk],
    )
    return Exists(others.exclude(distinct="").exclude(pk=OuterRef("pk")))


def _within(link: Delegation) -> Q:
    """That a requirement is among those that a delegation hands on."""
    if link.journey_id:
        return Q(change__journey=link.journey_id)
    sources = RequirementSource.objects.filter(requirement=OuterRef("pk"))
    if link.channel is not None:
        about = Q(Exists(sources.filter(channel=link.channel_id)))
        return about | Q(params__channel=link.channel.key)
    if link.team_id:
        stewarded = Channel.objects.filter(steward_teams=link.team_id).values("pk")
        return Q(Exists(sources.filter(Q(team=link.team_id) | Q(channel__in=stewarded))))
    return Q()


def asked_of(user: User) -> models.QuerySet[Requirement]:
    """Requirements that wait for this person's own word: current, asked, unmet, not approved by
    them already, and not of a change they edited."""
    edited = edited_by(user, OuterRef("change"))
    # Two questions about each waiting requirement. Asked as one, the planner starts from the
    # sources of all changes there ever were.
    sources = RequirementSource.objects.filter(ASKED_NOW, requirement=OuterRef("pk"))
    by_place = sources.filter(sources_by_place(user))
    by_role = sources.filter(
        Exists(roles_held(user, OuterRef(OuterRef("change__journey")))), role__isnull=False
    )
    return Requirement.objects.filter(
        Exists(by_place) | Exists(by_role),
        change__in=perhaps_waiting(user),
        revision=F("change__revision"),
        met_at=None,
        opened_at__isnull=False,
    ).exclude(Exists(edited) | Q(approved_by__contains=[user.pk]))


def requirements_of(change: Change, user: User) -> models.QuerySet[Requirement]:
    """Requirements of this change's revision; `is_mine` says which the person may meet.

    Somebody who may decide may also ask for changes after an approval, so met ones count; state
    is not looked at.
    """
    return _whose(user).filter(change=change, revision=change.revision)


def requirements_of_each(changes: Collection[int], user: User) -> models.QuerySet[Requirement]:
    """The same of many changes, by their numbers."""
    found = _whose(user).filter(change__in=changes, revision=F("change__revision"))
    return found.select_related("policy__policy").defer("policy__definition")


def _whose(user: User) -> models.QuerySet[Requirement]:
    mine = RequirementSource.objects.filter(sources_of(user), requirement=OuterRef("pk"))
    return Requirement.objects.annotate(is_mine=Exists(mine))


def waiting_for(user: User) -> models.QuerySet[Change]:
    """Changes on which this person can decide now: overdue first, then by due time, then by age."""
    return (
        Change.objects.visible_to(user)
        # The state once more: found by it, few changes are left to look at.
        .filter(DECIDED_ON, pk__in=open_requirements(user).values("change"))
        .select_related("author", "journey", "asset", "taxonomy")
        .order_by(F("due_at").asc(nulls_last=True), "submitted_at")
    )


def ready_for(user: User) -> models.QuerySet[Change]:
    """Approved changes that this person may publish."""
    led = Membership.objects.filter(user=user, role=MembershipRole.LEAD).values("team")
    publishable = Q(asset__team__in=led) | Q(taxonomy__team__in=led)
    for app, name, kind in SUBJECTS:
        publishable |= _publishable(user, app, name, kind)
    return (
        Change.objects.visible_to(user)
        .filter(state=State.APPROVED)
        .filter(publishable)
        .select_related("author", "journey", "asset", "taxonomy")
        .order_by("updated_at")
    )


def _publishable(user: User, app: str, name: str, kind: Kind) -> Q:
    """That a change is about a subject of that kind on which the person may publish."""
    right = f"publish_{kind}"
    if right in rights_everywhere(user, kind):
        return Q(**{f"{kind}__isnull": False})
    found = Q()
    for suffix, holder in (("User", "user"), ("Group", "group__user")):
        rows: Any = apps.get_model(app, f"{name}{suffix}ObjectPermission").objects
        mine = rows.filter(**{holder: user, "permission__codename": right}).order_by()
        found |= Q(**{f"{kind}__in": mine.values("content_object")})
    return found


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
    """How many changes wait for the person, counted no further than `limit`.

    Every page shows it, and Django takes five times as long to put this question together as
    PostgreSQL takes to answer it. So it is put together once, for nobody in particular.
    """
    if acts_for(user):
        waiting = open_requirements(user).filter(about_seen_by(user, "change__"))
        return waiting.order_by().values("change").distinct()[:limit].count()
    # What somebody sees all of changes the question.
    everywhere = tuple(
        kind for app, name, kind in SUBJECTS if sees_all(user, apps.get_model(app, name))
    )
    statement, values = _counting(everywhere)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({statement} LIMIT %s) AS waiting",  # noqa: S608  (our own)
            [*(_of(user, value) for value in values), limit],
        )
        return int(cursor.fetchone()[0])


def _of(user: User, value: Any) -> Any:
    """A value of the statement, the person's id in the place of nobody's."""
    if isinstance(value, list):
        return [_of(user, one) for one in value]
    return user.pk if value == ANYBODY else value


@cache
def _counting(everywhere: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """The changes that wait for ANYBODY who sees all of these kinds, as SQL and its values."""
    anybody = User(pk=ANYBODY)
    anybody._everywhere = set()  # type: ignore[attr-defined]
    anybody.given = [f"view_{kind}" for kind in everywhere]  # type: ignore[attr-defined]
    waiting = open_requirements(anybody).filter(about_seen_by(anybody, "change__"))
    # Without the order by id, which would make each requirement a row of its own.
    return waiting.order_by().values("change").distinct().query.sql_with_params()
