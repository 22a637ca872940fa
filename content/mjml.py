"""MJML to HTML, with nothing let through that is not MJML or plain HTML."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import mjml as mrml

from content.allowed import HTML_TAGS, MJML_TAGS
from content.markup import Problem, Rewriter, Token, tokens

# How what the compiler says begins, and what is meant.
REASONS = (
    ("unexpected element", "tag"),
    ("unexpected token", "text"),
    ("unable to find mjml element", "root"),
    ("unexpected end of stream", "end"),
    ("unable to parse next template", "unreadable"),
)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]{0,40})")
_POSITION = re.compile(r"position ([0-9]+):[0-9]+")


class DoesNotCompile(Exception):
    """The MJML has no HTML. The message is the compiler's, in English; `code` says which of
    `REASONS` it is, "" for another; `at` where in the source it stopped, None where it does not
    say, and `name` which tag stands there, if one does."""

    def __init__(self, reason: str, at: int | None = None, name: str = "") -> None:
        super().__init__(reason)
        self.code = next((code for begin, code in REASONS if reason.startswith(begin)), "")
        self.at = at
        self.name = name


@dataclass(frozen=True, slots=True)
class Compiled:
    """What MJML became, and what a strict reader would have refused in it."""

    html: str
    problems: tuple[Problem, ...]


def compile_mjml(source: str) -> Compiled:
    """The HTML of an MJML message. Raises `DoesNotCompile`.

    What the compiler gets is written anew (see `content.markup`): it knows no limit of depth and
    passes unknown tags, scripts among them, straight through.
    """
    return compile_tokens(tokens(source))


def compile_tokens(pieces: Iterable[Token]) -> Compiled:
    """The same of what `markup.tokens` read."""
    rewriter = Rewriter(allowed=MJML_TAGS | HTML_TAGS, styles_in_place=True)
    written = rewriter.write_tokens(pieces)
    try:
        compiled = mrml.mjml2html(written)
    except ValueError as error:
        found = _POSITION.search(str(error))
        at = rewriter.origin_of(int(found.group(1))) if found else None
        start = int(found.group(1)) if found else 0
        tag = _TAG.search(written, max(start - 1, 0), start + 60) if found else None
        raise DoesNotCompile(str(error), at, tag.group(1) if tag else "") from error
    return Compiled(str(compiled), tuple(rewriter.problems))
