"""What is wrong with a policy, as data; `wording.problem_sentence` says it to people."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Params keep this much of what a stranger wrote.
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem at one place: an RFC 6901 pointer, a code for programs, and what to fill in."""

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Malformed(Exception):
    """Something is not a policy, or not a predicate; `problems` holds everything found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{one.pointer or '/'}: {one.code}" for one in problems))
        self.problems = tuple(problems)


def below(pointer: str, *tokens: str | int) -> str:
    """The pointer to what stands under `pointer` by these names or positions."""
    escaped = (str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
    return "/".join((pointer, *escaped))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, or ""."""
    found = difflib.get_close_matches(word[:SHOWN], sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def shown(value: object) -> str:
    """A few characters of what was given; never of a whole tree, which may be endless."""
    if isinstance(value, str):
        return value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**15):
        return str(value)
    return ""
