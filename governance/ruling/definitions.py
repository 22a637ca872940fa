"""The policy as a document: read, checked, completed, and as frozen values to work with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cjops.documents import digest as digest_of
from governance.ruling import needs
from governance.ruling.checking import LANGUAGES, Checking
from governance.ruling.facts import CHOICES, FACTS
from governance.ruling.nodes import Leaf, Node, Not
from governance.ruling.predicates import Predicate, parse
from governance.ruling.problems import Malformed, Problem, below, nearest, shown

SCHEMA = "policy/1"
MAX_NEEDS = 20
MAX_NAME = 200
MAX_DESCRIPTION = 2000
MEMBERS = ("schema", "key", "name", "description", "when", "second_admin", "require")

Definition = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reviewers:
    """One kind of people who may decide: `source` is one of stewards, owner, role, team,
    team_kind and people; `key` names the role, team or kind, `people` are e-mail addresses."""

    source: str
    key: str = ""
    who: str = ""
    people: tuple[str, ...] = ()

    @property
    def needs_parts(self) -> bool:
        """Whether who they are follows from what is touched."""
        return self.source == "stewards"


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whom to ask besides, so many hours after a decision was due."""

    after: int
    to: tuple[Reviewers, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement: who has to decide, on what, how many of them, and how soon."""

    key: str
    name: Mapping[str, str]
    reviewers: tuple[Reviewers, ...]
    otherwise: tuple[Reviewers, ...] = ()
    quorum: int = 1
    scope: str = "change"
    round: int = 1
    distinct: str = ""
    hours: int = 72
    remind_after: int | None = None
    escalate: Escalation | None = None
    leavers: str = "stand"


@dataclass(frozen=True, slots=True)
class Policy:
    """When it applies, and what it then requires."""

    key: str
    name: Mapping[str, str]
    when: Predicate
    require: tuple[Need, ...]
    description: Mapping[str, str] = field(default_factory=dict)
    second_admin: bool = False


def complete(raw: object) -> Definition:
    """The whole policy that the possibly short `raw` stands for, members in one order.

    Raises `Malformed` with every problem, each at its JSON pointer.
    """
    check = Checking()
    said = check.mapping(raw, "", MEMBERS, ("key", "name", "when", "require"))
    if said.get("schema", SCHEMA) != SCHEMA:
        check.refuse("/schema", "unknown_schema", schema=shown(said["schema"]), known=SCHEMA)
    result: Definition = {
        "schema": SCHEMA,
        "key": check.slug(said["key"], "/key", 60) if "key" in said else "",
        "name": check.names(said["name"], "/name", MAX_NAME) if "name" in said else {},
        "description": _description(check, said.get("description")),
        "when": _when(check, said["when"]) if "when" in said else {},
        "second_admin": check.truth(said.get("second_admin", False), "/second_admin"),
        "require": _require(check, said["require"]) if "require" in said else [],
    }
    if check.problems:
        raise Malformed(check.problems)
    return result


def _description(check: Checking, raw: object) -> dict[str, str]:
    empty = raw is None or raw == "" or raw == {}
    return {} if empty else check.names(raw, "/description", MAX_DESCRIPTION, lines=True)


def _when(check: Checking, raw: object) -> dict[str, Any]:
    try:
        return parse(raw).to_json()
    except Malformed as error:
        check.problems += error.problems
        return {}


def _require(check: Checking, raw: object) -> list[dict[str, Any]]:
    found = check.each(
        raw, "/require", MAX_NEEDS, lambda item, place: needs.read(check, item, place)
    )
    seen: set[str] = set()
    for place, need in enumerate(found):
        if need["key"] and need["key"] in seen:
            check.refuse(below("/require", place, "key"), "repeated_key", key=need["key"])
        seen.add(need["key"])
    return found


def digest(definition: Definition) -> str:
    """The SHA-256 that names a complete definition."""
    return digest_of(definition)


def label(names: Mapping[str, str], language: str) -> str:
    """The text in a language, English where there is none, "" where there is no text."""
    return names.get(language) or names.get(LANGUAGES[0], "")


def load(definition: Mapping[str, Any]) -> Policy:
    """The values that a complete definition (see `complete`) stands for."""
    return Policy(
        key=definition["key"],
        name=dict(definition["name"]),
        description=dict(definition["description"]),
        when=parse(definition["when"]),
        second_admin=definition["second_admin"],
        require=tuple(_need(raw) for raw in definition["require"]),
    )


def _need(raw: Mapping[str, Any]) -> Need:
    escalate = raw["escalate"]
    return Need(
        **{
            **raw,
            "name": dict(raw["name"]),
            "reviewers": _reviewers(raw["reviewers"]),
            "otherwise": _reviewers(raw["otherwise"]),
            "escalate": escalate and Escalation(escalate["after"], _reviewers(escalate["to"])),
        }
    )


def _reviewers(raw: Sequence[Mapping[str, Any]]) -> tuple[Reviewers, ...]:
    return tuple(_one(item) for item in raw)


def _one(raw: Mapping[str, Any]) -> Reviewers:
    source = needs.identity(raw)[0]
    value = raw[source]
    if source == "people":
        return Reviewers(source, people=tuple(value))
    return Reviewers(source, "" if value is True else value, raw.get("who", ""))


@dataclass(frozen=True, slots=True)
class Known:
    """What exists now: keys, e-mail addresses of active people, and values by choice.

    `choices` says what facts may be compared with, by the name in `Fact.choices`; what it does not
    name is not checked, subjects, kinds and importance always are.
    """

    roles: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    team_kinds: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)


def check_known(policy: Policy, known: Known) -> list[Problem]:
    """What the policy names that does not exist, each with the nearest name that does."""
    found: list[Problem] = []
    _check_node(policy.when.node, "/when", known, found)
    for place, need in enumerate(policy.require):
        at = below("/require", place)
        _check_reviewers(need.reviewers, below(at, "reviewers"), known, found)
        _check_reviewers(need.otherwise, below(at, "otherwise"), known, found)
        if need.escalate:
            _check_reviewers(need.escalate.to, below(at, "escalate", "to"), known, found)
    return found


def _check_node(node: Node, at: str, known: Known, found: list[Problem]) -> None:
    if isinstance(node, Leaf):
        _check_leaf(node, at, known, found)
    elif isinstance(node, Not):
        _check_node(node.part, below(at, "not"), known, found)
    else:
        for place, part in enumerate(node.parts):
            _check_node(part, below(at, node.kind, place), known, found)


def _check_leaf(leaf: Leaf, at: str, known: Known, found: list[Problem]) -> None:
    choices = FACTS[leaf.fact].choices
    fixed = frozenset(CHOICES[choices]) if choices in CHOICES else None
    allowed = known.choices.get(choices, fixed)
    if allowed is None:
        return
    if isinstance(leaf.value, tuple):
        for place, value in enumerate(leaf.value):
            _check(value, allowed, "value", below(at, "value", place), found)
    if leaf.of:
        _check(leaf.of, allowed, "value", below(at, "of"), found)


def _check_reviewers(
    reviewers: Sequence[Reviewers], at: str, known: Known, found: list[Problem]
) -> None:
    allowed = {"role": known.roles, "team": known.teams, "team_kind": known.team_kinds}
    for place, one in enumerate(reviewers):
        here = below(at, place, one.source)
        if one.source in allowed:
            _check(one.key, allowed[one.source], one.source, here, found)
        for position, email in enumerate(one.people):
            _check(email, known.people, "person", below(here, position), found)


def _check(name: str, allowed: frozenset[str], what: str, at: str, found: list[Problem]) -> None:
    if name not in allowed:
        params = {"name": shown(name), "nearest": nearest(name, allowed)}
        found.append(Problem(at, f"no_such_{what}", params))
