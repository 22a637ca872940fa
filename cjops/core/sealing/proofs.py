"""Proofs that an entry is under a head, and that one head goes on from another (RFC 6962, 2.1).

A proof is a list of hashes of subtrees. They are read in tiles: 256 hashes side by side, of leaves
or of the inner nodes that sealing keeps. So a proof over a million leaves reads six tiles at most,
and many proofs share theirs.
"""

from collections.abc import Iterable

from django.db import connection

from cjops.core.sealing.merkle import KEPT, node_hash

# Which leaves a hash is over: from, and up to but without.
Range = tuple[int, int]
# A level of the tree, counted from the leaves, and a place in it.
Place = tuple[int, int]
TILE = 1 << KEPT


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """What the path of a leaf is over, from the leaf upwards. ValueError for no leaf of it."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has none at {index}.")
    start, end, found = 0, size, []
    while end - start > 1:
        split = _split(start, end)
        if index < split:
            found.append((split, end))
            end = split
        else:
            found.append((start, split))
            start = split
    return found[::-1]


def consistency_ranges(first: int, size: int) -> list[Range]:
    """What the proof is over that a tree begins with another. Raises ValueError for none."""
    if not 0 < first <= size:
        raise ValueError(f"A tree of {size} leaves does not go on from one of {first}.")
    start, end, found = 0, size, []
    while end != first:
        split = _split(start, end)
        if first <= split:
            found.append((split, end))
            end = split
        else:
            found.append((start, split))
            start = split
    if start:
        found.append((start, end))
    return found[::-1]


def _split(start: int, end: int) -> int:
    """Where the tree over these leaves is parted: after the largest power of two below them."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def complete(span: Range) -> list[Place]:
    """The complete subtrees side by side that a subtree consists of, largest first."""
    start, end = span
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


class Tree:
    """Hashes of the log's tree, read as they are needed; LookupError where a leaf is gone."""

    def __init__(self) -> None:
        # Level and number of a tile -> its hashes, empty where there is none.
        self._tiles: dict[Place, list[bytes]] = {}

    def inclusion(self, indexes: Iterable[int], size: int) -> list[list[bytes]]:
        """For each leaf the path that leads from it to the root of the first `size` leaves."""
        ranges = [inclusion_ranges(index, size) for index in indexes]
        self._read(place for spans in ranges for span in spans for place in complete(span))
        return [[self._over(span) for span in spans] for spans in ranges]

    def consistency(self, first: int, size: int) -> list[bytes]:
        """What shows that the first `size` leaves begin with the first `first`."""
        ranges = consistency_ranges(first, size)
        self._read(place for span in ranges for place in complete(span))
        return [self._over(span) for span in ranges]

    def root(self, size: int) -> bytes:
        """What the first `size` leaves come to."""
        return self._over((0, size))

    def _over(self, span: Range) -> bytes:
        """The hash over these leaves, a subtree whose right end may be ragged."""
        hashes = [self._node(*place) for place in complete(span)]
        found = hashes.pop()
        while hashes:
            found = node_hash(hashes.pop(), found)
        return found

    def _node(self, level: int, index: int) -> bytes:
        """The root of a complete subtree."""
        base = level // KEPT * KEPT
        width = 1 << level - base
        number, offset = divmod(index * width, TILE)
        if (base, number) not in self._tiles:
            self._read([(level, index)])
        hashes = self._tiles[base, number][offset : offset + width]
        if b"" in hashes:
            if not level:
                raise LookupError(f"The log has no leaf at {index}.")
            # Sealed before inner nodes were kept: from what is below.
            return node_hash(self._node(level - 1, 2 * index), self._node(level - 1, 2 * index + 1))
        while len(hashes) > 1:
            pairs = zip(hashes[::2], hashes[1::2], strict=True)
            hashes = [node_hash(left, right) for left, right in pairs]
        return hashes[0]

    def _read(self, places: Iterable[Place]) -> None:
        """Read the tiles that these subtrees are made of, those of one level at once."""
        wanted: dict[int, set[int]] = {}
        for level, index in places:
            base = level // KEPT * KEPT
            number = (index << level - base) // TILE
            if (base, number) not in self._tiles:
                wanted.setdefault(base, set()).add(number)
        for base, numbers in wanted.items():
            self._tiles |= {(base, number): [b""] * TILE for number in numbers}
            for at, found in _hashes(base, sorted(numbers)):
                self._tiles[base, at // TILE][at % TILE] = found


def _hashes(level: int, tiles: list[int]) -> list[tuple[int, bytes]]:
    """Place and hash of all that stands in these tiles of a level."""
    table = "core_leaf" if not level else "core_node"
    column, where = ("position", "") if not level else ("index", "n.level = %(level)s AND ")
    # Names of tables and columns are our own.
    statement = f"""
        SELECT n.{column}, n.hash FROM unnest(%(tiles)s::bigint[]) AS t(number)
        CROSS JOIN LATERAL (
            SELECT n.{column}, n.hash FROM {table} n
            WHERE {where}n.{column} >= t.number * {TILE} AND n.{column} < (t.number + 1) * {TILE}
        ) n
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, {"tiles": tiles, "level": level})
        return [(at, bytes(found)) for at, found in cursor.fetchall()]
