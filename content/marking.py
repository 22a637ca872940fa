"""What differs between two renderings of a message, marked in both where it stands.

Works on markup that `sanitising` has written: whatever is added here are marks of our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cjops.core.text_diff import text_pieces
from content.pieces import Node, nodes, plain

# Pictures are compared as if each were a letter.
FIRST_PICTURE = 0xF0000
MOST_PICTURES = 1_000
# Of longer messages only the beginning is compared: a page must not wait.
MOST_CHARACTERS = 60_000


@dataclass(slots=True)
class Stream:
    """The texts and pictures of a message as one text, with where each stands in it."""

    nodes: list[Node]
    text: str = ""
    starts: dict[int, int] = field(default_factory=dict)


def marked(before: str, after: str) -> tuple[str, str]:
    """Both messages: what is gone in <del> in the first, what is new in <ins> in the second.

    Two messages that say the same come back as they are, but for how their markup is written.
    """
    letters: dict[str, str] = {}
    old, new = (_stream(nodes(one), letters) for one in (before, after))
    gone: list[tuple[int, int]] = []
    come: list[tuple[int, int]] = []
    here = there = 0
    for kind, piece in text_pieces(old.text[:MOST_CHARACTERS], new.text[:MOST_CHARACTERS]):
        end, reach = here + len(piece), there + len(piece)
        if kind == "delete":
            gone.append((here, end))
        elif kind == "insert":
            come.append((there, reach))
        here = here if kind == "insert" else end
        there = there if kind == "delete" else reach
    return _written(old, gone, "del"), _written(new, come, "ins")


def _stream(found: list[Node], letters: dict[str, str]) -> Stream:
    stream = Stream(found)
    parts: list[str] = []
    length = 0
    for number, node in enumerate(found):
        if node.kind not in ("text", "picture"):
            continue
        said = node.text
        if node.kind == "picture":
            code = FIRST_PICTURE + len(letters) % MOST_PICTURES
            said = letters.setdefault(node.text, chr(code))
        if node.break_before and parts:
            parts.append("\n")
            length += 1
        stream.starts[number] = length
        parts.append(said)
        length += len(said)
    stream.text = "".join(parts)
    return stream


def _written(stream: Stream, ranges: Sequence[tuple[int, int]], tag: str) -> str:
    """The message with `tag` around these ranges of its stream."""
    waiting = iter(ranges)
    current = next(waiting, None)
    parts = []
    for number, node in enumerate(stream.nodes):
        if number not in stream.starts:
            parts.append(node.markup)
            continue
        start = stream.starts[number]
        stop = start + (1 if node.kind == "picture" else len(node.text))
        inside: list[tuple[int, int]] = []
        while current and current[0] < stop:
            if current[1] > start:
                inside.append((max(current[0], start) - start, min(current[1], stop) - start))
            if current[1] > stop:
                break
            current = next(waiting, None)
        parts.append(_around(node, inside, tag))
    return "".join(parts)


def _around(node: Node, ranges: Sequence[tuple[int, int]], tag: str) -> str:
    if not ranges or not (node.kind == "picture" or node.text.strip()):
        return node.markup
    if node.kind == "picture":
        return f'<{tag} class="mark">{node.markup}</{tag}>'
    parts, at = [], 0
    for start, stop in ranges:
        piece = node.text[start:stop]
        parts.append(plain(node.text[at:start]))
        said = plain(piece)
        parts.append(f'<{tag} class="mark">{said}</{tag}>' if piece.strip() else said)
        at = stop
    return "".join((*parts, plain(node.text[at:])))
