"""Two texts compared: by words where words are written apart, by characters in Chinese."""

import re
from typing import Literal

from diff_match_patch import diff_match_patch

Kind = Literal["equal", "delete", "insert"]

# Texts are compared for at most this long, then shown one after the other: a page must not wait.
DIFF_SECONDS = 0.2
# Words where words are written apart; single characters for Chinese, Japanese and all else.
TOKENS = re.compile(r"[A-Za-z0-9À-ɏͰ-ԯ{}_]+|\s+|.", re.DOTALL)
KINDS: dict[int, Kind] = {-1: "delete", 0: "equal", 1: "insert"}


def text_pieces(before: str, after: str) -> tuple[tuple[Kind, str], ...]:
    """Two texts compared: pairs of equal, delete or insert and the piece of text.

    Words stay whole; Chinese is compared by character, which is right for it.
    """
    words: dict[str, str] = {}

    def coded(text: str) -> str:
        # Each distinct token becomes one character, so that the engine never cuts through a word.
        tokens = TOKENS.findall(text)
        return "".join(words.setdefault(token, _code(len(words))) for token in tokens)

    engine = diff_match_patch()
    engine.Diff_Timeout = DIFF_SECONDS
    pieces = engine.diff_main(coded(before), coded(after), False)
    engine.diff_cleanupSemantic(pieces)
    tokens = {code: token for token, code in words.items()}
    return tuple((KINDS[kind], "".join(tokens[code] for code in text)) for kind, text in pieces)


def _code(number: int) -> str:
    # Past the surrogates, which are no characters by themselves.
    return chr(0x100 + number if number < 0xD700 else 0x900 + number)
