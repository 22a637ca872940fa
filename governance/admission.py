"""What a policy must be before it is kept: whole, and naming only what there is."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cjops.core.errors import DocumentInvalid
from cjops.core.findings import Finding
from governance.models import Policy
from governance.queries.ruling import known as known_now
from governance.ruling.definitions import Definition, Known, check_known, complete, load
from governance.ruling.problems import Malformed, Problem, below
from governance.ruling.texts import MalformedText, TextProblem, parse_policies, placed
from governance.ruling.wording import problem_sentence

# Addresses of the portal that a policy's own would hide.
RESERVED = frozenset({"new", "test", "replays", "health", "import", "export", "freezes"})
RESERVED_KEY = "reserved_key"
NAME_LENGTH = Policy._meta.get_field("name").max_length or 0


def admit(raw: object, known: Known | None = None) -> Definition:
    """The complete definition. Raises `DocumentInvalid` with a finding for every problem, and the
    problems themselves."""
    try:
        definition = complete(raw)
    except Malformed as error:
        raise _refused(error.problems) from None
    problems = _problems_of(definition, known or known_now())
    if problems:
        raise _refused(problems)
    return definition


def _problems_of(definition: Definition, known: Known) -> list[Problem]:
    """What is wrong beside the form of it."""
    found = [
        Problem(below("/name", language), "too_long", {"limit": NAME_LENGTH})
        for language, name in definition["name"].items()
        if len(name) > NAME_LENGTH
    ]
    if definition["key"] in RESERVED:
        found.append(Problem("/key", RESERVED_KEY, {"key": definition["key"]}))
    return found + check_known(load(definition), known)


def admit_text(text: str) -> list[Definition]:
    """The complete definitions in a YAML text. Raises `DocumentInvalid`, each finding with its
    line."""
    try:
        definitions = parse_policies(text)
    except MalformedText as error:
        raise _refused_text(error.problems) from None
    known = known_now()
    problems = [
        Problem(f"/policies/{place}{one.pointer}", one.code, one.params)
        for place, definition in enumerate(definitions)
        for one in _problems_of(definition, known)
    ]
    if problems:
        raise _refused_text(placed(problems, text))
    return definitions


def sentence(problem: Problem) -> str:
    """A problem of a definition, for people."""
    if problem.code == RESERVED_KEY:
        return _("“%(key)s” is the address of another page: choose another key.") % problem.params
    return problem_sentence(problem)


def _refused(problems: Sequence[Problem]) -> DocumentInvalid:
    return DocumentInvalid(
        _("This policy cannot be kept as it is. See what is wrong."),
        findings=[Finding("error", one.code, one.pointer, sentence(one)) for one in problems],
        problems=problems,
    )


def _refused_text(problems: Sequence[TextProblem]) -> DocumentInvalid:
    findings = [
        Finding("error", one.problem.code, one.problem.pointer, _placed(one)) for one in problems
    ]
    return DocumentInvalid(
        _("These policies cannot be taken over as they are. See what is wrong."), findings=findings
    )


def _placed(one: TextProblem) -> str:
    return _("Line %(line)s, column %(column)s: %(problem)s") % {
        "line": one.line,
        "column": one.column,
        "problem": sentence(one.problem),
    }
