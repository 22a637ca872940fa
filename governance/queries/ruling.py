"""Which policies are in force, and what the portal knows that they may name."""

import hashlib
from dataclasses import dataclass

from governance.models import FreezeWindow, Policy, PolicyVersion
from governance.ruling.definitions import Known, load
from governance.ruling.definitions import Policy as Loaded
from governance.ruling.evaluating import PolicySet, Rule
from journeys.models import Journey
from people.models import Channel, Role, Team, TeamKind, User
from tags.models import Concept


@dataclass(frozen=True, slots=True)
class Ruling:
    """The policies in force together, and the version rows they come from."""

    rules: tuple[Rule, ...]
    # By key and number of the policy's version, its primary key.
    versions: dict[tuple[str, int], int]

    @property
    def policies(self) -> PolicySet:
        """What evaluates them."""
        return PolicySet(self.rules)

    @property
    def stamp(self) -> str:
        """Names just these versions of just these policies."""
        named = ",".join(str(pk) for pk in sorted(self.versions.values()))
        return hashlib.sha256(named.encode()).hexdigest()[:16]


def ruling() -> Ruling:
    """The policies in force now, in the order in which they were made: one query."""
    active = Policy.objects.filter(active__definition__isnull=False).order_by("pk")
    rows = list(active.values_list("active", "key", "active__number", "active__digest"))
    loaded = _loaded({digest for _pk, _key, _number, digest in rows})
    return Ruling(
        tuple(Rule(loaded[digest], number) for _pk, _key, number, digest in rows),
        {(key, number): pk for pk, key, number, _digest in rows},
    )


def active_rules() -> list[Rule]:
    """The same without the rows."""
    return list(ruling().rules)


# By digest: a definition never changes, and a process reads and compiles each of them once.
_compiled: dict[str, Loaded] = {}
MOST_COMPILED = 2_000


def _loaded(digests: set[str]) -> dict[str, Loaded]:
    missing = digests - _compiled.keys()
    if missing:
        if len(_compiled) > MOST_COMPILED:
            _compiled.clear()
            missing = digests
        rows = PolicyVersion.objects.filter(digest__in=missing, definition__isnull=False)
        for digest, definition in rows.values_list("digest", "definition"):
            _compiled[digest] = load(definition or {})
    return {digest: _compiled[digest] for digest in digests}


def known() -> Known:
    """What there is that policies may name."""
    journeys = frozenset(Journey.objects.order_by().values_list("key", flat=True))
    teams = frozenset(Team.objects.values_list("key", flat=True))
    people = frozenset(User.objects.filter(is_active=True).values_list("email", flat=True))
    concepts = Concept.objects.values_list("taxonomy__key", "key")
    return Known(
        roles=frozenset(Role.objects.values_list("key", flat=True)),
        teams=teams,
        team_kinds=frozenset(TeamKind.values),
        people=people,
        choices={
            "channels": frozenset(Channel.objects.values_list("key", flat=True)),
            "teams": teams,
            "owners": teams | people,
            # Markets and product lines are free text: a rule may come before its first journey.
            "journeys": journeys,
            "tags": frozenset(f"{taxonomy}:{key}" for taxonomy, key in concepts),
            "freezes": frozenset(FreezeWindow.objects.values_list("key", flat=True)),
        },
    )
