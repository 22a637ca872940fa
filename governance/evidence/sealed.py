"""What the ledger says of a subject of evidence, with the proofs that it does."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cjops.core.errors import Conflict
from cjops.core.models import AuditEntry, Leaf, TreeHead
from cjops.core.sealing import keys
from cjops.core.sealing.heads import as_anchor
from cjops.core.sealing.log import seal
from cjops.core.sealing.proofs import Tree
from governance.entries import SOURCE
from governance.evidence.packing import as_json
from governance.models import LedgerEntry
from governance.queries.telling import told_to
from people.models import User

# Another process may be sealing just now.
TRIES = 3
# So many heads that were kept elsewhere can be compared with a bundle.
EARLIER = 60


def sealed_entries(entries: list[LedgerEntry], reader: User) -> dict[str, bytes]:
    """The files of the ledger: entries under one signed head, and how it goes on from earlier ones.

    What is not sealed yet is sealed first; `Conflict` where that does not succeed at once.
    """
    leaves = _leaves(entries)
    head = TreeHead.objects.order_by("-size").first()
    if head is None:
        raise _not_yet()
    tree = Tree()
    positions = [leaves[entry.pk].position for entry in entries]
    paths = tree.inclusion(positions, head.size)
    shown = told_to(reader, (entry.data for entry in entries))
    told: list[dict[str, Any]] = [
        {
            "position": leaves[entry.pk].position,
            "source": SOURCE.name,
            "row": entry.pk,
            "leaf": bytes(leaves[entry.pk].hash).hex(),
            # What names something that the reader may not know is proved without being told.
            "body": entry.body if data == entry.data else None,
            "path": [one.hex() for one in path],
        }
        for entry, data, path in zip(entries, shown, paths, strict=True)
    ]
    told.sort(key=lambda one: one["position"])
    return {
        "ledger/entries.json": as_json(told),
        "ledger/head.json": as_json(json.loads(as_anchor(head))),
        "ledger/consistency.json": as_json(_earlier(tree, head)),
    }


def _leaves(entries: Iterable[LedgerEntry]) -> dict[int, Leaf]:
    wanted = {entry.pk for entry in entries}
    for _try in range(TRIES):
        _seal()
        found = Leaf.objects.filter(source=SOURCE.name, row__in=wanted)
        leaves = {leaf.row: leaf for leaf in found}
        if len(leaves) == len(wanted) and TreeHead.objects.exists():
            return leaves
    raise _not_yet()


def _seal() -> None:
    """Seal what is new, unless only others have the key: a head without it would prove less."""
    last = TreeHead.objects.order_by("-size").first()
    if keys.signer() is not None or last is None or not last.key:
        seal()


def _not_yet() -> Conflict:
    return Conflict(
        _("Part of it waits to be sealed. Try again in a few seconds."), code="not_sealed_yet"
    )


def _earlier(tree: Tree, head: TreeHead) -> list[dict[str, Any]]:
    """Proofs from the newest heads that were kept elsewhere."""
    noted = AuditEntry.objects.filter(action="ledger.anchored").order_by("-pk")
    sizes = dict.fromkeys(noted.values_list("data__size", flat=True)[:EARLIER])
    heads = TreeHead.objects.filter(size__in=sizes, size__lt=head.size).order_by("size")
    return [
        {
            "size": one.size,
            "root": one.root,
            "proof": [it.hex() for it in tree.consistency(one.size, head.size)],
        }
        for one in heads
    ]
