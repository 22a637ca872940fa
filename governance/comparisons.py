"""Two versions of one subject beside each other."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from cjops.core.models import DocumentVersion, GovernedSubject
from cjops.documents import Hunk
from governance.proposals import Proposal
from governance.subjects import adapter_for, get_subject_for
from journeys.marks import Mark, mark_of

if TYPE_CHECKING:
    from people.models import User

Place = tuple[str, str]


@dataclass(frozen=True)
class Comparison:
    """What leads from one version to another, whichever of them is the newer."""

    subject: GovernedSubject
    before: DocumentVersion
    after: DocumentVersion

    @cached_property
    def proposal(self) -> Proposal:
        """The same as if `after` had been proposed on `before`."""
        kind = self.subject._meta.model_name or ""
        return Proposal(kind, self.before.get_document(), self.after.get_document())

    @property
    def words(self) -> list[str]:
        """What differs, a sentence each."""
        return self.proposal.words

    @property
    def hunks(self) -> list[Hunk]:
        """What differs, element by element."""
        return self.proposal.hunks

    @cached_property
    def marks(self) -> dict[Place, Mark]:
        """How each element that differs is marked, by collection and key."""
        return {(hunk.element, hunk.key): mark_of(hunk) for hunk in self.hunks}


def compare_versions(*, user: "User", kind: str, key: str, a: int, b: int) -> Comparison:
    """Versions `a` and `b` of a subject that the person sees; `NotFound` where there is none."""
    subject = get_subject_for(user=user, kind=kind, key=key)
    rows = adapter_for(kind).version_model._default_manager.select_related("created_by")
    # Every version model has a `subject`; the abstract one cannot say so.
    found = {row.number: row for row in rows.filter(**{"subject": subject, "number__in": {a, b}})}
    if a not in found or b not in found:
        raise NotFound(_("There is nothing at this address that you can see."))
    return Comparison(subject, found[a], found[b])
