"""Checking the log: everything is computed again and compared, in constant memory.

Three things have to agree: each row with its canonical JSON, that with its leaf, and the leaves in
their order with the roots that were signed.
"""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import DataError, connection, transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Invalid
from cjops.core.models import Leaf, Node, TreeHead
from cjops.core.sealing.keys import Verifier
from cjops.core.sealing.log import signed_text
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


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head as somebody kept it elsewhere."""

    size: int
    root: str
    at: datetime
    key: str
    signature: str


def as_anchor(head: TreeHead) -> str:
    """A head as one line of JSON, to be kept elsewhere."""
    members = {
        "size": head.size,
        "root": head.root,
        "at": head.at.isoformat(timespec="microseconds"),
        "key": head.key,
        "signature": head.signature,
    }
    return json.dumps(members, sort_keys=True)


def read_anchors(path: str | Path) -> list[Anchor]:
    """The heads of a file with one in each line. Raises `Invalid` that names the line."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Invalid(_("%(path)s cannot be read.") % {"path": path}) from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            at = datetime.fromisoformat(raw["at"])
            size, root = int(raw["size"]), str(raw["root"])
            found.append(Anchor(size, root, at, str(raw["key"]), str(raw["signature"])))
        except (ValueError, TypeError, KeyError):
            words = {"path": path, "line": number}
            raise Invalid(_("Line %(line)d of %(path)s is no tree head.") % words) from None
    if not found:
        raise Invalid(_("%(path)s holds no tree head.") % {"path": path})
    return found


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


class _Roots:
    """The tree as it is computed again, beside the heads of the log and those kept elsewhere."""

    def __init__(self, anchors: list[Anchor]) -> None:
        self.frontier = Frontier()
        # So far the leaves are those of a head.
        self.sound_until = 0
        self.heads = deque(TreeHead.objects.order_by("size").values_list("size", "root"))
        self.anchors = deque(anchors)
        self.size = self.heads[-1][0] if self.heads else 0

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
        ends = [self.heads[0][0]] if self.heads else []
        ends += [self.anchors[0].size] if self.anchors else []
        return min([most, *(end - size for end in ends if end > size)])

    def _compare(self) -> Iterator[Finding]:
        size = self.frontier.size
        while self.heads and self.heads[0][0] == size:
            _size, root = self.heads.popleft()
            if self.frontier.root.hex() == root:
                self.sound_until = size
            else:
                yield _rewritten(self.sound_until, size)
        while self.anchors and self.anchors[0].size == size:
            anchor = self.anchors.popleft()
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
        for size, _root in self.heads:
            text = _("A head is over %(size)d entries, and the log has %(found)d.")
            yield Finding("cut", size, text % {"size": size, "found": found})
        for anchor in self.anchors:
            text = _("The anchor is over %(size)d entries, and the log has %(found)d.")
            yield Finding("cut", anchor.size, text % {"size": anchor.size, "found": found})
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
    ends = _ends()
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


def _ends() -> set[int]:
    """Where rounds begin."""
    return set(TreeHead.objects.values_list("size", flat=True))


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
    if head is None:
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
            if one.key == key.id and _is_signed(key, one):
                continue
            words = {"size": one.size, "at": one.at.isoformat()}
            text = (
                _("The anchor of %(at)s is not signed by this key.") % words
                if is_anchor
                else _("The head over %(size)d entries is not signed by this key.") % words
            )
            yield Finding("unsigned", one.size, text)


def _is_signed(key: Verifier, head: "Anchor | TreeHead") -> bool:
    try:
        signature = b64decode(head.signature, validate=True)
    except NotBase64:
        return False
    return key.holds(signature, signed_text(head.size, head.root, head.at))
