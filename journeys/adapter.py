"""Journeys as governed documents: what governance needs to know of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cjops.core.findings import Finding
from cjops.core.subjects import Claim, HunkFacts, SubjectAdapter
from cjops.documents import Change, Document, Hunk
from journeys import claims, definition, facts, projection, queries, validation, words
from journeys.models import Journey, JourneyVersion

if TYPE_CHECKING:
    from people.models import User


class JourneyAdapter:
    """The adapter for journeys."""

    kind = "journey"
    model = Journey
    version_model = JourneyVersion
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
        """What is wrong with it, seen together with the portal's teams, channels and assets."""
        if "schema" not in document:
            # `nothing` has no header; it is short for an empty journey.
            document = definition.complete(document)
        return validation.validate(document, queries.known_for(document), before)

    def facts(self, before: Document, after: Document, hunks: Sequence[Hunk]) -> list[HunkFacts]:
        """Channels, kinds and owning teams of each hunk."""
        return facts.facts(before, after, hunks)

    def whole(self, before: Document, after: Document, hunks: Sequence[Hunk]) -> dict[str, Any]:
        """Market, size, messages that come and go."""
        return facts.whole(before, after, hunks)

    def claims(
        self, key: str, before: Document, after: Document, hunks: Sequence[Hunk]
    ) -> list[Claim]:
        """Elements, slots, content, audiences and branches."""
        return claims.claims(key, before, after, hunks)

    def orphans(self, before: Document, after: Document) -> list[tuple[str, str]]:
        """The paths from and to steps that are gone."""
        gone = {step["key"] for step in before["steps"]} - {step["key"] for step in after["steps"]}
        return [
            ("transitions", path["key"])
            for path in after["transitions"]
            if path.get("source") in gone or path.get("target") in gone
        ]

    def project(self, subject: Journey, document: Document, actor: "User") -> None:
        """Rows of stages, steps, transitions and bindings."""
        projection.project(journey=subject, document=document, actor=actor)

    def describe(self, before: Document, after: Document, changes: Sequence[Change]) -> list[str]:
        """The change in words."""
        return words.summarise(changes, before, after, queries.names_for(before, after))


ADAPTER: SubjectAdapter = JourneyAdapter()
