"""A document under examination: its texts, read once for all checks, and what was found."""

from collections.abc import Iterator
from functools import cached_property

from django.utils.functional import Promise

from cjops.core.findings import Finding, Severity, pointer
from cjops.documents import Document
from content.definition import said
from content.kinds import KINDS, Kind
from content.rules import Rules
from content.validation.catalogue import CATALOGUE
from content.words import language_name


class Text:
    """A rendition, and what follows from it; each is worked out when a check first asks."""

    def __init__(self, number: int, rendition: Document) -> None:
        self.number = number
        self.rendition = rendition

    def __getitem__(self, name: str) -> str:
        """A field that people write, "" while it is left out."""
        return str(said(self.rendition, name))

    @property
    def key(self) -> str:
        return str(self.rendition["key"])

    @cached_property
    def language_name(self) -> str:
        """What its language is called, and its variant."""
        return language_name(self.key)


class Checked:
    """One document; `found` adds to `findings`."""

    def __init__(self, document: Document, rules: Rules) -> None:
        self.document = document
        self.rules = rules
        self.findings: list[Finding] = []
        self.texts = [Text(number, one) for number, one in enumerate(document["renditions"])]

    @cached_property
    def kind(self) -> Kind:
        """Its kind; of one that was never live and has no header yet, any."""
        return KINDS[self.document.get("kind", "email")]

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

        `message` may name %(language)s and the `words`. `severity` where it is not the code's
        own, as for a forbidden word; an admin who turned a check off turned it off.
        """
        is_fixed = CATALOGUE[code].is_fixed
        own = severity or CATALOGUE[code].severity
        weight = own if is_fixed else self.rules.severities.get(code, own)
        if weight == "off":
            return
        if text is None:
            at, element, key = pointer(*place), "", ""
        else:
            at = pointer("renditions", text.number, *place)
            element, key = "renditions", text.key
            words["language"] = text.language_name
        said_words = str(message) % words if words else str(message)
        level: Severity = "error" if weight == "error" else "warning"
        self.findings.append(Finding(level, code, at, said_words, element, key, line))

    def written(self, text: Text) -> Iterator[tuple[str, str]]:
        """The fields that people write, with what stands in them."""
        for one in self.kind.written:
            yield one.name, text[one.name]
