"""MJML to HTML, with nothing let through that is not MJML or plain HTML."""

from dataclasses import dataclass

import mjml as mrml

from content.allowed import HTML_TAGS, MJML_TAGS
from content.markup import Problem, Rewriter


class DoesNotCompile(Exception):
    """The MJML has no HTML; the message is the compiler's, in English."""


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
    rewriter = Rewriter(allowed=MJML_TAGS | HTML_TAGS, styles_in_place=True)
    try:
        compiled = mrml.mjml2html(rewriter.write(source))
    except ValueError as error:
        raise DoesNotCompile(str(error)) from error
    return Compiled(str(compiled), tuple(rewriter.problems))
