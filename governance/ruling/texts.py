"""Policies as YAML text: written so that people can read it, read so that no text can do harm.

Only what JSON can say is accepted: no anchors, aliases, tags, merge keys or further documents; of
plain words only true, false, null and decimal numbers are anything but text (YAML 1.2).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from cjops.core.schema.text import refused_character
from governance.ruling.checking import Checking
from governance.ruling.definitions import Definition, complete
from governance.ruling.nested import MAX_LENGTH, Nested, Stopped, nested
from governance.ruling.problems import Malformed, Problem, below, shown

SCHEMA = "policies/1"
MAX_POLICIES = 1000

# What other readers of YAML could take for something else than text is put in quotes.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9@._/-]*(?: [A-Za-z0-9@._/-]+)*", re.ASCII)
_WORDS = re.compile(r"(?:y|n|yes|no|on|off|true|false|null)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextProblem:
    """A problem with the place in the text where it stands, both counted from 1."""

    line: int
    column: int
    problem: Problem


class MalformedText(Exception):
    """The text does not hold policies; `problems` are sorted by their place."""

    def __init__(self, problems: Sequence[TextProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda one: (one.line, one.column)))
        super().__init__(
            "; ".join(f"{one.line}:{one.column} {one.problem.code}" for one in self.problems)
        )


class _Dumper(yaml.SafeDumper):
    """Writes text plainly where nobody can misread it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        # Items of lists are indented below their name.
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style: str | None = '"'
    if _PLAIN.fullmatch(value) and not _WORDS.fullmatch(value):
        style = None
    elif "\n" in value:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


_Dumper.add_representer(str, _text)


def dump(definitions: Sequence[Mapping[str, Any]]) -> str:
    """The definitions as one YAML document; the same ones always give the same text."""
    document = {"schema": SCHEMA, "policies": [dict(one) for one in definitions]}
    # On one line each, however long: where lines break would change with every word.
    return yaml.dump(
        document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000, indent=2
    )


def parse(text: str) -> list[Definition]:
    """The policies in a text, as they stand there. Raises `MalformedText`."""
    return _policies(_read(text))


def parse_policies(text: str) -> list[Definition]:
    """The complete definitions in a text. Raises `MalformedText` with every problem of every
    policy, each at its line."""
    read = _read(text)
    found: list[Definition] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for place, raw in enumerate(_policies(read)):
        at = below("/policies", place)
        try:
            found.append(complete(raw))
        except Malformed as error:
            problems += (Problem(at + one.pointer, one.code, one.params) for one in error.problems)
        key = raw.get("key") if isinstance(raw, dict) else None
        if isinstance(key, str):
            if key in seen:
                problems.append(Problem(below(at, "key"), "repeated_key", {"key": shown(key)}))
            seen.add(key)
    if problems:
        raise MalformedText([_placed(problem, read) for problem in problems])
    return found


def placed(problems: Sequence[Problem], text: str) -> list[TextProblem]:
    """Where in a text problems stand that were found later; their pointers begin at its top.

    Raises `MalformedText` where the text cannot be read.
    """
    read = _read(text)
    found = [_placed(problem, read) for problem in problems]
    return sorted(found, key=lambda one: (one.line, one.column))


def _placed(problem: Problem, read: Nested) -> TextProblem:
    place = read.place(problem.pointer, by_name=problem.code == "unknown_member")
    return TextProblem(place.line, place.column, problem)


def _read(text: str) -> Nested:
    _refuse_characters(text)
    try:
        return nested(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    except Stopped as stopped:
        at = stopped.place
        raise MalformedText([TextProblem(at.line, at.column, stopped.problem)]) from None


def _refuse_characters(text: str) -> None:
    # A character counts as four bytes at most.
    if len(text) > MAX_LENGTH or len(text.encode(errors="replace")) > MAX_LENGTH:
        raise MalformedText([_problem(text, 0, "yaml_long", limit=MAX_LENGTH)])
    body = text.removeprefix("\ufeff")
    moved = len(text) - len(body)
    if (tab := text.find("\t")) >= 0:
        raise MalformedText([_problem(text, tab, "yaml_tab")])
    if character := refused_character(body):
        position = body.index(chr(int(character[2:], 16)))
        raise MalformedText(
            [_problem(text, position + moved, "bad_character", character=character)]
        )


def _problem(text: str, position: int, code: str, **params: Any) -> TextProblem:
    before = text[:position].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = position and len(before) - (before.rfind("\n") + 1)
    return TextProblem(line, column + 1, Problem("", code, params))


def _policies(read: Nested) -> list[Definition]:
    """The list of policies in what was read, each not looked into yet."""
    check = Checking()
    members = ("schema", "policies")
    said = check.mapping(read.value, "", members, members)
    if said.get("schema", SCHEMA) != SCHEMA:
        check.refuse("/schema", "unknown_schema", schema=shown(said["schema"]), known=SCHEMA)
    policies = check.items(said.get("policies", []), "/policies", 0, MAX_POLICIES)
    for place, policy in enumerate(policies):
        if not isinstance(policy, dict):
            check.refuse(below("/policies", place), "not_an_object")
    if check.problems:
        raise MalformedText([_placed(problem, read) for problem in check.problems])
    return policies
