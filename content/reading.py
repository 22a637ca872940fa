"""What an e-mail's body says to those who receive it: its words, and where its links lead."""

import html
import re

from content.markup import attributes, tokens

# What does not begin a new line.
INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd"}
    | {"mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"}
    | {"u", "var", "wbr", "img"}
)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def words_of(body: str) -> str:
    """The text of the markup, a line for each block; pictures by what stands in their place."""
    parts: list[str] = []
    for token in tokens(body):
        if token.kind == "text":
            parts.append(html.unescape(token.value).replace("\n", " "))
        elif token.kind == "raw":
            if token.name in ("textarea", "xmp", "title"):
                parts.append(f"\n{html.unescape(token.value)}\n")
        elif token.name in ("img", "mj-image") and token.kind == "open":
            parts.append(f" {attributes(token.value).get('alt', '')} ")
        elif token.name not in INLINE:
            parts.append("\n")
    return _LINES.sub("\n", _BLANKS.sub(" ", "".join(parts))).strip()


def links_of(body: str) -> list[str]:
    """Where links, buttons and forms lead, in their order, as they are written."""
    found = []
    for token in tokens(body):
        if token.kind == "open" and token.name not in ("link", "base", "mj-font"):
            given = attributes(token.value)
            found += [given[name].strip() for name in ("href", "action") if given.get(name)]
    return found


def pictures_of(body: str) -> list[str]:
    """Where pictures come from, in their order."""
    sources = (
        attributes(token.value).get("src", "") for token in tokens(body) if token.kind == "open"
    )
    # A picture that is in the message itself would be a wall of letters.
    return [source.strip()[:200] for source in sources if source.strip()]
