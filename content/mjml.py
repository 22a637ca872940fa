"""MJML to HTML, with nothing let through that is not MJML or plain HTML."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import mjml as mrml

from content.allowed import HTML_TAGS, MJML_TAGS
from content.markup import Problem, Rewriter, Token, tokens

_POSITION = re.compile(r"position ([0-9]+):[0-9]+")


class DoesNotCompile(Exception):
    """The MJML has no HTML; the message is the compiler's, in English, and `at` where in the
    source it stopped, None where it does not say."""

    def __init__(self, reason: str, at: int | None = None) -> None:
        super().__init__(reason)
        self.at = at


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
        raise DoesNotCompile(str(error), at) from error
    return Compiled(str(compiled), tuple(rewriter.problems))
