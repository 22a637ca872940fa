"""Rules about files: one test a rule that names every file which breaks it.

A test for each rule and file would be thousands, whose bookkeeping takes longer than the looking.
"""

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file, which nobody changes."""
    return ast.parse(path.read_text())


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in that tree."""
    return tuple(ast.walk(parsed(path)))


def for_each(
    things: Iterable[Any], name: Callable[[Any], str] | None = None
) -> Callable[[Callable[[Any], None]], Callable[[], None]]:
    """Make one test of what is asked of each; it fails with the names of all that are wrong."""
    known = list(things)
    assert known

    def once(rule: Callable[[Any], None]) -> Callable[[], None]:
        def test() -> None:
            wrong = []
            for thing in known:
                try:
                    rule(thing)
                except AssertionError as error:
                    wrong.append(f"{(name or named)(thing)}: {error}")
            assert not wrong, "\n" + "\n".join(wrong)

        test.__name__, test.__doc__, test.__module__ = rule.__name__, rule.__doc__, rule.__module__
        return test

    return once


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))
