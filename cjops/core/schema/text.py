"""What text in a document may hold: no control characters, nothing that hides or reorders it."""

import re
import unicodedata

# C0 and C1 controls (tab and line feed are kept), line and paragraph separators, bidirectional
# embeddings, overrides and isolates, byte order marks, interlinear anchors, lone surrogates and
# the invisible tag characters. Joiners stay: Persian, Hindi and many emoji need them.
_REFUSED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def refused_character(value: str) -> str:
    """The first character of `value` that may not stand in a document, as `U+202E`; or ""."""
    match = _REFUSED.search(value.replace("\r", "\n"))
    return f"U+{ord(match.group()):04X}" if match else ""


def without_refused(value: str) -> str:
    """`value` without the characters that may not stand in a document."""
    return _REFUSED.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def tidy_text(value: str) -> str:
    """One spelling for equal text: NFC, line feeds only, no blanks at either end."""
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def tidy_line(value: str) -> str:
    """The same for text of one line: each run of blanks becomes one space."""
    return " ".join(tidy_text(value).split())


def cut(value: str, limit: int) -> str:
    """`value` in at most `limit` characters, with an ellipsis where something is left out."""
    return value if len(value) <= limit else value[: limit - 1].rstrip() + "…"
