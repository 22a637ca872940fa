"""What one set of policies would have asked beside another: pure, over plain values.

Who is there to decide is read once for many changes (`Directory`); nothing here reads a row.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from governance.matching import Demand, lacking
from governance.ruling.definitions import Need, Reviewers
from governance.ruling.evaluating import PolicySet, Rule, Sheet

MANAGER_ROLE = "journey-manager"
NOBODY: frozenset[int] = frozenset()
# Under which name approvals are counted: "team" and its key, "role" and its key, "person" and the
# address.
Desk = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Post:
    """One place that deciders come from: what it is told from others by, and who is there."""

    identity: tuple[str, ...]
    people: frozenset[int]
    desks: tuple[Desk, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """A team: its kind, its leads, and all its members."""

    kind: str
    leads: frozenset[int]
    members: frozenset[int]


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a change beside its facts. `team` owns its subject, where a team does;
    `appointed` are the people named for a requirement, by its key."""

    kind: str
    subject: int
    team: str
    month: str
    editors: frozenset[int]
    appointed: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Directory:
    """Who is where, now. `held` are the people by journey and role; `seers` says who sees a
    subject, None for everybody."""

    crews: Mapping[str, Crew]
    # By channel the teams that steward it.
    stewards: Mapping[str, tuple[str, ...]]
    roles: frozenset[str]
    held: Mapping[int, Mapping[str, frozenset[int]]]
    people: Mapping[str, int]
    seers: Callable[[str, int], frozenset[int] | None]
    _posts: dict[Reviewers, tuple[Post, ...]] = field(default_factory=dict)
    _channels: dict[str, Post | None] = field(default_factory=dict)

    def steward(self, channel: str) -> Post | None:
        """The leads of the teams that steward a channel; None for one that there is not."""
        if channel not in self._channels:
            self._channels[channel] = self._steward(channel)
        return self._channels[channel]

    def _steward(self, channel: str) -> Post | None:
        if channel not in self.stewards:
            return None
        teams = self.stewards[channel]
        people = NOBODY.union(*(self.crews[team].leads for team in teams))
        return Post(("channel", channel), people, tuple(("team", team) for team in teams))

    def of(
        self, reviewers: Iterable[Reviewers], about: About, channels: Iterable[str]
    ) -> list[Post]:
        """The posts that these reviewers stand for, each once."""
        found = [post for one in reviewers for post in self._of(one, about, channels)]
        return list({post.identity: post for post in found}.values())

    def _of(self, one: Reviewers, about: About, channels: Iterable[str]) -> Iterable[Post]:
        if one.source == "stewards":
            return [post for key in channels if (post := self.steward(key))]
        if one.source == "owner":
            return self._owner(about)
        if one.source == "role":
            return self._role(one.key, about)
        # All others are the same for every change.
        if one not in self._posts:
            self._posts[one] = tuple(self._fixed(one))
        return self._posts[one]

    def _owner(self, about: About) -> Iterable[Post]:
        if about.kind == "journey":
            return self._role(MANAGER_ROLE, about)
        return [self._team(about.team, "leads")] if about.team in self.crews else []

    def _role(self, key: str, about: About) -> Iterable[Post]:
        # A role is held on a journey; about anything else nobody decides by one.
        if about.kind != "journey" or key not in self.roles:
            return []
        people = self.held.get(about.subject, {}).get(key, NOBODY)
        return [Post(("role", key), people, (("role", key),))]

    def _fixed(self, one: Reviewers) -> Iterable[Post]:
        if one.source == "people":
            for email in one.people:
                if email in self.people:
                    person = frozenset({self.people[email]})
                    yield Post(("person", email), person, (("person", email),))
        elif one.source == "team":
            if one.key in self.crews:
                yield self._team(one.key, one.who)
        else:
            for key, crew in self.crews.items():
                if crew.kind == one.key:
                    yield self._team(key, "leads")

    def _team(self, key: str, who: str) -> Post:
        crew = self.crews[key]
        people = crew.members if who == "members" else crew.leads
        return Post(("team", key, "members" if who == "members" else ""), people, (("team", key),))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One decision that is asked for, on which hunks, and who could make it."""

    need: Need
    hunks: tuple[str, ...]
    posts: tuple[Post, ...]
    late: tuple[Post, ...]
    people: frozenset[int]

    @property
    def signature(self) -> tuple[object, ...]:
        """What makes it another decision where it differs."""
        need = self.need
        return (
            frozenset(self.hunks),
            need.quorum,
            need.round,
            need.distinct,
            need.leavers,
            frozenset(post.identity for post in self.posts),
            frozenset(post.identity for post in self.late),
        )

    def shares(self) -> Iterable[tuple[Desk, float]]:
        """By desk its even part of the approvals that are asked for."""
        desks = dict.fromkeys(desk for post in self.posts for desk in post.desks)
        return [(desk, self.need.quorum / len(desks)) for desk in desks]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What one set of policies asks of a change: by key; the hunks nobody is asked about; and the
    keys of what nobody could decide."""

    wanted: dict[str, Wanted]
    uncovered: frozenset[str]
    stuck: frozenset[str]

    @property
    def is_gap(self) -> bool:
        """Whether nobody would decide on all of it, or on a part."""
        return bool(self.uncovered) or not self.wanted


@dataclass(frozen=True, slots=True)
class Compared:
    """How what is asked differs, by key, and approvals more (or fewer) by desk."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]
    uncovered: int
    stuck: tuple[str, ...]
    gap: bool
    deadlock: bool
    moved: dict[Desk, float]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.altered or self.gap or self.deadlock)

    @property
    def extra(self) -> float:
        """Approvals that come, whoever gives them."""
        return round(sum(more for more in self.moved.values() if more > 0), 3)

    @property
    def saved(self) -> float:
        """Approvals that go."""
        return round(-sum(more for more in self.moved.values() if more < 0), 3)

    def to_json(self) -> dict[str, Any]:
        """What a row keeps of it."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "altered": list(self.altered),
            "uncovered": self.uncovered,
            "stuck": list(self.stuck),
            "extra": self.extra,
            "saved": self.saved,
        }


class Pair:
    """Two sets of policies asked about the same changes; a rule that is in both is asked once."""

    def __init__(self, before: Iterable[Rule], after: Iterable[Rule]) -> None:
        before, after = list(before), list(after)
        rules: dict[int, Rule] = {id(rule.policy): rule for rule in (*before, *after)}
        self._set = PolicySet(tuple(rules.values()))
        places = {name: place for place, name in enumerate(rules)}
        self._before = frozenset(places[id(rule.policy)] for rule in before)
        self._after = frozenset(places[id(rule.policy)] for rule in after)

    def compare(self, sheet: Sheet, about: About, directory: Directory) -> Compared:
        """What the second set asks of a change where the first one asked something else."""
        asks = list(self._set.asks(sheet))
        asking = _Asking(self._set, sheet, about, directory)
        before = asking.ruled([ask for ask in asks if ask[0] in self._before])
        after = before
        if any((ask[0] in self._before) is not (ask[0] in self._after) for ask in asks):
            after = asking.ruled([ask for ask in asks if ask[0] in self._after])
        return compared(before, after)


class _Asking:
    """Turns what is asked of one change into decisions of people; each only once."""

    def __init__(
        self, policies: PolicySet, sheet: Sheet, about: About, directory: Directory
    ) -> None:
        self.policies, self.sheet, self.about, self.directory = policies, sheet, about, directory
        self.seers = directory.seers(about.kind, about.subject)
        self.channels = _channels(sheet)
        self._known: dict[tuple[int, str], dict[str, Wanted]] = {}

    def ruled(self, asks: Iterable[tuple[int, Need, tuple[str, ...]]]) -> Ruled:
        wanted: dict[str, Wanted] = {}
        for place, need, hunks in asks:
            name = (place, need.key)
            if name not in self._known:
                self._known[name] = dict(self._wanted(place, need, hunks))
            wanted |= self._known[name]
        covered: set[str] = set().union(*(one.hunks for one in wanted.values()))
        return Ruled(wanted, frozenset(self.sheet.digests) - covered, _stuck(wanted))

    def _wanted(
        self, place: int, need: Need, hunks: tuple[str, ...]
    ) -> Iterable[tuple[str, Wanted]]:
        policy = self.policies.rules[place].policy.key
        # As `governance.rules` names it.
        key = ".".join(dict.fromkeys((policy, need.key)))
        if [one.source for one in need.reviewers] != ["stewards"]:
            posts = self.directory.of(need.reviewers, self.about, self.channels)
            yield self._one(key, need, hunks, posts)
            return
        for channel, digests in self.channels.items():
            there = tuple(digest for digest in hunks if digest in digests)
            post = self.directory.steward(channel)
            if there and post is not None:
                yield self._one(f"{key}:{channel}", need, there, [post])

    def _one(
        self, key: str, need: Need, hunks: tuple[str, ...], posts: list[Post]
    ) -> tuple[str, Wanted]:
        if need.otherwise and len(self._able(posts)) < need.quorum:
            key = f"{key}/otherwise"
            posts = self.directory.of(need.otherwise, self.about, self.channels)
        late = need.escalate.to if need.escalate else ()
        escalated = self.directory.of(late, self.about, self.channels) if late else ()
        people = self._able(posts)
        if named := self.about.appointed.get(key):
            people |= self._may(named)
        return key, Wanted(need, hunks, tuple(posts), tuple(escalated), people)

    def _able(self, posts: Iterable[Post]) -> frozenset[int]:
        return self._may(NOBODY.union(*(post.people for post in posts)))

    def _may(self, people: frozenset[int]) -> frozenset[int]:
        able = people - self.about.editors
        return able if self.seers is None else able & self.seers


def _channels(sheet: Sheet) -> dict[str, set[str]]:
    """By channel the digests of the hunks that touch it."""
    found: dict[str, set[str]] = {}
    for digest, part in sheet.parts:
        for channel in cast("frozenset[str]", part["channels"]):
            found.setdefault(channel, set()).add(digest)
    return {channel: found[channel] for channel in sorted(found)}


def _stuck(wanted: Mapping[str, Wanted]) -> frozenset[str]:
    """Keys of what nobody could decide, together with the rest."""
    short = any(len(one.people) < one.need.quorum for one in wanted.values())
    if not short and not any(one.need.distinct for one in wanted.values()):
        return frozenset()
    ordered = sorted(wanted.items(), key=lambda pair: pair[1].need.round)
    return frozenset(
        lacking(
            {key: Demand(w.need.quorum, w.people, w.need.distinct) for key, w in ordered},
        )
    )


def compared(before: Ruled, after: Ruled) -> Compared:
    """What `after` asks where `before` asked something else.

    What nobody decided on before either is no gap of the new policies, and the same goes for what
    nobody could decide.
    """
    old, new = before.wanted, after.wanted
    stuck = tuple(sorted(after.stuck - before.stuck))
    both = old.keys() & new.keys()
    altered = {
        key for key in both if old[key] != new[key] and old[key].signature != new[key].signature
    }
    moved: dict[Desk, float] = {}
    for key in sorted(new.keys() - old.keys() | altered):
        for desk, share in new[key].shares():
            moved[desk] = moved.get(desk, 0) + share
    for key in sorted(old.keys() - new.keys() | altered):
        for desk, share in old[key].shares():
            moved[desk] = moved.get(desk, 0) - share
    opened = after.uncovered - before.uncovered
    return Compared(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        altered=tuple(sorted(altered)),
        uncovered=len(opened),
        stuck=stuck,
        gap=bool(opened) or (after.is_gap and not before.is_gap),
        deadlock=bool(stuck),
        moved={desk: more for desk, more in moved.items() if abs(more) > TINY},
    )


TINY = 1e-9
COUNTS = ("changes", "differ", "added", "removed", "altered", "gaps", "deadlocks", "unreadable")


@dataclass
class Tally:
    """What came of the changes so far."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    # By desk and month: approvals more, and approvals fewer.
    desks: dict[tuple[str, str, str], list[float]] = field(default_factory=dict)

    def count(self, about: About, found: Compared) -> None:
        """Add one change."""
        self.counts["changes"] += 1
        if not found:
            return
        told = {
            "differ": 1,
            "added": len(found.added),
            "removed": len(found.removed),
            "altered": len(found.altered),
            "gaps": int(found.gap),
            "deadlocks": int(found.deadlock),
        }
        for name, more in told.items():
            self.counts[name] += more
        for (kind, key), share in found.moved.items():
            row = self.desks.setdefault((kind, key, about.month), [0.0, 0.0])
            row[share < 0] += abs(share)

    def to_json(self) -> dict[str, Any]:
        """What a replay keeps of it."""
        rows = sorted((*name, *(round(x, 3) for x in row)) for name, row in self.desks.items())
        return {
            **self.counts,
            "extra": round(sum(row[0] for row in self.desks.values()), 1),
            "saved": round(sum(row[1] for row in self.desks.values()), 1),
            "desks": [list(row) for row in rows],
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Tally":
        """Read what `to_json` wrote; nothing where there is nothing yet."""
        rows = {
            (kind, key, month): [more, less]
            for kind, key, month, more, less in raw.get("desks", ())
        }
        return cls({name: int(raw.get(name, 0)) for name in COUNTS}, rows)
