"""A Merkle tree over a list that only grows, hashed as RFC 6962 says in section 2.1.

Leaves are hashed behind a zero byte and nodes behind a one, so that neither passes for the other.
"""

from collections.abc import Iterable
from hashlib import sha256

HASH_SIZE = 32
# Roots of complete subtrees of so many levels, and of twice and three times as many, are kept: what
# proofs are read from.
KEPT = 8
# The root of the tree without leaves.
EMPTY = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The 32 bytes that stand for an entry."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32 bytes that stand for two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """All that is needed of a tree to append to it and to tell its root: the roots of its complete
    subtrees, largest first; as many as its size has binary ones.

    Raises ValueError when `peaks` are not those of a tree of that size.
    """

    def __init__(self, size: int = 0, peaks: bytes = b"") -> None:
        if len(peaks) != HASH_SIZE * size.bit_count():
            raise ValueError(f"A tree of {size} leaves has {size.bit_count()} complete subtrees.")
        self.size = size
        self._peaks = [peaks[at : at + HASH_SIZE] for at in range(0, len(peaks), HASH_SIZE)]
        # Level, place and hash of the nodes to be kept that were completed.
        self.completed: list[tuple[int, int, bytes]] = []

    def append(self, leaf: bytes) -> None:
        """Add the hash of one more leaf."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add them one after another."""
        # Names of our own: a million leaves pass through here.
        peaks, size = self._peaks, self.size
        for leaf in leaves:
            node, at, level = leaf, size, 0
            # Two subtrees of one size become one; how many follow from the ones at the size's end.
            while at & 1:
                node = sha256(b"\x01" + peaks.pop() + node).digest()
                at >>= 1
                level += 1
                if not level % KEPT:
                    self.completed.append((level, at, node))
            peaks.append(node)
            size += 1
        self.size = size

    @property
    def peaks(self) -> bytes:
        """The roots of the complete subtrees, one behind the other."""
        return b"".join(self._peaks)

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self._peaks:
            return EMPTY
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root
