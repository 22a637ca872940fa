"""Taxonomies as governed documents: what governance needs to know of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cjops.core.findings import Finding
from cjops.core.subjects import Claim, HunkFacts, SubjectAdapter, touched
from cjops.documents import Change, Document, Hunk
from tags import definition, projection, validation, words
from tags.models import Taxonomy, TaxonomyVersion

if TYPE_CHECKING:
    from people.models import User


class TaxonomyAdapter:
    """The adapter for taxonomies."""

    kind = "taxonomy"
    model = Taxonomy
    version_model = TaxonomyVersion
    references = definition.REFERENCES
    identity: Mapping[str, tuple[str, ...]] = definition.IDENTITY

    @property
    def nothing(self) -> Document:
        """Empty collections."""
        return {name: [] for name in definition.COLLECTIONS}

    def load(self, raw: object) -> Document:
        """The complete document, or `DocumentInvalid`."""
        return definition.complete(raw)

    def validate(self, document: Document, before: Document | None = None) -> list[Finding]:
        """What is wrong or doubtful in it."""
        if "schema" not in document:
            # `nothing` has no header; it is short for an empty taxonomy.
            document = definition.complete(document)
        return validation.validate(document)

    def facts(self, before: Document, after: Document, hunks: Sequence[Hunk]) -> list[HunkFacts]:
        """A vocabulary touches no channel and no team's step: every hunk is about tags."""
        return [HunkFacts(hunk=hunk, kinds=frozenset({"tags"})) for hunk in hunks]

    def whole(self, before: Document, after: Document, hunks: Sequence[Hunk]) -> dict[str, Any]:
        """Nothing more than its parts tell."""
        return {}

    def claims(
        self, key: str, _before: Document, _after: Document, hunks: Sequence[Hunk]
    ) -> list[Claim]:
        """The elements it touches."""
        return touched(self.kind, key, hunks)

    def orphans(self, before: Document, after: Document) -> list[tuple[str, str]]:
        """None: which concept is broader than another is for its steward to say."""
        return []

    def project(self, subject: Taxonomy, document: Document, actor: "User") -> None:
        """One row for each concept."""
        projection.project(taxonomy=subject, document=document, actor=actor)

    def describe(self, before: Document, after: Document, changes: Sequence[Change]) -> list[str]:
        """The change in words."""
        return words.summarise(changes, before, after)


ADAPTER: SubjectAdapter = TaxonomyAdapter()
