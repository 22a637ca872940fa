"""Words that somebody mistyped, and what they may have meant.

Each known word is stored with hashes of itself with letters left out. Words that are a slip apart
(a letter too many, too few, another one, two swapped) share one of them; long words may have two.
"""

import zlib
from collections.abc import Iterable
from itertools import combinations

from django.db import models
from rapidfuzz.distance import OSA

from content.finding.tokens import stem
from content.finding.vectors import Lexemes
from content.models import Asset, SearchRow, SearchWord

SHORTEST = 4
# Words of so many letters may have two slips.
LONG = 7
# Letters that are left out are looked for at the beginning: few words differ behind it alone.
BEGINNING = 9
MOST_NEAR, MOST_TRIED = 400, 8


def near(word: str) -> list[int]:
    """Hashes of the word with one letter left out, or two of a long one, and of itself."""
    begin = word[:BEGINNING]
    slips = 2 if len(word) >= LONG else 1
    found = {begin}
    for count in range(1, slips + 1):
        for left_out in combinations(range(len(begin)), count):
            found.add("".join(one for at, one in enumerate(begin) if at not in left_out))
    return sorted({zlib.crc32(one.encode()) - (1 << 31) for one in found})


def unknown(words: Iterable[str]) -> list[str]:
    """Those of the words that could be mistyped and are not known yet."""
    wanted = {word for word in words if len(word) >= SHORTEST and not word.isdigit()}
    known = SearchWord.objects.filter(word__in=wanted).values_list("word", flat=True)
    return sorted(wanted - set(known)) if wanted else []


def learn(words: Iterable[str]) -> None:
    """Keep the words that are not known yet; waits for nobody."""
    SearchWord.objects.bulk_create(
        SearchWord(word=word, near=near(word)) for word in unknown(words)
    )


def meant(word: str, seen: models.QuerySet[Asset]) -> str | None:
    """The likeliest word that stands in one of the assets `seen`; None where it does itself, or
    where nothing is near it."""
    if len(word) < SHORTEST:
        return None
    rows = SearchWord.objects.filter(near__overlap=near(word)).values_list("word", flat=True)
    most = 2 if len(word) >= LONG else 1
    found = {other: OSA.distance(word, other, score_cutoff=most) for other in set(rows[:MOST_NEAR])}
    tried = sorted(
        (other for other, away in found.items() if 0 < away <= most),
        key=lambda other: (found[other], other[0] != word[0], abs(len(other) - len(word)), other),
    )
    for other in tried[:MOST_TRIED]:
        if holds(other, seen):
            return other
    return None


def holds(word: str, seen: models.QuerySet[Asset]) -> bool:
    """Whether the word stands in one of the assets `seen`: nobody is told a word of others."""
    rows = SearchRow.objects.filter(words=Lexemes(f"'{stem(word)}'"))
    return seen.filter(search_row__in=rows).order_by().exists()
