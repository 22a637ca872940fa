"""The sentences of a message, each with a name that stays while it stays what it is.

Comments are anchored to them: a sentence that a new revision leaves alone keeps its comments,
wherever it moves.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import escape
from rapidfuzz import fuzz

from content.pieces import Node, nodes, plain

# After these a sentence ends: in Chinese anywhere, elsewhere before a blank.
_END = re.compile(r"(?<=[。！？；])|(?<=[.!?…])(?=\s)")
_BLANKS = re.compile(r"\s+")
# Below this, two sentences are not the same one with other values in it.
SAME_SENTENCE = 50
# So many pairs of sentences are compared in one place: a page must not wait.
MOST_PAIRS = 10_000
# The pictures of a message are passages, too: their text is what they show in words.
PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence; `name` is made from its words and, where it is said again, from the count."""

    name: str
    words: str


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a text begins and ends, blanks around it left out."""
    at = 0
    for end in [*(found.start() for found in _END.finditer(text)), len(text)]:
        piece = text[at:end]
        if stripped := piece.strip():
            start = at + len(piece) - len(piece.lstrip())
            yield start, start + len(stripped)
        at = end


def passages(message: str) -> list[Passage]:
    """The sentences of a sanitised message, in order."""
    return [passage for passage, _places in _found(nodes(message))]


def linked(
    message: str,
    address: Callable[[Passage], str],
    said: Collection[str] = frozenset(),
    written: Sequence[Passage] | None = None,
) -> str:
    """The message with a link around each sentence; those named in `said` stand out.

    `written` are the sentences that give the names, where the message shows them with a customer's
    values. Links that the message has itself lose their tag: one link cannot stand in another.
    """
    pieces = nodes(message)
    around: dict[int, list[tuple[int, int, str]]] = {}
    found = list(_found(pieces))
    shown = [passage for passage, _places in found]
    named = shown if written is None else anchors(written, shown)
    for passage, (_shown, places) in zip(named, found, strict=True):
        if passage is None:
            continue
        css = "passage said" if passage.name in said else "passage"
        href = escape(address(passage))
        for order, (number, start, stop) in enumerate(places):
            # Of a sentence in several parts the first is what the keyboard comes to.
            more = '" tabindex="-1' if order else f'" id="passage-{passage.name}'
            tag = f'<a class="{css}" href="{href}{more}" target="_top">'
            around.setdefault(number, []).append((start, stop, tag))
    return "".join(
        _written(number, node, around.get(number, [])) for number, node in enumerate(pieces)
    )


def anchors(written: Sequence[Passage], shown: Sequence[Passage]) -> list[Passage | None]:
    """For each sentence that a customer reads the one that was written; None where there is none.

    Their order holds; what stands between sentences that are alike is told by its likeness.
    """
    # Each name is there once, so that many sentences that say the same take no time.
    here, there = ([one.name for one in several] for several in (written, shown))
    found: list[Passage | None] = []
    matcher = SequenceMatcher(None, here, there, autojunk=False)
    for _kind, start, stop, first, last in matcher.get_opcodes():
        found += _paired(written[start:stop], shown[first:last])
    return found


def _paired(written: Sequence[Passage], shown: Sequence[Passage]) -> list[Passage | None]:
    """The same where everything, or nothing, stands between two sentences that are the same."""
    if len(written) == len(shown):
        return list(written)
    found: list[Passage | None] = [None] * len(shown)
    if len(written) * len(shown) > MOST_PAIRS:
        return found
    at = 0
    for place, one in enumerate(shown):
        likeness = [fuzz.ratio(other.words, one.words) for other in written[at:]]
        best = max(likeness, default=0)
        if best and best >= SAME_SENTENCE:
            at += likeness.index(best)
            found[place] = written[at]
            at += 1
    return found


def _written(number: int, node: Node, links: list[tuple[int, int, str]]) -> str:
    if node.text == "a" and node.kind in ("open", "close"):
        return node.markup.replace("<a", "<span", 1).replace("</a", "</span", 1)
    if not links:
        return node.markup
    if node.kind == PICTURE:
        return f"{links[0][2]}{node.markup}</a>"
    parts, at = [], 0
    for start, stop, tag in links:
        parts += [plain(node.text[at:start]), tag, plain(node.text[start:stop]), "</a>"]
        at = stop
    return "".join((*parts, plain(node.text[at:])))


Place = tuple[int, int, int]


def _found(pieces: list[Node]) -> Iterator[tuple[Passage, list[Place]]]:
    """Each sentence with its places: the number of a piece, and from where to where in it."""
    times: dict[str, int] = {}
    for block in _blocks(pieces):
        if len(block) == 1 and pieces[block[0]].kind == PICTURE:
            words = pieces[block[0]].text.partition("\n")[2]
            yield _named(words, times, pieces[block[0]].text), [(block[0], 0, 0)]
            continue
        text = "".join(pieces[number].text for number in block)
        for start, stop in sentences(text):
            words = _BLANKS.sub(" ", text[start:stop])
            yield _named(words, times), _places(pieces, block, start, stop)


def _blocks(pieces: list[Node]) -> Iterator[list[int]]:
    """The numbers of the texts of each block; each picture is one by itself."""
    block: list[int] = []
    for number, node in enumerate(pieces):
        is_text = node.kind == "text"
        if block and (node.break_before or node.kind == PICTURE):
            yield block
            block = []
        if node.kind == PICTURE:
            yield [number]
        elif is_text:
            block.append(number)
    if block:
        yield block


def _places(pieces: list[Node], block: list[int], start: int, stop: int) -> list[Place]:
    found, at = [], 0
    for number in block:
        length = len(pieces[number].text)
        here, there = max(start - at, 0), min(stop - at, length)
        if here < there and pieces[number].text[here:there].strip():
            found.append((number, here, there))
        at += length
    return found


def _named(words: str, times: dict[str, int], identity: str = "") -> Passage:
    said = identity or words
    times[said] = count = times.get(said, 0) + 1
    name = hashlib.sha256(f"{count}\n{said}".encode()).hexdigest()[:12]
    return Passage(name, words)
