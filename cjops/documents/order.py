"""Putting an element at a place in its collection while changing as few ranks as possible."""

from cjops.documents.errors import RankError
from cjops.documents.model import Element, place
from cjops.documents.ranks import rank_between, spread


def insert(elements: list[Element], position: int, element: Element) -> list[Element]:
    """Return the elements with one more at `position`; both lists are in order of (rank, key).

    An element that has a rank keeps it where it fits. Neighbours are given new ranks only where
    theirs leave no room: they share one (ties go by key), or hold what `rank_between` cannot use.
    """
    left = elements[position - 1] if position > 0 else None
    right = elements[position] if position < len(elements) else None
    rank = _fitting_rank(left, right, element)
    if rank is not None:
        return [*elements[:position], {**element, "rank": rank}, *elements[position:]]
    start, stop = _window(elements, position)
    between = [*elements[start:position], element, *elements[position:stop]]
    ranks = _ranks(_rank_at(elements, start - 1), _rank_at(elements, stop), len(between))
    return [
        *elements[:start],
        *({**moved, "rank": rank} for moved, rank in zip(between, ranks, strict=True)),
        *elements[stop:],
    ]


def _fitting_rank(left: Element | None, right: Element | None, element: Element) -> str | None:
    """Return a rank that puts the element between its neighbours as they stand, if there is one."""
    lower: str | None = left["rank"] if left else None
    upper: str | None = right["rank"] if right else None
    current: str | None = element.get("rank")
    if current is not None and _fits(left, right, current, element["key"]):
        return current
    try:
        return rank_between(lower, upper)
    except RankError:
        # Sharing a neighbour's rank is as good where the keys happen to sort the right way.
        for shared in (lower, upper):
            if shared is not None and _fits(left, right, shared, element["key"]):
                return shared
    return None


def _fits(left: Element | None, right: Element | None, rank: str, key: str) -> bool:
    return (left is None or place(left) < (rank, key)) and (
        right is None or (rank, key) < place(right)
    )


def _window(elements: list[Element], position: int) -> tuple[int, int]:
    """Return start and stop of the shortest run around `position` that has room for new ranks."""
    best = 0, len(elements)
    stop = len(elements)
    for start in range(position, -1, -1):
        lower = _rank_at(elements, start - 1)
        if not _has_room(lower, _rank_at(elements, stop)):
            continue
        # The lower the start, the nearer the stop may come: one pass over both ends finds the best
        # pair.
        while stop > position and _has_room(lower, _rank_at(elements, stop - 1)):
            stop -= 1
        if stop - start < best[1] - best[0]:
            best = start, stop
    return best


def _rank_at(elements: list[Element], position: int) -> str | None:
    return elements[position]["rank"] if 0 <= position < len(elements) else None


def _has_room(lower: str | None, upper: str | None) -> bool:
    try:
        rank_between(lower, upper)
    except RankError:
        return False
    return True


def _ranks(lower: str | None, upper: str | None, count: int) -> list[str]:
    if lower is None and upper is None:
        return spread(count)
    ranks: list[str] = []
    for _ in range(count):
        lower = rank_between(lower, upper)
        ranks.append(lower)
    return ranks
