"""The body of an e-mail, read once for all checks: its tags, links, pictures, styles and HTML."""

from dataclasses import dataclass
from functools import cached_property

from content.allowed import HTML_TAGS
from content.markup import MAX_BODY, MAX_TAGS, Attributes, Rewriter, Token, attributes, tokens
from content.mjml import Compiled, DoesNotCompile, compile_tokens
from content.validation.spoken import Lines, Spoken, of_markup

LINKS = frozenset({"a", "area", "mj-button", "mj-image", "mj-navbar-link", "mj-social-element"})
PICTURES = frozenset({"img", "mj-image", "mj-carousel-image"})
# What no mailbox runs, and many take for an attack.
ACTIVE = frozenset(
    {"script", "iframe", "object", "embed", "applet", "form", "input", "button", "textarea"}
    | {"select", "video", "audio", "canvas", "frame", "frameset", "base", "svg", "math", "template"}
)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads as it is written, the words that it stands on, and its line."""

    address: str
    words: str
    line: int
    tag: str = "a"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the message; `is_linked` where a link holds nothing but it."""

    given: Attributes
    line: int
    tag: str
    is_linked: bool

    @property
    def source(self) -> str:
        return self.given.get("src", "").strip()


class Mail:
    """One body. Nothing here raises: what cannot be read says nothing."""

    def __init__(self, source: str, written: str) -> None:
        self.is_too_large = len(source.encode()) > MAX_BODY
        self.source = "" if self.is_too_large else source
        self.is_mjml = written == "mjml"
        self._given: dict[int, Attributes] = {}

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.source)

    @cached_property
    def tokens(self) -> list[Token]:
        """What stands in the source."""
        return list(tokens(self.source))

    @cached_property
    def spoken(self) -> Spoken:
        return of_markup(self.tokens, self.lines)

    @cached_property
    def compiled(self) -> Compiled | DoesNotCompile | None:
        """What the MJML became, or why it became nothing; None of HTML."""
        if not self.is_mjml or not self.source:
            return None
        try:
            return compile_tokens(self.tokens)
        except DoesNotCompile as error:
            return error

    @cached_property
    def html(self) -> str:
        """What is sent; "" where the MJML does not compile."""
        if not self.is_mjml:
            return self.source
        return self.compiled.html if isinstance(self.compiled, Compiled) else ""

    @cached_property
    def html_tokens(self) -> list[Token]:
        return self.tokens if not self.is_mjml else list(tokens(self.html))

    @cached_property
    def rewritten(self) -> tuple[Rewriter, str]:
        """The HTML without anything ambiguous, and what else was in it."""
        rewriter = Rewriter(allowed=HTML_TAGS)
        return rewriter, rewriter.write_tokens(self.html_tokens[: MAX_TAGS * 2])

    @cached_property
    def css(self) -> str:
        """Its style sheets."""
        return "\n".join(token.value for token in self.html_tokens if token.kind == "raw"
                         and token.name == "style")  # fmt: skip

    def given(self, number: int) -> Attributes:
        """The attributes of the source's token of that number."""
        if number not in self._given:
            self._given[number] = attributes(self.tokens[number].value)
        return self._given[number]

    @cached_property
    def opened(self) -> list[tuple[Token, Attributes]]:
        """The tags of the source that open, with their attributes."""
        return [
            (token, self.given(number))
            for number, token in enumerate(self.tokens)
            if token.kind == "open"
        ]

    @cached_property
    def links(self) -> list[Link]:
        """The links in their order."""
        found: list[Link] = []
        for number, token in enumerate(self.tokens):
            if token.kind == "open" and token.name in LINKS and "href" in self.given(number):
                address = self.given(number)["href"].strip()
                line = self.lines.of(token.at)
                found.append(Link(address, self._words_after(number), line, token.name))
        return found

    @cached_property
    def pictures(self) -> list[Picture]:
        """The pictures in their order."""
        found: list[Picture] = []
        is_alone = False
        for number, token in enumerate(self.tokens):
            if token.name == "a":
                is_link = token.kind == "open" and "href" in self.given(number)
                is_alone = is_link and not self._words_after(number)
            if token.kind == "open" and token.name in PICTURES:
                given = self.given(number)
                alone = is_alone or (token.name == "mj-image" and "href" in given)
                found.append(Picture(given, self.lines.of(token.at), token.name, alone))
        return found

    def _words_after(self, number: int) -> str:
        """What stands between the tag and its end, or the next of its like."""
        name, words = self.tokens[number].name, []
        for token in self.tokens[number + 1 : number + 40]:
            if token.name == name:
                break
            if token.kind == "text":
                words.append(token.value)
        return " ".join(" ".join(words).split())
