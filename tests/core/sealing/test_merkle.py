"""The tree against the definition of RFC 6962, and against known values of its test vectors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjops.core.sealing.merkle import EMPTY, Frontier, leaf_hash, node_hash


def tree_hash(leaves):
    """Section 2.1 to the letter: split at the largest power of two below the number of leaves."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(tree_hash(leaves[:split]), tree_hash(leaves[split:]))


# The inputs and roots that implementations of Certificate Transparency test each other with.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_known_roots():
    frontier, found = Frontier(), []
    for data in INPUTS:
        frontier.append(leaf_hash(bytes.fromhex(data)))
        found.append(frontier.root.hex())
    assert found == ROOTS


def test_the_tree_without_leaves():
    assert Frontier().root == EMPTY


@given(st.lists(st.binary(max_size=4).map(leaf_hash), min_size=1, max_size=70), st.data())
def test_any_tree_is_that_of_the_definition_wherever_it_was_taken_up_again(leaves, data):
    cut = data.draw(st.integers(0, len(leaves)))
    frontier = Frontier()
    frontier.extend(leaves[:cut])
    frontier = Frontier(frontier.size, frontier.peaks)
    frontier.extend(leaves[cut:])
    assert (frontier.size, frontier.root) == (len(leaves), tree_hash(leaves))


def test_peaks_of_another_size_are_refused():
    with pytest.raises(ValueError, match="2 complete subtrees"):
        Frontier(5, b"x" * 32)
