"""Checking the log: everything is computed again and compared, in constant memory.

Three things have to agree: each row with its canonical JSON, that with its leaf, and the leaves in
their order with the roots that were signed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import DataError, connection, transaction
from django.utils.translation import gettext as _

from cjops.core.models import Leaf, Node, TreeHead
from cjops.core.sealing.heads import Anchor, is_signed
from cjops.core.sealing.keys import Verifier
from cjops.core.sealing.log import oldest_open
from cjops.core.sealing.merkle import Frontier
from cjops.core.sealing.sources import Source, sources

CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not hold. `kind` is altered, missing, inserted, reordered, rewritten, unsigned, cut
    or differs; `position` is that of the leaf, or how many leaves the head is over."""

    kind: str
    position: int
    text: str


def check(key: Verifier | None = None, anchors: list[Anchor] | None = None) -> Iterator[Finding]:
    """All that does not hold, as it is found.

    Signatures are checked where `key` is given. `anchors` are heads kept elsewhere: the log has to
    begin with the very leaves that they are over.
    """
    is_nested = connection.in_atomic_block
    with transaction.atomic(savepoint=True):
        if not is_nested:
            # One picture of it all: what is sealed meanwhile is for the next time.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield from _check(key, sorted(anchors or [], key=lambda one: one.size))


def _check(key: Verifier | None, anchors: list[Anchor]) -> Iterator[Finding]:
    roots = _Roots(anchors)
    for hashes, findings in _chunks():
        yield from findings
        yield from roots.extend(hashes)
    yield from roots.end()
    yield from _passed_over()
    if key is not None:
        yield from _signatures(key, anchors)


class _Ahead:
    """Things that are over so many leaves, read one by one in their order."""

    def __init__(self, found: Iterable[tuple[int, Any]]) -> None:
        self._found = iter(found)
        self._next = next(self._found, None)

    @property
    def size(self) -> int | None:
        """How many leaves the next one is over; None where there are no more."""
        return self._next[0] if self._next else None

    def take(self) -> Any:
        """The next one; None where there are no more."""
        found, self._next = self._next, next(self._found, None)
        return found and found[1]

    def rest(self) -> Iterator[tuple[int, Any]]:
        """All that were not taken."""
        if self._next is not None:
            yield self._next
        yield from self._found


class _Roots:
    """The tree as it is computed again, beside the heads of the log and those kept elsewhere."""

    def __init__(self, anchors: list[Anchor]) -> None:
        self.frontier = Frontier()
        # So far the leaves are those of a head.
        self.sound_until = 0
        heads = TreeHead.objects.order_by("size").values_list("size", "root")
        self.heads = _Ahead(heads.iterator())
        self.anchors = _Ahead((one.size, one) for one in anchors)
        self.size = heads.values_list("size", flat=True).last() or 0

    def extend(self, leaves: list[bytes]) -> Iterator[Finding]:
        """Take more leaves; what the heads that end among them say to it."""
        at = 0
        while at < len(leaves):
            many = self._until_next(len(leaves) - at)
            self.frontier.extend(leaves[at : at + many])
            at += many
            yield from self._compare()
        yield from self._kept()

    def _until_next(self, most: int) -> int:
        """How many leaves there are before the next head or anchor."""
        size = self.frontier.size
        ends = [end for end in (self.heads.size, self.anchors.size) if end is not None]
        return min([most, *(end - size for end in ends if end > size)])

    def _compare(self) -> Iterator[Finding]:
        size = self.frontier.size
        while self.heads.size == size:
            root = self.heads.take()
            if self.frontier.root.hex() == root:
                self.sound_until = size
            else:
                yield _rewritten(self.sound_until, size)
        while self.anchors.size == size:
            anchor = self.anchors.take()
            if self.frontier.root.hex() != anchor.root:
                yield Finding("differs", size, _differs(anchor))

    def _kept(self) -> Iterator[Finding]:
        """Inner nodes that are kept for proofs are those of the leaves; one that is missing does no
        harm."""
        found, self.frontier.completed = self.frontier.completed, []
        for level in sorted({level for level, _index, _hash in found}):
            ours = {index: its for one, index, its in found if one == level}
            stored = Node.objects.filter(level=level, index__range=(min(ours), max(ours)))
            for index, its in stored.values_list("index", "hash"):
                if bytes(its) != ours[index]:
                    words = {"start": index << level, "last": (index + 1 << level) - 1}
                    text = _("What is kept of positions %(start)d to %(last)d was altered.") % words
                    yield Finding("altered", index << level, text)

    def end(self) -> Iterator[Finding]:
        """What is wrong once there are no more leaves."""
        found = self.frontier.size
        for size, _root in self.heads.rest():
            text = _("A head is over %(size)d entries, and the log has %(found)d.")
            yield Finding("cut", size, text % {"size": size, "found": found})
        for size, _anchor in self.anchors.rest():
            text = _("The anchor is over %(size)d entries, and the log has %(found)d.")
            yield Finding("cut", size, text % {"size": size, "found": found})
        if found > self.size:
            text = _("Entries from position %(start)d on are under no head.")
            yield Finding("inserted", self.size, text % {"start": self.size})


def _rewritten(start: int, end: int) -> Finding:
    words = {"start": start, "last": end - 1}
    return Finding(
        "rewritten",
        start,
        _("Positions %(start)d to %(last)d are not those that were signed.") % words,
    )


def _differs(anchor: Anchor) -> str:
    words = {"size": anchor.size, "at": anchor.at.isoformat()}
    return _("The first %(size)d entries are not those of the anchor of %(at)s.") % words


# --- rows and leaves ------------------------------------------------------------------------------


def _chunks() -> Iterator[tuple[list[bytes], list[Finding]]]:
    """The hashes of so many leaves at a time in their order, and what is wrong with their rows."""
    start, before = 0, None
    while True:
        leaves = list(
            Leaf.objects.filter(position__gte=start)
            .order_by("position")
            .values_list("position", "source", "row", "hash")[:CHUNK]
        )
        if not leaves:
            return
        findings = []
        expected = start
        ends = _ends(start, leaves[-1][0])
        for position, source, row, _hash in leaves:
            if position != expected:
                findings.append(_gap(expected, position))
                before = None
            expected = position + 1
            # A round seals the rows of a source in the order of their numbers.
            if before and before[0] == source and before[1] > row and position not in ends:
                words = {"position": position, "source": source, "row": row}
                text = _("Position %(position)d (%(source)s %(row)d) is out of order.") % words
                findings.append(Finding("reordered", position, text))
            before = (source, row)
        last = leaves[-1][0]
        for table in sources():
            findings += _rows(table, start, last + 1)
        yield [bytes(leaf[3]) for leaf in leaves], sorted(findings, key=lambda one: one.position)
        start = last + 1


def _ends(start: int, last: int) -> set[int]:
    """Where rounds begin, between these positions."""
    rounds = TreeHead.objects.filter(size__range=(start, last))
    return set(rounds.values_list("size", flat=True))


def _gap(start: int, end: int) -> Finding:
    words = {"start": start, "last": end - 1}
    text = _("Positions %(start)d to %(last)d are gone from the log.") % words
    return Finding("missing", start, text)


def _rows(source: Source, start: int, end: int) -> list[Finding]:
    """What is wrong with the rows of these leaves."""
    # Names of tables and columns are our own.
    statement = f"""
        SELECT l.position, l.row, e.id IS NOT NULL,
            sha256('\\x00'::bytea || convert_to(e.body, 'UTF8')) = l.hash
        FROM core_leaf l LEFT JOIN {source.table} e ON e.id = l.row
        WHERE l.source = %s AND l.position >= %s AND l.position < %s AND (
            e.id IS NULL
            OR sha256('\\x00'::bytea || convert_to(e.body, 'UTF8')) IS DISTINCT FROM l.hash
            OR e.body::jsonb IS DISTINCT FROM {source.body}
        )
        ORDER BY l.position
    """  # noqa: S608
    try:
        with transaction.atomic(savepoint=True), connection.cursor() as cursor:
            cursor.execute(statement, [source.name, start, end])
            return [_wrong(source, *row) for row in cursor.fetchall()]
    except DataError:
        # A body that is no JSON any more: which one is found by halves.
        if end - start > 1:
            middle = (start + end) // 2
            return _rows(source, start, middle) + _rows(source, middle, end)
        row = Leaf.objects.values_list("row", flat=True).get(position=start)
        return [_wrong(source, start, row, True, False)]


def _wrong(source: Source, position: int, row: int, is_there: bool, is_sealed: bool) -> Finding:
    words = {"position": position, "source": source.name, "row": row}
    if not is_there:
        text = _("Position %(position)d: %(source)s %(row)d is gone.") % words
        return Finding("missing", position, text)
    if is_sealed:
        text = _("Position %(position)d: a column of %(source)s %(row)d was altered.") % words
    else:
        text = _("Position %(position)d: %(source)s %(row)d was altered.") % words
    return Finding("altered", position, text)


def _passed_over() -> Iterator[Finding]:
    """Rows that were there when a round sealed all that was there, and are in no leaf."""
    head = TreeHead.objects.order_by("-size").first()
    if head is None or head.horizon > oldest_open():
        # Restored into another server, which counts its transactions anew: the next round looks at
        # all rows.
        return
    for source in sources():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT e.id FROM {source.table} e WHERE e.xid < %s AND NOT EXISTS "  # noqa: S608
                "(SELECT 1 FROM core_leaf l WHERE l.source = %s AND l.row = e.id) ORDER BY e.id",
                [head.horizon, source.name],
            )
            for (row,) in cursor.fetchall():
                words = {"source": source.name, "row": row}
                text = (
                    _("%(source)s %(row)d is older than the last head, and not under it.") % words
                )
                yield Finding("inserted", head.size, text)


# --- signatures -----------------------------------------------------------------------------------


def _signatures(key: Verifier, anchors: list[Anchor]) -> Iterator[Finding]:
    heads: Any = TreeHead.objects.order_by("size").iterator()
    for is_anchor, group in groupby([*anchors, *heads], key=lambda one: isinstance(one, Anchor)):
        for one in group:
            if one.key == key.id and is_signed(key, one):
                continue
            words = {"size": one.size, "at": one.at.isoformat()}
            text = (
                _("The anchor of %(at)s is not signed by this key.") % words
                if is_anchor
                else _("The head over %(size)d entries is not signed by this key.") % words
            )
            yield Finding("unsigned", one.size, text)
