"""A sanitised message in pieces: its texts, its pictures, and the markup around them.

For what adds marks of our own to a message; see `sanitising` for how one becomes harmless.
"""

import html
from dataclasses import dataclass

from content.markup import VOID, attributes, escaped, quoted, tokens
from content.reading import INLINE


@dataclass(slots=True)
class Node:
    """A piece of markup: a text, a picture, or anything else as it is written.

    `break_before` says that it begins a new block.
    """

    kind: str
    markup: str
    text: str = ""
    break_before: bool = False


def nodes(message: str) -> list[Node]:
    """The pieces of a sanitised message, in order."""
    found: list[Node] = []
    is_new = True
    for token in tokens(message):
        if token.kind == "text":
            text = html.unescape(token.value)
            found.append(Node("text", token.value, text, is_new))
            is_new = is_new and not text.strip()
            continue
        if token.kind == "raw":
            found.append(Node("other", token.value))
            continue
        is_new = is_new or token.name not in INLINE
        found.append(_tag(token.kind == "close", token.name, token.value, is_new))
    return found


def _tag(is_close: bool, name: str, value: str, is_new: bool) -> Node:
    if is_close:
        return Node("close", f"</{name}>", name)
    given = attributes(value)
    pairs = "".join(f' {key}="{quoted(one)}"' for key, one in given.items())
    if name == "img":
        source = given.get("src", "") + "\n" + given.get("alt", "")
        return Node("picture", f"<img{pairs}/>", source, is_new)
    return Node("open", f"<{name}{pairs}{'/' if name in VOID else ''}>", name)


def plain(text: str) -> str:
    """A text as it stands between tags."""
    return escaped(text.replace("&", "&amp;"))
