"""Rows of a comparison: a field before and after, texts letter by letter where that helps."""

import re
from dataclasses import dataclass

from diff_match_patch import diff_match_patch

# Longer texts are compared for at most this long, then shown whole: a page must not wait.
DIFF_SECONDS = 0.2
SHOWN_CHARACTERS = 4_000

# Words where words are written apart; single characters for Chinese, Japanese and all else.
TOKENS = re.compile(r"[A-Za-z0-9À-ɏͰ-ԯ{}_]+|\s+|.", re.DOTALL)
KINDS = {-1: "delete", 0: "equal", 1: "insert"}


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a hunk: before and after in words, or the pieces of a text compared."""

    label: str
    before: str = ""
    after: str = ""
    pieces: tuple[tuple[str, str], ...] = ()
    note: str = ""
    url: str = ""
    link: str = ""


def text_pieces(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Two texts compared: pairs of equal, delete or insert and the piece of text.

    Words stay whole; Chinese is compared by character, which is right for it.
    """
    words: dict[str, str] = {}

    def coded(text: str) -> str:
        # Each distinct token becomes one character, so that the engine never cuts through a word.
        tokens = TOKENS.findall(text[:SHOWN_CHARACTERS])
        return "".join(words.setdefault(token, chr(0x100 + len(words))) for token in tokens)

    engine = diff_match_patch()
    engine.Diff_Timeout = DIFF_SECONDS
    pieces = engine.diff_main(coded(before), coded(after), False)
    engine.diff_cleanupSemantic(pieces)
    tokens = {code: token for token, code in words.items()}
    return tuple((KINDS[kind], "".join(tokens[code] for code in text)) for kind, text in pieces)
