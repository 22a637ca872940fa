"""Sealing: what was recorded becomes leaves of the tree, and the tree gets a signed head.

Writers never wait for it and it never waits for writers: a row whose transaction is still open is
not seen, and is sealed in a later round. That none is passed over follows from the transactions'
numbers: a head keeps the oldest number that was still open (its `horizon`), and the next round
looks at all rows from there on.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from cjops.core.models import Leaf, Node, TreeHead
from cjops.core.sealing import kept, keys
from cjops.core.sealing.heads import signed_text
from cjops.core.sealing.merkle import Frontier, leaf_hash
from cjops.core.sealing.sources import Source, sources

# One at a time: they would make different trees.
LOCK = 7_267_481
AT_A_TIME = 10_000


def seal(*, limit: int = AT_A_TIME) -> TreeHead | None:
    """Seal up to `limit` rows of each source; the new head, None where there was nothing to seal.

    Raises `Invalid` when the key of the settings cannot be used, and when the database does not go
    on from the head that it signed last.
    """
    signer = keys.signer()
    with transaction.atomic(durable=True):
        if not _ask("SELECT pg_try_advisory_xact_lock(%s)", LOCK):
            return None
        last = TreeHead.objects.order_by("-size").first()
        if signer:
            kept.check(last, signer.public)
        head = _sealed(last, signer, limit)
    # Once it is committed: a head that is not in the database would keep others from signing.
    if signer and head:
        kept.keep(head)
    return head


def _sealed(last: TreeHead | None, signer: keys.Signer | None, limit: int) -> TreeHead | None:
    # Before the rows are read: what was done by now is seen below.
    now = oldest_open()
    since = last.horizon if last else 0
    if since > now:
        # Restored into another server, which counts its transactions anew.
        since = 0
    frontier = Frontier(last.size, bytes(last.peaks)) if last else Frontier()
    leaves: list[Leaf] = []
    horizon = now
    for source in sources():
        found = list(_unsealed(source, since, limit))
        if len(found) == limit:
            horizon = since
        for row, body in found:
            leaf = leaf_hash(body.encode())
            leaves.append(Leaf(position=frontier.size, source=source.name, row=row, hash=leaf))
            frontier.append(leaf)
    if not leaves:
        return None
    Leaf.objects.bulk_create(leaves, batch_size=1_000)
    Node.objects.bulk_create(Node(level=n, index=at, hash=it) for n, at, it in frontier.completed)
    return TreeHead.objects.create(**head_values(frontier, horizon, signer, timezone.now()))


def head_values(
    frontier: Frontier, horizon: int, signer: keys.Signer | None, at: datetime
) -> dict[str, object]:
    """The columns of a tree's head."""
    root = frontier.root.hex()
    signature = signer.sign(signed_text(frontier.size, root, at)) if signer else b""
    return {
        "size": frontier.size,
        "root": root,
        "at": at,
        "peaks": frontier.peaks,
        "horizon": horizon,
        "key": signer.public.id if signer else "",
        "signature": b64encode(signature).decode(),
    }


def _unsealed(source: Source, since: int, limit: int) -> Iterator[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            # The name of the table is our own.
            f"SELECT e.id, e.body FROM {source.table} e WHERE e.xid >= %s AND NOT EXISTS "  # noqa: S608
            "(SELECT 1 FROM core_leaf l WHERE l.source = %s AND l.row = e.id) "
            "ORDER BY e.id LIMIT %s",
            [since, source.name, limit],
        )
        yield from cursor.fetchall()


def oldest_open() -> int:
    """The number of the oldest transaction that is open: all before it have ended."""
    return _ask("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def _ask(statement: str, *values: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    assert row is not None  # noqa: S101  (each of these statements gives one)
    return int(row[0])
