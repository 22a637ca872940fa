"""Text as it is compared: case, accents, width and Chinese script do not matter."""

import re
import unicodedata
from functools import lru_cache

import opencc

# What is written without spaces between words: kana, Han, Hangul, Thai, Lao, Khmer, Burmese.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_HAN = (range(0x3400, 0xA000), range(0xF900, 0xFB00))
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("(?<=\\w)['\u2018\u2019\u02bc](?=\\w)")
# "e-mail" is "email", but "opt-out" is two words.
_LETTER_HYPHEN = re.compile(r"(?<!\w)([^\W\d_])-(?=[^\W\d_]{2})")


@lru_cache(maxsize=1)
def _simplified() -> dict[int, int]:
    """Traditional characters to simplified ones, one by one.

    Whole words would be folded by what stands around them, so that a query and a text differ.
    """
    converter = opencc.OpenCC("t2s")
    found = {}
    for block in _HAN:
        for code in block:
            folded = converter.convert(chr(code))
            if len(folded) == 1 and ord(folded) != code:
                found[code] = ord(folded)
    # Ways of writing the same that stand beside each other in simplified texts too.
    same = {"帐": "账", "著": "着", "妳": "你"}
    for code, other in found.items():
        found[code] = ord(same.get(chr(other), chr(other)))
    return found | {ord(one): ord(other) for one, other in same.items()}


def shown(text: str) -> str:
    """The text as it is kept to be quoted: one width, nothing invisible, nothing unstorable."""
    text = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))
    if text.isascii():
        return text.replace("\x00", "")
    return "".join(
        one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cf", "Cc", "Co")
    )


def folded(text: str) -> str:
    """The text as words of it are compared."""
    text = shown(text).casefold()
    if not text.isascii():
        bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", bare).translate(_simplified())
    return _LETTER_HYPHEN.sub(r"\1", _APOSTROPHES.sub("", text))


def folded_in_place(text: str) -> str:
    """The same with each character in its place, for marking what was found.

    `text` went through `shown`; the few characters that would become two stay as they are.
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_letter, text)).translate(_simplified())


@lru_cache(maxsize=10_000)
def _folded_letter(letter: str) -> str:
    bare = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", letter)))
    lower = bare.casefold()
    return lower if len(lower) == 1 else letter


def is_unspaced(letter: str) -> bool:
    """Whether it belongs to a script without spaces between words."""
    return bool(_UNSPACED.match(letter))
