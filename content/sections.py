"""The sections of a text, so that some of them can become content of their own.

Of markup these are the parts that stand below each other in its innermost frame: sections of MJML,
rows of the table that holds everything, or headings and paragraphs. Of other texts, what blank
lines part.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from cjops.documents import Document
from content.adapting import Source
from content.definition import said
from content.kinds import KINDS, Written
from content.markup import MAX_TOKENS, SIBLINGS, VOID, Token, tokens
from content.reading import INLINE, words_of

MOST = 100
SHOWN = 160
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
# Frames that only Outlook reads: half of one would be worse than none.
_FOR_OUTLOOK = re.compile(r"<!--\[if.*?<!\[endif\]-->", re.DOTALL | re.IGNORECASE)
_END_FOR_OUTLOOK = re.compile(r"<!\[endif\]-->", re.IGNORECASE)
# What stands side by side in these is one section.
COLUMNS = frozenset({"tr", "mj-section", "mj-group"})
# These show nothing: they stay with the frame, or with what follows them.
UNSHOWN = frozenset({"style", "link", "meta", "title", "script", "colgroup", "col", "mj-head"})


@dataclass(frozen=True, slots=True)
class Sections:
    """A text in pieces, with the frame around them, and what stands between two."""

    head: str
    pieces: tuple[str, ...]
    tail: str
    between: str = ""

    def only(self, numbers: Iterable[int]) -> str:
        """The text with those pieces alone, in their order."""
        kept = [self.pieces[one] for one in sorted(set(numbers)) if 0 <= one < len(self.pieces)]
        return f"{self.head}{self.between.join(kept)}{self.tail}"


def _for_all(markup: str) -> str:
    """Without the frames for Outlook. Behind the last end none is looked for: each beginning there
    would look through all the rest."""
    last = max((one.end() for one in _END_FOR_OUTLOOK.finditer(markup)), default=0)
    return _FOR_OUTLOOK.sub("", markup[:last]) + markup[last:]


def long_field(kind: str) -> Written | None:
    """The field of a kind that is long enough to have sections."""
    written = KINDS[kind].written
    found = [one for one in written if one.input in ("markup", "prose")]
    found += [one for one in written if one.input == "text" and one.rows > 2]
    return found[0] if found else None


def sections_of(rendition: Document, field_of: Written) -> Sections:
    """The sections of a rendition in that field."""
    text = str(said(rendition, field_of.name))
    if field_of.input == "markup":
        return _of_markup(text)
    pieces = tuple(one.strip() for one in _BLANK_LINES.split(text) if one.strip())
    return Sections("", pieces, "", "\n\n")


def words(piece: str, field_of: Written) -> str:
    """The first words of a piece."""
    text = words_of(piece) if field_of.input == "markup" else piece
    line = " ".join(text.split())
    return f"{line[:SHOWN]}…" if len(line) > SHOWN else line


def taken_out(source: Source, key: str, numbers: Iterable[int]) -> tuple[Source, list[str]]:
    """The source with these sections alone, and the renditions that have them.

    `key` is the rendition in which they were chosen. The others are taken along where they have as
    many sections as that.
    """
    document = source.document
    found = long_field(document["kind"])
    if found is None:
        return source, []
    wanted = list(numbers)
    by_key = {one["key"]: sections_of(one, found) for one in document["renditions"]}
    count = len(by_key[key].pieces)
    kept = [one for one, parts in by_key.items() if len(parts.pieces) == count]
    renditions = []
    for one in document["renditions"]:
        if one["key"] in kept:
            text = by_key[one["key"]].only(wanted)
            more = {"text": words_of(text)} if document["kind"] == "email" else {}
            renditions.append({**one, found.name: text, **more})
    return replace(source, document={**document, "renditions": renditions}), kept


# --- markup -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Node:
    """An element of markup, from where to where in the source it stands."""

    name: str
    start: int
    inner: int
    end: int = 0
    children: list["_Node"] = field(default_factory=list)
    has_text: bool = False


def _of_markup(source: str) -> Sections:
    frame = _innermost(_tree(source))
    nodes = frame.children
    if not nodes or len(nodes) > MOST:
        return Sections("", (source,) if source.strip() else (), "")
    starts = [nodes[0].start, *(one.end for one in nodes[:-1])]
    pieces = [source[start : one.end] for start, one in zip(starts, nodes, strict=True)]
    head, tail = source[: nodes[0].start], source[nodes[-1].end :]
    if len(pieces) > 1:
        gaps = [source[start : one.start] for start, one in zip(starts, nodes, strict=True)]
        pieces = [
            _for_all(gap) + piece[len(gap) :] for gap, piece in zip(gaps, pieces, strict=True)
        ]
        around = len(source[: frame.inner])
        head = head[:around] + _for_all(head[around:])
        rest = frame.end - nodes[-1].end
        tail = _for_all(tail[:rest]) + tail[rest:]
    return Sections(head, tuple(pieces), tail)


def _innermost(root: _Node) -> _Node:
    """The element whose children are the sections; one without children where there are none."""
    frame = _body(root) or root
    while len(frame.children) == 1 and not frame.has_text and _parts(frame.children[0]):
        frame = frame.children[0]
    return frame if _parts(frame) else _Node("", 0, 0)


def _body(node: _Node) -> _Node | None:
    for one in node.children:
        if one.name in ("body", "mj-body"):
            return one
        if one.name in ("html", "mjml"):
            return _body(one)
    return None


def _parts(node: _Node) -> bool:
    """Whether the children of an element stand below each other."""
    is_beside = node.name in COLUMNS and len(node.children) > 1
    is_block = all(one.name not in INLINE for one in node.children)
    return bool(node.children) and not node.has_text and is_block and not is_beside


def _tree(source: str) -> _Node:
    root = _Node("", 0, 0, len(source))
    stack = [root]
    for count, token in enumerate(tokens(source)):
        if count >= MAX_TOKENS:
            break
        if token.kind == "open":
            _open(source, token, stack)
        elif token.kind == "close":
            _close(source, token, stack)
        elif token.kind == "text" and token.value.strip():
            stack[-1].has_text = True
    for one in stack[1:]:
        one.end = len(source)
    return root


def _open(source: str, token: Token, stack: list[_Node]) -> None:
    if stack[-1].name == token.name and token.name in SIBLINGS:
        stack.pop().end = token.at
    # The tag is as long as its name and what it holds; blanks before its end are left out of that.
    inner = source.find(">", token.at + 1 + len(token.name) + len(token.value)) + 1
    node = _Node(token.name, token.at, inner or len(source), inner or len(source))
    if token.name not in UNSHOWN:
        stack[-1].children.append(node)
    is_empty = token.name.startswith("mj") and token.value.endswith("/")
    if token.name not in VOID and not is_empty:
        stack.append(node)


def _close(source: str, token: Token, stack: list[_Node]) -> None:
    names = [one.name for one in stack]
    if token.name not in names[1:]:
        return
    while True:
        node = stack.pop()
        if node.name == token.name:
            node.end = source.find(">", token.at) + 1 or len(source)
            return
        node.end = token.at
