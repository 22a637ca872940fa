"""The names of markets, as they are compared: case, width and blanks do not matter."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A market, or a territory, as names of them are compared."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def all_folded(names: Iterable[str]) -> frozenset[str]:
    """Several of them."""
    return frozenset(folded(one) for one in names)


def is_among(market: str, territories: Iterable[str]) -> bool:
    """Whether content for these may be used in the market; without any it may be everywhere."""
    among = all_folded(territories)
    return not among or folded(market) in among
