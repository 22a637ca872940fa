"""Assets as governed documents: what governance needs to know of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cjops.core.findings import Finding
from cjops.core.subjects import Claim, HunkFacts, SubjectAdapter
from cjops.documents import Change, Document, Hunk, Reference
from content import claims, definition, facts, projection, validation, words
from content.models import Asset, AssetVersion
from content.rulebook import rules_for

if TYPE_CHECKING:
    from people.models import User


class AssetAdapter:
    """The adapter for assets."""

    kind = "asset"
    model = Asset
    version_model = AssetVersion
    references: tuple[Reference, ...] = ()
    # Languages are no names: their keys are used again and again.
    identity: Mapping[str, tuple[str, ...]] = {}

    @property
    def nothing(self) -> Document:
        """Empty collections."""
        return {name: [] for name in definition.COLLECTIONS}

    def load(self, raw: object) -> Document:
        """The complete document, or `DocumentInvalid`."""
        return definition.complete(raw)

    def validate(self, document: Document, before: Document | None = None) -> list[Finding]:
        """What is wrong or doubtful in it, under the rules that admins have set."""
        return validation.validate(document, rules_for(document))

    def facts(self, before: Document, after: Document, hunks: Sequence[Hunk]) -> list[HunkFacts]:
        """The asset's channel, and what each hunk is about."""
        return facts.facts(before, after, hunks)

    def whole(self, before: Document, after: Document, hunks: Sequence[Hunk]) -> dict[str, Any]:
        """Its tags, and the languages that come and go."""
        return facts.whole(before, after)

    def claims(
        self, key: str, before: Document, after: Document, hunks: Sequence[Hunk]
    ) -> list[Claim]:
        """Its languages, and whether it goes out of use."""
        return claims.claims(key, before, after, hunks)

    def orphans(self, before: Document, after: Document) -> list[tuple[str, str]]:
        """None: a language stands by itself."""
        return []

    def project(self, subject: Asset, document: Document, actor: "User") -> None:
        """The columns lists are made of."""
        projection.project(asset=subject, document=document, actor=actor)

    def describe(self, before: Document, after: Document, changes: Sequence[Change]) -> list[str]:
        """The change in words."""
        return words.summarise(changes, before, after)


ADAPTER: SubjectAdapter = AssetAdapter()
