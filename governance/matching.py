"""Who decides for what where nobody may count twice: pure, over ids of people."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Demand:
    """So many different people are wanted of these; `group`: and none who serves another demand
    of that group."""

    quorum: int
    people: Collection[int]
    group: str = ""


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


def _in_group(names: list[K], demands: Mapping[K, Demand]) -> dict[K, set[int]]:
    serves: dict[int, K] = {}
    for name in names:
        for _place in range(demands[name].quorum):
            if not _find(name, set(), serves, demands):
                break
    found: dict[K, set[int]] = {name: set() for name in names}
    for person, name in serves.items():
        found[name].add(person)
    return found


def _find(name: K, seen: set[int], serves: dict[int, K], demands: Mapping[K, Demand]) -> bool:
    """One person more for a demand, others moved to another one where that makes room."""
    for person in sorted(set(demands[name].people) - seen):
        if serves.get(person) == name:
            continue
        seen.add(person)
        if person not in serves or _find(serves[person], seen, serves, demands):
            serves[person] = name
            return True
    return False


def persons(voices: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """By voice, who spoke and for whom, the one person it counts as.

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
    return {voice: top(voice[0]) for voice in known}
