"""What is wrong with a template, in sentences of our own: the library that reads it knows English.

What it says is told apart by how it says it; a test holds the table to the version that is
installed. What is not in the table is quoted, and called English.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_TOO_MUCH = gettext_lazy(
    "The filter “%(name)s” was given too much or too little. Look up what it takes."
)
_NO_TAG = gettext_lazy("There is no tag “%(name)s” here. Look how it is spelled, or take it out.")
# The first that fits counts; each begins at the beginning.
KNOWN: tuple[tuple[re.Pattern[str], Promise], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        # Tags.
        (
            r"unexpected tag 'end of expression'",
            gettext_lazy("A “case” has to go on with a “when”. Add one."),
        ),
        (
            r"unexpected tag '(?P<name>end\w+|else|elsif|when)'",
            gettext_lazy("“%(name)s” belongs to nothing that is open here. Take it out."),
        ),
        (r"unexpected tag '(?P<name>[^']+)'", _NO_TAG),
        (
            r"expected tag (?P<name>\w+), found",
            gettext_lazy("“%(name)s” is missing. Close what is opened here."),
        ),
        (
            r"comment tag was never closed",
            gettext_lazy("A comment is opened here and never closed."),
        ),
        (
            r"missing tag name or closing delimiter",
            gettext_lazy("A tag has no name, or no end. Complete it."),
        ),
        (
            r"missing expression",
            gettext_lazy("A tag ends after its name. Say what it is about."),
        ),
        (
            r"unexpected '(?P<name>break|continue)'",
            gettext_lazy("“%(name)s” stands in no loop. Take it out."),
        ),
        (
            r"expected '=', found",
            gettext_lazy("There is no “=” after the name of the new value. Add it."),
        ),
        (r"expected in, found", gettext_lazy("There is no “in” in a “for”. Add it.")),
        (
            r"expected 'reversed', 'offset' or 'limit'",
            gettext_lazy(
                "Behind the list of a “for” only “reversed”, “offset” and “limit” can stand. Take "
                "out what else is there."
            ),
        ),
        # Names and values.
        (
            r"expected an identifier, found a path",
            gettext_lazy("The name of a new value has a dot in it. Write one without."),
        ),
        (r"expected an identifier", gettext_lazy("A name is missing, as after a dot. Add it.")),
        (
            r"missing or unexpected path segment",
            gettext_lazy("A square bracket is not closed, or empty. Complete it."),
        ),
        (
            r"""unexpected (?:"'"|'"')""",
            gettext_lazy("A quotation mark is not closed. Close it."),
        ),
        (
            r"(?:unexpected|unknown operator) '(?P<name>[^']+)'",
            gettext_lazy("“%(name)s” means nothing here. Take it out."),
        ),
        (
            r"expected a primitive expression, found pipe",
            gettext_lazy("There is no value before “|”. Write one."),
        ),
        (
            r"expected a primitive expression",
            gettext_lazy("A value is missing. Write one, or take out what asks for it."),
        ),
        (
            r"expected end of expression, found '='",
            gettext_lazy("A single “=” compares nothing. Write “==”."),
        ),
        (
            r"expected end of expression",
            gettext_lazy("There is something too much in a tag, or a sign is missing in it."),
        ),
        (
            r"(?:disallowed|unbalanced) parentheses",
            gettext_lazy("Parentheses cannot stand in a condition. Take them out."),
        ),
        (r"expected '\)', found", gettext_lazy("A parenthesis is not closed. Close it.")),
        # Filters, and what comes up while values are filled in.
        (
            r"unknown filter '(?P<name>[^']+)'",
            gettext_lazy("There is no filter “%(name)s”. Look how it is spelled, or take it out."),
        ),
        (r"(?P<name>\w+)\(\) (?:missing|takes|got)", _TOO_MUCH),
        (
            r"\w+: can't divide by",
            gettext_lazy("Something is divided by zero. Divide by another number."),
        ),
        (
            r"'<' and '>' are not supported",
            gettext_lazy("A number is compared with a text. Compare values of one type."),
        ),
        (
            r"'in' and 'contains' are not supported",
            gettext_lazy("“contains” looks into texts and lists; before it there is neither."),
        ),
        (
            r"(?P<name>\w+) expected an (?:integer|int)\b",
            gettext_lazy("The filter “%(name)s” needs a number. Give it one."),
        ),
        (
            r"expected an integer, found",
            gettext_lazy("There is a text where a number is needed. Write a number."),
        ),
        (
            r"(?:(?P<name>\w+): \w+$|LiquidError\.__init__)",
            gettext_lazy("A filter cannot do anything with this value. Use another one."),
        ),
        (r"'(?P<name>[^']+)' is undefined", gettext_lazy("“%(name)s” has no value.")),
    )
)


def sentence_for(reason: str) -> str:
    """What the library says, as a sentence in the language that is active."""
    for pattern, sentence in KNOWN:
        found = pattern.match(reason)
        if found:
            return str(sentence) % found.groupdict()
    return _("The program that reads it says in English: “%(words)s”.") % {"words": reason}
