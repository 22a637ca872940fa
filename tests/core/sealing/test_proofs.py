"""Proofs against the definitions of RFC 6962, from a log in the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjops.core.models import Leaf, Node
from cjops.core.sealing.merkle import Frontier, leaf_hash, node_hash
from cjops.core.sealing.proofs import TILE, Tree, consistency_ranges, inclusion_ranges
from tests.core.sealing.test_log import meddle
from tests.core.sealing.test_merkle import tree_hash

SIZES = st.integers(1, 600)


def naive_path(index, leaves):
    """2.1.1 to the letter."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*naive_path(index, leaves[:split]), tree_hash(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), tree_hash(leaves[:split])]


def naive_consistency(first, leaves, is_known=True):
    """2.1.2 to the letter."""
    if first == len(leaves):
        return [] if is_known else [tree_hash(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if first <= split:
        return [*naive_consistency(first, leaves[:split], is_known), tree_hash(leaves[split:])]
    rest = naive_consistency(first - split, leaves[split:], False)
    return [*rest, tree_hash(leaves[:split])]


def hashes(count):
    return [leaf_hash(str(number).encode()) for number in range(count)]


LEAVES = hashes(600)


@given(SIZES, st.data())
def test_the_path_of_any_leaf_is_that_of_the_definition(size, data):
    index = data.draw(st.integers(0, size - 1))
    spans = inclusion_ranges(index, size)
    assert [tree_hash(LEAVES[a:b]) for a, b in spans] == naive_path(index, LEAVES[:size])


@given(SIZES, st.data())
def test_the_proof_between_any_heads_is_that_of_the_definition(size, data):
    first = data.draw(st.integers(1, size))
    spans = consistency_ranges(first, size)
    assert [tree_hash(LEAVES[a:b]) for a, b in spans] == naive_consistency(first, LEAVES[:size])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 2)])
def test_no_path_of_no_leaf(index, size):
    with pytest.raises(ValueError, match="none at"):
        inclusion_ranges(index, size)


@pytest.mark.parametrize(("first", "size"), [(0, 3), (4, 3)])
def test_no_proof_from_no_head(first, size):
    with pytest.raises(ValueError, match="does not go on"):
        consistency_ranges(first, size)


# --- from the database ----------------------------------------------------------------------------

# More than two levels of tiles, with ragged ends.
MANY = TILE * TILE + TILE + 3


def keep(leaves, with_nodes=True):
    frontier = Frontier()
    frontier.extend(leaves)
    rows = (Leaf(position=at, source="x", row=at, hash=leaf) for at, leaf in enumerate(leaves))
    Leaf.objects.bulk_create(rows, batch_size=5_000)
    if with_nodes:
        Node.objects.bulk_create(
            Node(level=level, index=at, hash=it) for level, at, it in frontier.completed
        )
    return frontier.root


@pytest.mark.django_db
@pytest.mark.parametrize("with_nodes", [True, False])
def test_proofs_are_read_from_tiles(with_nodes, django_assert_max_num_queries):
    leaves = hashes(MANY)
    root = keep(leaves, with_nodes)
    places = [0, 255, 256, 65_535, 65_536, MANY - 1]
    if with_nodes:
        with django_assert_max_num_queries(3):
            Tree().inclusion(places, MANY)
    tree = Tree()
    assert tree.root(MANY) == root
    for place, path in zip(places, tree.inclusion(places, MANY), strict=True):
        assert path == [tree_hash(leaves[a:b]) for a, b in inclusion_ranges(place, MANY)]
    for first in (1, 256, 300, 65_536, MANY):
        spans = consistency_ranges(first, MANY)
        assert tree.consistency(first, MANY) == [tree_hash(leaves[a:b]) for a, b in spans]


@pytest.mark.django_db
def test_nodes_kept_are_those_of_the_tree():
    leaves = hashes(MANY)
    keep(leaves)
    kept = {(node.level, node.index): bytes(node.hash) for node in Node.objects.all()}
    assert len(kept) == MANY // TILE + 1
    assert kept[16, 0] == tree_hash(leaves[: TILE * TILE])
    assert kept[8, 3] == tree_hash(leaves[3 * TILE : 4 * TILE])


@pytest.mark.django_db
def test_a_leaf_that_is_gone_is_said():
    keep(hashes(10))
    meddle("DELETE FROM core_leaf WHERE position = 4")
    with pytest.raises(LookupError, match="no leaf at 4"):
        Tree().inclusion([2], 10)


def test_paths_lead_to_the_root():
    found = LEAVES[5]
    for (start, _end), other in zip(inclusion_ranges(5, 7), naive_path(5, LEAVES[:7]), strict=True):
        found = node_hash(other, found) if start < 5 else node_hash(found, other)
    assert found == tree_hash(LEAVES[:7])
