"""A document under examination: its texts, read once for all checks, and what was found."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from markdown_it.token import Token as Prose

from cjops.core.findings import Finding, Severity, pointer
from cjops.core.wording import cut, listing
from cjops.documents import Document
from content import liquid
from content.definition import said
from content.kinds import KINDS, Kind
from content.rules import Rules
from content.validation import spoken
from content.validation.catalogue import CATALOGUE
from content.validation.mail import Mail
from content.validation.spoken import Spoken
from content.words import language_name

# Of many places of one kind so many are named.
NAMED, NAME_LENGTH = 4, 60
# What stands for a value of which nobody says what it might be.
UNKNOWN_VALUE = "xxxxxxxx"
# A line of a text, and what stands there.
Place = tuple[int, str]


class Text:
    """A rendition, and what follows from it; each is worked out when a check first asks."""

    def __init__(self, number: int, rendition: Document, kind: Kind, rules: Rules) -> None:
        self.number = number
        self.rendition = rendition
        self.kind = kind
        self.rules = rules
        self.faults: dict[str, liquid.LiquidFault] = {}
        # What a check works out that others ask for, too.
        self.kept: dict[str, Any] = {}
        self._templates: dict[str, liquid.Template | None] = {}
        self._spoken: dict[str, Spoken] = {}
        self._filled: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """A field that people write, "" while it is left out."""
        return str(said(self.rendition, name))

    @property
    def key(self) -> str:
        return str(self.rendition["key"])

    @property
    def language(self) -> str:
        """Its tag in lower case."""
        return str(self.rendition["language"]).lower()

    @cached_property
    def language_name(self) -> str:
        """What its language is called, and its variant."""
        return language_name(self.key)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The fields in which it says something."""
        return tuple(one.name for one in self.kind.written if self[one.name])

    @cached_property
    def worded(self) -> tuple[str, ...]:
        """Those of them that say it in words."""
        unworded = ("choice", "moment", "zone", "link")
        return tuple(name for name in self.names if self.kind.field(name).input not in unworded)

    @cached_property
    def mail(self) -> Mail:
        """The body of an e-mail, read and compiled."""
        return Mail(self["body"], self["format"])

    @cached_property
    def prose(self) -> list[Prose]:
        """The body of what is written as Markdown, in pieces."""
        return spoken.read_prose(self["body"])

    def spoken(self, name: str) -> Spoken:
        """What the field says to people."""
        if name not in self._spoken:
            self._spoken[name] = self._read(name)
        return self._spoken[name]

    def _read(self, name: str) -> Spoken:
        written = self.kind.field(name).input
        if written == "markup":
            return self.mail.spoken
        if written == "prose":
            return spoken.of_prose(self.prose)
        return spoken.of_text(self[name])

    def template(self, name: str) -> liquid.Template | None:
        """The field as Liquid; None where there is none, or none that can be read (`faults`)."""
        if name not in self._templates:
            self._templates[name] = self._parsed(name)
        return self._templates[name]

    def _parsed(self, name: str) -> liquid.Template | None:
        if not liquid.holds_liquid(self[name]) or not self.kind.field(name).is_personal:
            return None
        try:
            return liquid.parse(self[name])
        except liquid.LiquidFault as fault:
            self.faults[name] = fault
            return None

    def filled(self, name: str) -> str:
        """The field as a customer might get it; as it is written where it cannot be filled in."""
        if name not in self._filled:
            template = self.template(name)
            self._filled[name] = self[name] if template is None else self._rendered(name, template)
        return self._filled[name]

    def _rendered(self, name: str, template: liquid.Template) -> str:
        try:
            return liquid.render(template, {one: self.value_of(one) for one in template.names})
        except liquid.LiquidFault as fault:
            if not fault.is_empty:
                self.faults[name] = fault
            return self[name]

    def value_of(self, name: str) -> str:
        """A likely value of a variable."""
        own = said(self.rendition, "variables").get(name, {})
        known = (self.rules.variables or {}).get(name)
        samples = known.samples if known else {}
        return str(
            own.get("sample") or samples.get(self.language) or own.get("fallback") or UNKNOWN_VALUE
        )


class Checked:
    """One document; `found` adds to `findings`."""

    def __init__(self, document: Document, rules: Rules) -> None:
        self.document = document
        self.rules = rules
        self.findings: list[Finding] = []
        renditions = enumerate(document["renditions"])
        self.texts = [Text(number, one, self.kind, rules) for number, one in renditions]

    @cached_property
    def kind(self) -> Kind:
        """Its kind; of one that was never live and has no header yet, any."""
        return KINDS[self.document.get("kind", "email")]

    @cached_property
    def topics(self) -> frozenset[str]:
        """What it is tagged with, without the taxonomies."""
        return frozenset(tag.partition(":")[2] for tag in self.document.get("tags") or ())

    def weight_of(self, code: str, severity: str = "") -> str:
        """How grave a finding of that code is: error, warning or off."""
        own = severity or CATALOGUE[code].severity
        return own if CATALOGUE[code].is_fixed else self.rules.severities.get(code, own)

    def found(
        self,
        code: str,
        message: str | Promise,
        *place: str | int,
        text: Text | None = None,
        line: int = 0,
        severity: str = "",
        **words: object,
    ) -> None:
        """Note a finding: of `text` where one is given, and then `place` leads on from there.

        `message` may name %(language)s, %(line)s and the `words`. `severity` where it is not the
        code's own, as for a forbidden word; an admin who turned a check off turned it off.
        """
        weight = self.weight_of(code, severity)
        if weight == "off":
            return
        if text is None:
            at, element, key = pointer(*place), "", ""
        else:
            at = pointer("renditions", text.number, *place)
            element, key = "renditions", text.key
            words["language"] = text.language_name
            words["line"] = line
        said_words = str(message) % words if words else str(message)
        level: Severity = "error" if weight == "error" else "warning"
        self.findings.append(Finding(level, code, at, said_words, element, key, line))

    def found_at(
        self,
        code: str,
        message: str | Promise,
        field: str,
        text: Text,
        places: Sequence[Place],
        **words: Any,
    ) -> None:
        """One finding for all `places` of a field, at the first of them; %(names)s names them."""
        if not places:
            return
        shown = dict.fromkeys((line, cut(name, NAME_LENGTH)) for line, name in places)
        is_long = "\n" in text[field]
        names = [_with_line(name, line if is_long else 0) for line, name in shown]
        line = places[0][0] if is_long else 0
        words["names"] = listing(names, NAMED)
        self.found(code, message, field, text=text, line=line, **words)

    def written(self, text: Text) -> Iterator[tuple[str, str]]:
        """The fields that people write, with what stands in them."""
        for one in self.kind.written:
            yield one.name, text[one.name]


def _with_line(name: str, line: int) -> str:
    if not line:
        return _("“%(name)s”") % {"name": name}
    return _("“%(name)s” (line %(line)s)") % {"name": name, "line": line}
