"""Which decisions a change needs. All policies that match add up; none overrides another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from governance.ruling.definitions import Need, Policy
from governance.ruling.explaining import Explained
from governance.ruling.facts import FACTS, FactType
from governance.ruling.nodes import Env
from governance.ruling.tables import Table

OF_PARTS = tuple(name for name, fact in FACTS.items() if fact.of_parts)
TRUTHS = frozenset(name for name, fact in FACTS.items() if fact.type is FactType.TRUTH)
# With more truths than this not every case is looked at.
MAX_CASES = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a change: of the whole, and of each part by the digest of its hunk.

    Of a part only facts that can be told of parts count (`Fact.of_parts`); all others are those of
    the change.
    """

    change: Env
    parts: tuple[tuple[str, Env], ...]

    @property
    def digests(self) -> tuple[str, ...]:
        return tuple(digest for digest, _env in self.parts)


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy in one of its versions."""

    policy: Policy
    version: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One decision that is needed: what a policy requires, on which hunks, and why.

    `matched` are the leaves of the predicate that made it apply, as JSON.
    """

    policy: Policy
    version: int
    need: Need
    hunks: tuple[str, ...]
    matched: tuple[dict[str, Any], ...]

    @property
    def name(self) -> tuple[str, str]:
        """What it is told from others by: the keys of policy and requirement."""
        return self.policy.key, self.need.key


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that is asked, and the hunks nobody is asked about: those block the change."""

    asked: tuple[Asked, ...]
    uncovered: frozenset[str]

    @property
    def is_covered(self) -> bool:
        """Whether somebody decides on every part; a change nobody is asked about is not."""
        return bool(self.asked) and not self.uncovered


@dataclass(frozen=True, slots=True)
class Traced:
    """Why a policy applies or not: to the change, and to parts that it sees alike.

    Parts are alike for which every leaf answers the same out of the same values that it asks
    about; what else it found is that of the first.
    """

    policy: Policy
    version: int
    change: Explained
    parts: tuple[tuple[Explained, tuple[str, ...]], ...]
    asked: tuple[Asked, ...]


class _Rows:
    """The sheet as a table: the change in row 0, then one row for all parts that are alike."""

    def __init__(self, sheet: Sheet) -> None:
        alike: dict[tuple[Any, ...], int] = {}
        self.envs: list[Env] = [sheet.change]
        self.digests: list[list[str]] = [[]]
        self.order = sheet.digests
        for digest, part in sheet.parts:
            own = {fact: part[fact] for fact in OF_PARTS if fact in part}
            name = tuple(own.items())
            if name not in alike:
                alike[name] = len(self.envs)
                self.envs.append({**sheet.change, **own})
                self.digests.append([])
            self.digests[alike[name]].append(digest)
        self.table = Table(self.envs)

    def of(self, bits: int) -> tuple[str, ...]:
        """The digests in these rows, in the order of the sheet."""
        wanted: set[str] = set()
        while bits:
            lowest = bits & -bits
            wanted.update(self.digests[lowest.bit_length() - 1])
            bits ^= lowest
        if len(wanted) == len(self.order):
            return self.order
        return tuple(digest for digest in self.order if digest in wanted)


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The rules in force together."""

    rules: tuple[Rule, ...] = ()

    def evaluate(self, sheet: Sheet) -> Outcome:
        """What the change needs."""
        rows = _Rows(sheet)
        asked = tuple(one for rule in self.rules for one in _asked(rule, rows))
        covered = {digest for one in asked for digest in one.hunks}
        return Outcome(asked, frozenset(rows.order) - covered)

    def asks(self, sheet: Sheet) -> Iterator[tuple[int, Need, tuple[str, ...]]]:
        """By place of the rule what is asked and on which hunks: `evaluate` without the reasons,
        for whoever looks at very many changes."""
        rows = _Rows(sheet)
        for place, rule in enumerate(self.rules):
            bits = rows.table.holds(rule.policy.when.node)
            for need in rule.policy.require if bits else ():
                if need.scope == "change":
                    if bits & 1:
                        yield place, need, rows.order
                elif there := bits & ~1:
                    yield place, need, rows.of(there)

    def trace(self, sheet: Sheet) -> tuple[Traced, ...]:
        """Each rule with its explanations, whether it applies or not."""
        rows = _Rows(sheet)
        return tuple(_traced(rule, rows) for rule in self.rules)


def evaluate(rules: Iterable[Rule], sheet: Sheet) -> Outcome:
    """What these rules ask of a change."""
    return PolicySet(tuple(rules)).evaluate(sheet)


def trace(rules: Iterable[Rule], sheet: Sheet) -> tuple[Traced, ...]:
    """Why each of these rules applies to a change or not."""
    return PolicySet(tuple(rules)).trace(sheet)


def _asked(rule: Rule, rows: _Rows) -> list[Asked]:
    node = rule.policy.when.node
    bits = rows.table.holds(node)
    if not bits:
        return []
    found: list[Asked] = []
    # By scope, since requirements of one policy and scope are asked for the same reason.
    told: dict[str, tuple[tuple[str, ...], tuple[dict[str, Any], ...]]] = {}
    for need in rule.policy.require:
        there = bits & 1 if need.scope == "change" else bits & ~1
        if not there:
            continue
        if need.scope not in told:
            hunks = rows.order if need.scope == "change" else rows.of(there)
            told[need.scope] = hunks, rows.table.why(node, there)
        hunks, matched = told[need.scope]
        found.append(Asked(rule.policy, rule.version, need, hunks, matched))
    return found


def _traced(rule: Rule, rows: _Rows) -> Traced:
    when = rule.policy.when
    # Row 0 is the change itself.
    groups = [bits for one in rows.table.alike(when.leaves()) if (bits := one & ~1)]
    parts = tuple(
        (when.explain(rows.envs[(bits & -bits).bit_length() - 1]), rows.of(bits))
        for bits in sorted(groups, key=lambda bits: bits & -bits)
    )
    change = when.explain(rows.envs[0])
    return Traced(rule.policy, rule.version, change, parts, tuple(_asked(rule, rows)))


def _is_certain(need: Need) -> bool:
    """Whether it asks about the whole change in any case: stewards alone are not asked where no
    channel is touched."""
    return need.scope == "change" and any(one.source != "stewards" for one in need.reviewers)


def covers(rules: Iterable[Rule], env: Mapping[str, Any]) -> bool:
    """Whether some requirement on the whole change is certain for every change of which `env` is
    known, whatever else it is.

    Facts that are true or false and not in `env` are tried both ways; where they are more than
    `MAX_CASES` the answer is no, to be on the safe side.
    """
    able: Sequence[Policy] = [
        rule.policy for rule in rules if any(_is_certain(need) for need in rule.policy.require)
    ]
    asked: set[str] = set().union(*(policy.when.facts for policy in able))
    open_truths = sorted((asked & TRUTHS) - env.keys())
    if len(open_truths) > MAX_CASES:
        # Those that hold in any case need no cases.
        return any(policy.when.known(env) for policy in able)
    return all(
        any(policy.when.known(case) for policy in able)
        for case in (
            {**env, **dict(zip(open_truths, answers, strict=True))}
            for answers in product((False, True), repeat=len(open_truths))
        )
    )
