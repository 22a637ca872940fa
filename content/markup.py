"""Reading markup of unknown origin, and writing it again so that no two parsers disagree about it.

The parsers in css-inline and mrml recurse: markup nested some thousand deep ends the process. They
also disagree with each other about where a comment or a tag ends, so a guard in front of them must
not guess. Here everything is read in one linear pass and written anew: known tags only, every
value quoted, everything closed, nothing deeper than `MAX_DEPTH`.
"""

import html
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

MAX_DEPTH = 100
# Larger messages are neither checked nor shown.
MAX_BODY = 1_000_000
MAX_PROBLEMS = 20
# An e-mail of 100 kB has some 2,000 tags.
MAX_TOKENS, MAX_TAGS = 200_000, 40_000
# Longer attributes are not kept.
MOST_KEPT = 1_000

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
STYLES = frozenset({"style", "mj-style"})
# Their content is text whatever it looks like; all but a style's is left out.
RAW = STYLES | {"script", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"}
# A second one of these ends the first.
SIBLINGS = frozenset({"p", "li", "td", "th", "tr", "dt", "dd"})
# The page around a message; left out without a word.
PAGE = frozenset({"html", "head", "body", "meta", "link", "title", "style"})

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*+")
_ATTRIBUTE = re.compile(
    r"""([a-zA-Z_][a-zA-Z0-9_:.-]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++)))?+"""
)
# A tag that ends, read in one go; possessive, so that no text makes it try again.
_PLAIN = re.compile(r"""<(/?+)([a-zA-Z][a-zA-Z0-9-]*+)((?:"[^"]*+"|'[^']*+'|[^"'>])*+)>""")
# Each tag that does not end is read to the end of the source. After some of them any tag is taken
# to end at the next ">", so that many of them take no longer than the source is long.
_PATIENCE = 20
_AMPERSAND = re.compile(r"&(?!(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_END_OF_RAW = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in RAW}

Attributes = dict[str, str]


class Token(NamedTuple):
    """A piece of markup; `value` is the text, the unread attributes, or the raw content; `at` is
    where it begins in the source."""

    kind: Literal["open", "close", "text", "raw"]
    name: str
    value: str
    at: int = 0


class Problem(NamedTuple):
    """What a strict reader would refuse: `code` is unknown, unclosed, too-deep or too-many; `at`
    is where in the source."""

    code: str
    name: str
    at: int = 0


def tokens(source: str) -> Iterator[Token]:
    """The markup in pieces, comments and declarations left out; linear in its length."""
    position = endless = 0
    find, plain_at = source.find, _PLAIN.match
    while (start := find("<", position)) >= 0:
        if start > position:
            yield Token("text", "", source[position:start], position)
        token: Token | None
        plain = plain_at(source, start) if endless < _PATIENCE else None
        if plain is not None:
            sign, word, unread = plain.groups()
            position = plain.end()
            token = Token("close" if sign else "open", word.lower(), unread.rstrip(), start)
        else:
            token, position = _token_at(source, start)
            endless += token is not None and token.kind != "text"
        if token is None:
            continue
        yield token
        if token.kind == "open" and token.name in RAW and not _is_empty_component(token):
            end = _END_OF_RAW[token.name].search(source, position)
            stop = end.start() if end else len(source)
            yield Token("raw", token.name, source[position:stop], position)
            position = stop
    if position < len(source):
        yield Token("text", "", source[position:], position)


def _token_at(source: str, start: int) -> tuple[Token | None, int]:
    """What begins with the "<" at `start` and is no plain tag, and where it ends; None for what is
    left out."""
    if source.startswith("<!--", start):
        return None, _after(source, "-->", start + 4)
    if source.startswith(("<!", "<?"), start):
        return None, _after(source, ">", start)
    closing = source.startswith("</", start)
    name = _NAME.match(source, start + 1 + closing)
    if name is None:
        return Token("text", "", "<", start), start + 1
    # A quote that is never closed: the tag ends at the next ">", or nowhere.
    end = _after(source, ">", name.end())
    value = source[name.end() : end].removesuffix(">").rstrip()
    return Token("close" if closing else "open", name.group().lower(), value, start), end


def _is_empty_component(token: Token) -> bool:
    """MJML may write an element without content as one tag; HTML takes no notice of the slash."""
    return token.name.startswith("mj") and token.value.endswith("/")


def _after(source: str, end: str, start: int) -> int:
    position = source.find(end, start)
    return len(source) if position < 0 else position + len(end)


def attributes(unread: str) -> Attributes:
    """The attributes of a tag by lower-case name, their character references resolved."""
    if not unread:
        return {}
    found: Attributes = {}
    for name, double, single, bare in _ATTRIBUTE.findall(unread):
        found.setdefault(name.lower(), html.unescape(double or single or bare))
    return found


def _written(unread: str) -> str:
    """The attributes of a tag, written anew."""
    return "".join(f' {key}="{quoted(value)}"' for key, value in attributes(unread).items())


# The tags of a message are much alike.
_pairs = lru_cache(maxsize=4_096)(_written)


@dataclass(slots=True)
class Rewriter:
    """Writes markup that every parser reads alike; of tags it keeps those in `allowed`.

    Afterwards `styles` holds what stood in style sheets, `page` and `body` the attributes of these
    two tags, `tags` how many were kept, `problems` what a strict reader would have refused.
    """

    allowed: Set[str]
    styles_in_place: bool = False
    parts: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    page: Attributes = field(default_factory=dict)
    body: Attributes = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    tags: int = 0
    origins: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)

    def write(self, source: str) -> str:
        """`source`, rewritten, as far as it is not absurdly long."""
        return self.write_tokens(tokens(source))

    def write_tokens(self, pieces: Iterable[Token]) -> str:
        """The same of what `tokens` read."""
        for count, token in enumerate(pieces):
            if count >= MAX_TOKENS or self.tags >= MAX_TAGS:
                self._problem("too-many", "", token.at)
                break
            if token.kind == "text":
                self._put(escaped(token.value), token.at)
            elif token.kind == "raw":
                self._raw(token)
            elif token.kind == "close":
                self._close(token.name, token.at)
            else:
                self._open(token)
        for name, at in zip(self.stack, self.opened, strict=True):
            self._problem("unclosed", name, at)
        self._close_down_to(0, self.origins[-1] if self.origins else 0)
        return "".join(self.parts)

    def origin_of(self, position: int) -> int:
        """Where in the source that stands which was written at `position`."""
        for part, origin in zip(self.parts, self.origins, strict=True):
            position -= len(part)
            if position < 0:
                return origin
        return self.origins[-1] if self.origins else 0

    def _put(self, part: str, origin: int) -> None:
        self.parts.append(part)
        self.origins.append(origin)

    def _raw(self, token: Token) -> None:
        if token.name in STYLES:
            # A "<" has no meaning in a style sheet, and would have one for a parser.
            css = token.value.replace("<", " ")
            if self.styles_in_place and self.stack and self.stack[-1] == token.name:
                self._put(css, token.at)
            else:
                self.styles.append(css)
        elif token.name in self.allowed and self.stack and self.stack[-1] == token.name:
            self._put(escaped(token.value), token.at)

    def _open(self, token: Token) -> None:
        name = token.name
        if name in ("html", "body"):
            setattr(self, "page" if name == "html" else "body", attributes(token.value))
        if name not in self.allowed:
            if name not in PAGE:
                self._problem("unknown", name, token.at)
            return
        if self.stack and self.stack[-1] == name and name in SIBLINGS:
            self._close(name, token.at)
        if len(self.stack) >= MAX_DEPTH:
            self._problem("too-deep", name, token.at)
            return
        self.tags += 1
        pairs = _pairs(token.value) if len(token.value) < MOST_KEPT else _written(token.value)
        if name in VOID:
            self._put(f"<{name}{pairs}/>", token.at)
        elif _is_empty_component(token):
            self._put(f"<{name}{pairs}></{name}>", token.at)
        else:
            self._put(f"<{name}{pairs}>", token.at)
            self.stack.append(name)
            self.opened.append(token.at)

    def _close(self, name: str, at: int) -> None:
        if self.stack and self.stack[-1] == name:
            # As nearly all are written.
            self.stack.pop()
            self.opened.pop()
            self._put(f"</{name}>", at)
            return
        if name not in self.stack:
            return
        last = len(self.stack) - 1 - self.stack[::-1].index(name)
        for number in range(last + 1, len(self.stack)):
            if self.stack[number] not in SIBLINGS:
                self._problem("unclosed", self.stack[number], self.opened[number])
        self._close_down_to(last, at)

    def _close_down_to(self, depth: int, at: int) -> None:
        while len(self.stack) > depth:
            self._put(f"</{self.stack.pop()}>", at)
            self.opened.pop()

    def _problem(self, code: str, name: str, at: int) -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            return
        if not any((one.code, one.name) == (code, name) for one in self.problems):
            self.problems.append(Problem(code, name, at))


def escaped(text: str) -> str:
    """Text between tags; character references stay what they are."""
    if "&" in text:
        text = _AMPERSAND.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def quoted(value: str) -> str:
    """An attribute's value between double quotes."""
    return html.escape(value, quote=True)
