"""Who decides for what where nobody may count twice: pure, over ids of people."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Demand:
    """So many different people are wanted of these; `group`: and none who serves another demand
    of that group. `others` are not there yet and could be: see `met`."""

    quorum: int
    people: Collection[int]
    group: str = ""
    others: Collection[int] = ()


def assign(demands: Mapping[K, Demand]) -> dict[K, set[int]]:
    """People for each demand, as many as can be found up to its quorum.

    Earlier demands come first: a later one never takes from them what they need. Found by
    augmenting paths, as for a bipartite matching.
    """
    found: dict[K, set[int]] = {}
    groups: dict[str, list[K]] = {}
    for name, demand in demands.items():
        if demand.group:
            groups.setdefault(demand.group, []).append(name)
        else:
            found[name] = set(sorted(demand.people)[: demand.quorum])
    for names in groups.values():
        found |= _in_group(names, demands)
    return found


def lacking(demands: Mapping[K, Demand]) -> set[K]:
    """The demands that cannot be met together with the others."""
    found = assign(demands)
    return {name for name, demand in demands.items() if len(found[name]) < demand.quorum}


def met(demands: Mapping[K, Demand]) -> set[K]:
    """The demands that the people who are there meet.

    Where they could meet one or another demand of a group, they serve the one that nobody else
    could: what is left is what `others` can still meet.
    """
    found: set[K] = set()
    groups: dict[str, list[K]] = {}
    for name, demand in demands.items():
        if demand.group:
            groups.setdefault(demand.group, []).append(name)
        elif len(set(demand.people)) >= demand.quorum:
            found.add(name)
    for names in groups.values():
        serves = _serving(names, demands)
        wider = {
            name: replace(demands[name], people={*demands[name].people, *demands[name].others})
            for name in names
        }
        for name in names:
            serves = _completed(name, serves, wider)
        for name in names:
            there = sum(serves.get(person) == name for person in set(demands[name].people))
            if there >= demands[name].quorum:
                found.add(name)
    return found


def _completed(name: K, serves: dict[int, K], wider: Mapping[K, Demand]) -> dict[int, K]:
    """Who serves what once all places of the demand are filled; as before where they cannot be."""
    filled = dict(serves)
    for _place in range(wider[name].quorum - list(serves.values()).count(name)):
        if not _find(name, set(), filled, wider):
            return serves
    return filled


def _in_group(names: list[K], demands: Mapping[K, Demand]) -> dict[K, set[int]]:
    found: dict[K, set[int]] = {name: set() for name in names}
    for person, name in _serving(names, demands).items():
        found[name].add(person)
    return found


def _serving(names: list[K], demands: Mapping[K, Demand]) -> dict[int, K]:
    serves: dict[int, K] = {}
    for name in names:
        for _place in range(demands[name].quorum):
            if not _find(name, set(), serves, demands):
                break
    return serves


def _find(name: K, seen: set[int], serves: dict[int, K], demands: Mapping[K, Demand]) -> bool:
    """One person more for a demand, others moved to another one where that makes room."""
    able = set(demands[name].people) - seen
    # Nobody is moved while somebody is free.
    for person in sorted(able, key=lambda one: (one in serves, one)):
        if serves.get(person) == name:
            continue
        seen.add(person)
        if person not in serves or _find(serves[person], seen, serves, demands):
            serves[person] = name
            return True
    return False


def persons(voices: Iterable[tuple[int, int]]) -> dict[int, int]:
    """By everybody who spoke, or was spoken for, the one person that they count as.

    Whoever speaks for somebody else is no second person beside them: voices that share a speaker,
    or whom they speak for, count once.
    """
    above: dict[int, int] = {}

    def top(person: int) -> int:
        while above.get(person, person) != person:
            person = above[person]
        return person

    known = sorted(set(voices))
    for speaker, principal in known:
        low, high = sorted((top(speaker), top(principal)))
        above.setdefault(low, low)
        above[high] = low
    return {person: top(person) for voice in known for person in voice}
