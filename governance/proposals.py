"""What a change proposes, computed from its documents: the diff, its hunks and their facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cjops.core.findings import Finding
from cjops.core.subjects import HunkFacts, SubjectAdapter
from cjops.documents import Change as DocumentChange
from cjops.documents import Hunk, Merge, Resolution, diff, hunks, merge
from governance.models import Change, ChangeRevision
from governance.subjects import adapter_for, document_of, version_of
from governance.transitions import OPEN_STATES

Document = dict[str, Any]


@dataclass(frozen=True)
class Proposal:
    """The base and the proposed document of one revision, and what follows from the two."""

    kind: str
    base: Document
    proposed: Document

    @property
    def adapter(self) -> SubjectAdapter:
        return adapter_for(self.kind)

    @cached_property
    def changes(self) -> list[DocumentChange]:
        return diff(self.base, self.proposed)

    @cached_property
    def hunks(self) -> list[Hunk]:
        return hunks(self.changes)

    @cached_property
    def digests(self) -> set[str]:
        """The digests of all hunks: what reviewers' decisions are bound to."""
        return {hunk.digest for hunk in self.hunks}

    @cached_property
    def facts(self) -> list[HunkFacts]:
        return self.adapter.facts(self.base, self.proposed, self.hunks)

    @property
    def channels(self) -> list[str]:
        """Keys of all channels touched, sorted."""
        return sorted({channel for facts in self.facts for channel in facts.channels})

    def onto(self, live: Document, resolutions: Mapping[str, Resolution] | None = None) -> Merge:
        """The three-way merge of the proposal with what is live now.

        `resolutions` settle conflicts, by their fingerprints.
        """
        references = self.adapter.references
        return merge(self.base, self.proposed, live, references=references, resolutions=resolutions)

    @cached_property
    def findings(self) -> list[Finding]:
        """What the checks say about the proposed document."""
        return self.adapter.validate(self.proposed, self.base)

    @property
    def errors(self) -> list[Finding]:
        """The findings that block submitting and publishing."""
        return [finding for finding in self.findings if finding.severity == "error"]

    @cached_property
    def words(self) -> list[str]:
        """The change in words, a sentence each."""
        return self.describe()

    def describe(self) -> list[str]:
        """The same in the language that is active now."""
        return self.adapter.describe(self.base, self.proposed, self.changes)


def proposal_of(change: Change, revision: ChangeRevision | None = None) -> Proposal:
    """A revision of a change, by default the newest, against the version it was written on."""
    revision = revision or change.revisions.get(number=change.revision)
    base = document_of(change.kind, version_of(change, revision.base_number))
    return Proposal(change.kind, base, revision.document)


def open_documents() -> Iterator[Document]:
    """The documents that open changes of content propose, or proposed in an earlier revision."""
    revisions = ChangeRevision.objects.filter(
        change__asset__isnull=False, change__state__in=OPEN_STATES
    )
    yield from revisions.order_by().values_list("document", flat=True).iterator()
