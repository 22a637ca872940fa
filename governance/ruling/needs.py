"""One requirement of a policy, read from JSON: who decides, on what, how many, how soon."""

from collections.abc import Mapping, Sequence
from typing import Any

from governance.ruling.checking import Checking
from governance.ruling.problems import below

WHO = ("leads", "members")
SCOPES = ("change", "parts")
LEAVERS = ("stand", "fall")
SOURCES = ("stewards", "owner", "role", "team", "team_kind", "people")
MAX_REVIEWERS = 20
MAX_PEOPLE = 50
MAX_QUORUM = 20
MAX_ROUND = 9
MAX_HOURS = 2000
MAX_NAME = 200

DEFAULTS: dict[str, Any] = {
    "name": {},
    "otherwise": [],
    "quorum": 1,
    "scope": "change",
    "round": 1,
    "distinct": "",
    "hours": 72,
    "remind_after": None,
    "escalate": None,
    "leavers": "stand",
}
MEMBERS = (
    "key", "name", "reviewers", "otherwise", "quorum", "scope", "round", "distinct", "hours",
    "remind_after", "escalate", "leavers",
)  # fmt: skip


def read(check: Checking, raw: object, at: str) -> dict[str, Any]:
    """The whole requirement, its defaults filled in."""
    said = {**DEFAULTS, **check.mapping(raw, at, MEMBERS, ("key", "reviewers"))}
    before = len(check.problems)
    need: dict[str, Any] = {
        "key": check.slug(said["key"], below(at, "key"), 40) if "key" in said else "",
        "name": check.names(said["name"], below(at, "name"), MAX_NAME) if said["name"] else {},
        "reviewers": _reviewers(check, said.get("reviewers"), below(at, "reviewers"))
        if "reviewers" in said
        else [],
        "otherwise": _otherwise(check, said["otherwise"], below(at, "otherwise")),
        "quorum": check.whole(said["quorum"], below(at, "quorum"), 1, MAX_QUORUM),
        "scope": check.one_of(said["scope"], below(at, "scope"), SCOPES),
        "round": check.whole(said["round"], below(at, "round"), 1, MAX_ROUND),
        "distinct": _distinct(check, said["distinct"], below(at, "distinct")),
        "hours": check.whole(said["hours"], below(at, "hours"), 1, MAX_HOURS),
        "remind_after": _remind(check, said["remind_after"], below(at, "remind_after")),
        "escalate": _escalate(check, said["escalate"], below(at, "escalate")),
        "leavers": check.one_of(said["leavers"], below(at, "leavers"), LEAVERS),
    }
    # What does not fit together is only told of once each part is what it should be.
    if len(check.problems) == before:
        _together(check, need, at)
    return need


def _otherwise(check: Checking, raw: object, at: str) -> list[dict[str, Any]]:
    return [] if raw == [] else _reviewers(check, raw, at)


def _distinct(check: Checking, raw: object, at: str) -> str:
    return "" if raw == "" else check.slug(raw, at, 40)


def _remind(check: Checking, raw: object, at: str) -> int | None:
    return None if raw is None else check.whole(raw, at, 1, MAX_HOURS)


def _escalate(check: Checking, raw: object, at: str) -> dict[str, Any] | None:
    if raw is None:
        return None
    said = check.mapping(raw, at, ("after", "to"), ("to",))
    after = check.whole(said.get("after", 0), below(at, "after"), 0, MAX_HOURS)
    return {
        "after": after,
        "to": _reviewers(check, said["to"], below(at, "to")) if "to" in said else [],
    }


def _reviewers(check: Checking, raw: object, at: str) -> list[dict[str, Any]]:
    found = check.each(raw, at, MAX_REVIEWERS, lambda item, place: _one(check, item, place))
    seen: set[tuple[str, ...]] = set()
    people: set[str] = set()
    for place, one in enumerate(found):
        if "people" in one:
            _refuse_repeated(check, one["people"], people, below(at, place, "people"))
        elif one:
            if (name := identity(one)) in seen:
                check.refuse(below(at, place), "repeated_reviewer")
            seen.add(name)
    return found


def _refuse_repeated(check: Checking, emails: Sequence[str], seen: set[str], at: str) -> None:
    for place, email in enumerate(emails):
        if email and email in seen:
            check.refuse(below(at, place), "repeated_person", email=email)
        seen.add(email)


def _one(check: Checking, raw: object, at: str) -> dict[str, Any]:
    """One kind of reviewers, in its whole form."""
    said = check.mapping(raw, at, (*SOURCES, "who"))
    sources = [name for name in SOURCES if name in said]
    if len(sources) != 1:
        if isinstance(raw, dict):
            check.refuse(at, "one_source", known=", ".join(SOURCES))
        return {}
    source = sources[0]
    value, place = said[source], below(at, source)
    if "who" in said and source != "team":
        check.refuse(below(at, "who"), "who_needs_team")
    if source in ("stewards", "owner"):
        if value is not True:
            check.refuse(place, "only_true", member=source)
        return {source: True}
    if source == "people":
        return {source: check.each(value, place, MAX_PEOPLE, check.email)}
    found = {source: check.key(value, place)}
    if source == "team":
        found["who"] = check.one_of(said.get("who", WHO[0]), below(at, "who"), WHO)
    return found


def identity(one: Mapping[str, Any]) -> tuple[str, ...]:
    """What a kind of reviewers is told from others by."""
    source = next(name for name in SOURCES if name in one)
    return (source, str(one[source]), str(one.get("who", "")))


def singles(reviewers: Sequence[Mapping[str, Any]]) -> frozenset[tuple[str, ...]]:
    """Everybody among these reviewers by themselves: each named person, each kind of others."""
    found: set[tuple[str, ...]] = set()
    for one in reviewers:
        if "people" in one:
            found |= {("people", email) for email in one["people"]}
        else:
            found.add(identity(one))
    return frozenset(found)


def _together(check: Checking, need: Mapping[str, Any], at: str) -> None:
    for name in ("reviewers", "otherwise"):
        people = singles(need[name])
        named = people and all(single[0] == "people" for single in people)
        if named and need["quorum"] > len(people):
            place = below(at, "quorum" if name == "reviewers" else name)
            check.refuse(place, "quorum_too_high", quorum=need["quorum"], people=len(people))
    if need["remind_after"] is not None and need["remind_after"] >= need["hours"]:
        check.refuse(below(at, "remind_after"), "remind_too_late", hours=need["hours"])
    if need["escalate"] and singles(need["escalate"]["to"]) <= singles(need["reviewers"]):
        check.refuse(below(at, "escalate", "to"), "escalates_in_a_circle")
