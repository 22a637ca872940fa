"""Who is where, read at once: for whoever asks about very many changes."""

from collections.abc import Callable, Collection, Iterable
from functools import cache

from django.apps import apps
from django.db.models import Q

from governance.models import Change, ChangeRevision
from governance.models.decisions import Appointment
from governance.replaying import MANAGER_ROLE, NOBODY, About, Crew, Directory
from governance.ruling.definitions import Reviewers
from governance.ruling.evaluating import Rule
from governance.visibility import SUBJECTS, see_all_of
from journeys.models import JourneyRole
from people.models import Membership, MembershipRole, Role, Team, User


def directory_for(rules: Iterable[Rule]) -> Directory:
    """Everybody whom these rules may ask, as they are now: so many queries for any number."""
    wanted = {one for rule in rules for one in _reviewers_of(rule)}
    roles = {one.key for one in wanted if one.source == "role"}
    if any(one.source == "owner" for one in wanted):
        roles.add(MANAGER_ROLE)
    emails = {email for one in wanted for email in one.people}
    crews = _crews()
    return Directory(
        crews=crews,
        stewards=_stewards(crews),
        roles=frozenset(Role.objects.filter(key__in=roles).values_list("key", flat=True)),
        held=_held(roles) if roles else {},
        people=dict(
            User.objects.filter(email__in=emails, is_active=True).values_list("email", "pk")
        ),
        seers=_seers(),
    )


def _reviewers_of(rule: Rule) -> Iterable[Reviewers]:
    for need in rule.policy.require:
        yield from (*need.reviewers, *need.otherwise)
        if need.escalate:
            yield from need.escalate.to


def _crews() -> dict[str, Crew]:
    rows = Membership.objects.filter(user__is_active=True).order_by()
    leads: dict[str, set[int]] = {}
    members: dict[str, set[int]] = {}
    for team, user, role in rows.values_list("team__key", "user_id", "role"):
        members.setdefault(team, set()).add(user)
        if role == MembershipRole.LEAD:
            leads.setdefault(team, set()).add(user)
    teams = Team.objects.order_by("pk").values_list("key", "kind")
    return {
        key: Crew(kind, frozenset(leads.get(key, ())), frozenset(members.get(key, ())))
        for key, kind in teams
    }


def _stewards(crews: dict[str, Crew]) -> dict[str, tuple[str, ...]]:
    """By channel the teams that steward it and have somebody."""
    rows = Team.channels.through.objects.order_by("team_id").values_list(
        "channel__key", "team__key"
    )
    found: dict[str, list[str]] = {}
    for channel, team in rows:
        there = found.setdefault(channel, [])
        if crews[team].members:
            there.append(team)
    return {channel: tuple(teams) for channel, teams in found.items()}


def _held(roles: Collection[str]) -> dict[int, dict[str, frozenset[int]]]:
    """By journey and role who holds it, by themselves or in a team."""
    active = set(User.objects.filter(is_active=True).order_by().values_list("pk", flat=True))
    teams: dict[int, set[int]] = {}
    for team, user in Membership.objects.order_by().values_list("team_id", "user_id"):
        teams.setdefault(team, set()).add(user)
    found: dict[int, dict[str, set[int]]] = {}
    grants = JourneyRole.objects.filter(role__key__in=roles).order_by()
    rows = grants.values_list("journey_id", "role__key", "user_id", "team_id")
    for journey, role, user, team in rows.iterator(chunk_size=5_000):
        people = {user} if user else teams.get(team or 0, set())
        found.setdefault(journey, {}).setdefault(role, set()).update(people & active)
    return {
        journey: {role: frozenset(people) for role, people in by_role.items()}
        for journey, by_role in found.items()
    }


def _seers() -> Callable[[str, int], frozenset[int] | None]:
    """Who sees which restricted subject; `governance.visibility.who_see` for all of them."""
    in_group: dict[int, set[int]] = {}
    for group, user in User.groups.through.objects.values_list("group_id", "user_id"):
        in_group.setdefault(-group, set()).add(user)
    found: dict[tuple[str, int], tuple[frozenset[int], list[int]]] = {}
    for app, name, kind in SUBJECTS:
        model = apps.get_model(app, name)
        everything = frozenset(
            User.objects.filter(Q(is_superuser=True) | Q(pk__in=see_all_of(model)))
            .order_by()
            .values_list("pk", flat=True)
        )
        restricted = model._default_manager.filter(is_restricted=True).order_by()
        for pk, readers in restricted.values_list("pk", "readers"):
            found[kind, pk] = (everything, readers)

    @cache
    def seers(kind: str, subject: int) -> frozenset[int] | None:
        if (kind, subject) not in found:
            return None
        everything, readers = found[kind, subject]
        people = (in_group.get(one, NOBODY) if one < 0 else {one} for one in readers)
        return everything.union(*people)

    return seers


def about_changes(numbers: Collection[int]) -> dict[int, About]:
    """What the comparison asks about each of these changes: three queries."""
    editors: dict[int, set[int]] = {number: set() for number in numbers}
    revisions = ChangeRevision.objects.filter(change__in=numbers).order_by()
    for number, author, writers in revisions.values_list(
        "change_id", "author_id", "content_authors"
    ):
        editors[number].update(person for person in (author, *writers) if person)
    appointed: dict[int, dict[str, set[int]]] = {}
    named = Appointment.objects.filter(change__in=numbers, user__is_active=True).order_by()
    for number, key, user in named.values_list("change_id", "key", "user_id"):
        appointed.setdefault(number, {}).setdefault(key, set()).add(user)
    rows = Change.objects.filter(pk__in=numbers).order_by().values_list(
        "pk", "kind", "journey_id", "asset_id", "taxonomy_id",
        "asset__team__key", "taxonomy__team__key",
        "submitted_at", "author_id", "glass_broken_by_id",
    )  # fmt: skip
    return {
        pk: About(
            kind=kind,
            subject=journey or asset or taxonomy or 0,
            team=asset_team or taxonomy_team or "",
            month=f"{submitted:%Y-%m}",
            editors=frozenset(editors[pk] | {author} | ({breaker} if breaker else set())),
            appointed={key: frozenset(who) for key, who in appointed.get(pk, {}).items()},
        )
        for (
            pk, kind, journey, asset, taxonomy, asset_team, taxonomy_team, submitted, author,
            breaker,
        ) in rows
        if submitted
    }  # fmt: skip
