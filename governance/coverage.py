"""Which subjects would find nobody to decide on them, whatever a change of them may be.

Asked before a policy ends or narrows: the last one that catches all must not go unnoticed.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.wording import listing
from governance.models import PolicyVersion
from governance.ruling.definitions import load
from governance.ruling.evaluating import Rule, covers
from governance.subjects import ADAPTERS
from journeys.models import Journey, JourneyRole
from people.models import User

# What is known of a subject before anybody proposes anything.
FIXED = ("subject", "key", "market", "product_line", "importance", "parents", "owners")
# Stands for every value that no policy names: those cannot be told apart.
OTHER = "\x00"
NAMED = 5

Facts = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Subjects for which no policy is certain to ask anybody.

    `names` are up to `NAMED` of those that the reader sees, `total` is how many there are in all.
    """

    names: tuple[str, ...] = ()
    total: int = 0

    def __bool__(self) -> bool:
        return self.total > 0


@dataclass(slots=True)
class _Subjects:
    """Rows that policies cannot tell apart: how many, and the first few to be named."""

    count: int = 0
    names: list[str] = field(default_factory=list)
    # Kind and id of restricted ones: who may hear of them is asked only where they are named.
    restricted: list[tuple[str, int]] = field(default_factory=list)

    def add(self, kind: str, pk: int, name: str, is_restricted: bool) -> None:
        self.count += 1
        if not is_restricted and len(self.names) < NAMED:
            self.names.append(name)
        elif is_restricted and len(self.restricted) < NAMED:
            self.restricted.append((kind, pk))

    def __add__(self, other: "_Subjects") -> "_Subjects":
        return _Subjects(
            self.count + other.count,
            (self.names + other.names)[:NAMED],
            (self.restricted + other.restricted)[:NAMED],
        )


def lost(before: Sequence[Rule], after: Sequence[Rule], reader: User) -> Uncovered:
    """What is covered by `before` and would not be by `after`."""
    return _named(
        [
            subjects
            for facts, subjects in _grouped([*before, *after])
            if not covers(after, facts) and covers(before, facts)
        ],
        reader,
    )


def lost_by(version: PolicyVersion, rules: Sequence[Rule], reader: User) -> Uncovered:
    """What `rules`, which are in force, cover and would not with this version in its place."""
    key = version.policy.key
    after = [rule for rule in rules if rule.policy.key != key]
    if len(after) == len(rules):
        return Uncovered()
    if version.definition is not None:
        after.append(Rule(load(version.definition), version.number))
    return lost(rules, after, reader)


def uncovered(rules: Sequence[Rule], reader: User) -> Uncovered:
    """What no rule is certain to cover."""
    return _named(
        [subjects for facts, subjects in _grouped(rules) if not covers(rules, facts)], reader
    )


def _grouped(rules: Iterable[Rule]) -> list[tuple[Facts, _Subjects]]:
    """All subjects by what the rules see of them; at most four queries, however many there are."""
    asked = _values_asked(rules)
    alike: dict[Row, _Subjects] = {}
    for pk, name, is_restricted, row in _rows(asked):
        alike.setdefault(row, _Subjects()).add(row[0], pk, name, is_restricted)
    merged: dict[tuple[frozenset[str], ...], _Subjects] = {}
    for row, subjects in alike.items():
        seen = tuple(_seen(value, asked.get(fact)) for fact, value in zip(FIXED, row, strict=True))
        known = merged.get(seen)
        merged[seen] = subjects if known is None else known + subjects
    return [(dict(zip(FIXED, seen, strict=True)), subjects) for seen, subjects in merged.items()]


def _seen(value: Collection[str], asked: frozenset[str] | None) -> frozenset[str]:
    """What conditions can tell of the values of a fact."""
    if asked is None:
        return frozenset()
    values = frozenset([value] if value else ()) if isinstance(value, str) else frozenset(value)
    return (values & asked) | ({OTHER} if values - asked else set())


def _values_asked(rules: Iterable[Rule]) -> dict[str, frozenset[str]]:
    """By fact the values that any condition names; facts that none asks for are left out."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        for leaf in rule.policy.when.leaves():
            if leaf.fact in FIXED:
                values = leaf.value if isinstance(leaf.value, tuple) else ()
                found.setdefault(leaf.fact, set()).update(values)
    return {fact: frozenset(values) for fact, values in found.items()}


# The values of FIXED.
Row = tuple[str, str, str, str, str, frozenset[str], frozenset[str]]
NONE: frozenset[str] = frozenset()


def _rows(asked: dict[str, frozenset[str]]) -> Iterator[tuple[int, str, bool, Row]]:
    """Id, name, whether it is restricted, and facts of everything that is governed."""
    named_keys = asked.get("key", NONE)
    owners = _owners() if "owners" in asked else {}
    journeys = list(
        Journey.objects.order_by("name", "pk").values_list(
            "pk", "key", "name", "is_restricted", "market", "product_line", "importance",
            "parent_id",
        )
    )  # fmt: skip
    above = {}
    if "parents" in asked:
        above = _ancestors({row[0]: (row[1], row[7]) for row in journeys})
    for pk, key, name, is_restricted, market, line, importance, _parent in journeys:
        key = key if key in named_keys else OTHER
        parents, people = above.get(pk, NONE), owners.get(pk, NONE)
        yield pk, name, is_restricted, ("journey", key, market, line, importance, parents, people)
    for kind in ("asset", "taxonomy"):
        model: Any = ADAPTERS[kind].model
        others = model._default_manager.order_by("name", "pk").values_list(
            "pk", "key", "name", "is_restricted", "team__key"
        )
        for pk, key, name, is_restricted, team in others:
            key = key if key in named_keys else OTHER
            yield pk, name, is_restricted, (kind, key, "", "", "", NONE, frozenset({team}))


def _owners() -> dict[int, frozenset[str]]:
    """By journey the teams and addresses of those who answer for it."""
    found: dict[int, set[str]] = {}
    grants = JourneyRole.objects.filter(role__is_owner=True).order_by()
    for journey, *names in grants.values_list("journey_id", "team__key", "user__email"):
        found.setdefault(journey, set()).update(name for name in names if name)
    return {journey: frozenset(names) for journey, names in found.items()}


def _ancestors(known: dict[int, tuple[str, int | None]]) -> dict[int, frozenset[str]]:
    """By journey the keys of all above it."""
    found = {}
    for pk, (_key, parent) in known.items():
        keys: set[str] = set()
        seen = {pk}
        while parent in known and parent not in seen:
            seen.add(parent)
            key, parent = known[parent]
            keys.add(key)
        found[pk] = frozenset(keys)
    return found


def _named(groups: Iterable[_Subjects], reader: User) -> Uncovered:
    """The groups together, with names as far as the reader may know them."""
    groups = list(groups)
    names = [name for group in groups for name in group.names]
    hidden = [one for group in groups for one in group.restricted]
    if hidden and len(names) < NAMED:
        for kind in sorted({kind for kind, _pk in hidden}):
            model: Any = ADAPTERS[kind].model
            ids = [pk for what, pk in hidden if what == kind]
            visible = (
                model._default_manager.all().visible_to(reader).filter(pk__in=ids).order_by("name")
            )
            names += visible.values_list("name", flat=True)[:NAMED]
    return Uncovered(tuple(names[:NAMED]), sum(group.count for group in groups))


def sentence(lost: Uncovered) -> str:
    """What would find no policy, as far as the reader may know."""
    if not lost.names:
        return ngettext(
            "Changes of one subject that you do not see would find no policy. Change another "
            "policy first, so that it applies to it.",
            "Changes of %(count)s subjects that you do not see would find no policy. Change "
            "another policy first, so that it applies to them.",
            lost.total,
        ) % {"count": lost.total}
    rest = lost.total - len(lost.names)
    if not rest:
        return _(
            "Changes of %(names)s would find no policy. Change another policy first, so that it "
            "applies to them."
        ) % {"names": listing(lost.names)}
    return ngettext(
        "Changes of %(names)s and of %(count)s more would find no policy. Change another policy "
        "first, so that it applies to them.",
        "Changes of %(names)s and of %(count)s more would find no policy. Change another policy "
        "first, so that it applies to them.",
        rest,
    ) % {"names": listing(lost.names), "count": rest}
