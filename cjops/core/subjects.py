"""What governance asks of every kind of governed document: one adapter each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from cjops.core.findings import Finding
from cjops.core.models import DocumentVersion, GovernedSubject
from cjops.documents import Change, Document, Hunk, Reference, footprint


@dataclass(frozen=True, slots=True)
class HunkFacts:
    """What one hunk touches, in the words policies are written in.

    `channels` and `teams` are keys: the channels it reaches customers on, and the teams that owned
    the element before it. `kinds` are from content, audience, timing, structure, frequency, tags,
    metadata. `stages` and `steps` are keys, `tags` are "taxonomy:concept", before and after;
    `languages` are those in which content says something else afterwards, the other two those in
    which it came or went.
    """

    hunk: Hunk
    channels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    languages_added: frozenset[str] = frozenset()
    languages_missing: frozenset[str] = frozenset()


ClaimKind = Literal["touch", "remove", "point", "fill", "enter", "use", "retire", "share"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a proposal lays hands on, and others may lay hands on too.

    `name` says on what, in the same words for all who do; `kind` says how, and `detail` what is
    needed to know whether two of them clash:

    - touch: changes or removes the element "journey:win-back/steps/wait"; the detail is its
      footprint. All that is added to a collection is one claim, "journey:win-back/steps/+", with
      the footprints by key.
    - remove: removes that element. "journey:win-back" with "end" is to take in nobody any more.
    - point: leads to that element anew, from the element "by"; "journey:win-back" hands over to
      it, until "end".
    - fill: puts other content ("asset", "version") into "journey:win-back/steps/offer/slots/body".
    - enter: newly lets an audience in on a channel, "audience:email/segment/new customers", on the
      days of its "windows"; "rule" is the audience as it was written, "by" the entry.
    - share: sets the shares of the paths from a step, from "before" to "after", by path.
    - use, retire: newly shows, or retires, "asset:spring-offer".
    """

    kind: ClaimKind
    name: str
    detail: dict[str, Any] = field(default_factory=dict)


def touched(kind: str, key: str, hunks: Sequence[Hunk]) -> list[Claim]:
    """The elements that hunks change or remove, as claims of the subject of that kind and key."""
    found: list[Claim] = []
    added: dict[str, dict[str, Any]] = {}
    for hunk in hunks:
        if hunk.element and hunk.op == "add":
            # Nobody else has them yet, and a new journey has thousands.
            added.setdefault(hunk.element, {})[hunk.key] = footprint(hunk)
            continue
        name = f"{kind}:{key}/{hunk.element or 'header'}/{hunk.key}".rstrip("/")
        found.append(Claim("touch", name, footprint(hunk)))
        if hunk.op == "remove":
            found.append(Claim("remove", name))
    found += [Claim("touch", f"{kind}:{key}/{name}/+", items) for name, items in added.items()]
    return found


class SubjectAdapter(Protocol):
    """One kind of governed document."""

    @property
    def kind(self) -> str:
        """ "journey", "asset" or "taxonomy"."""

    @property
    def model(self) -> type[GovernedSubject]:
        """The subject's model."""

    @property
    def version_model(self) -> type[DocumentVersion]:
        """The model of its immutable versions."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """Which fields hold the key of another element of the same document."""

    @property
    def identity(self) -> Mapping[str, tuple[str, ...]]:
        """By collection the fields without which an element is another thing.

        A key that was used comes back only for an element in which these are what they were.
        """

    @property
    def nothing(self) -> Document:
        """What a subject is before its first version: empty collections, no header.

        Against it the first version is as many hunks as it has elements; against `{}` it would be
        one hunk that holds everything.
        """

    def load(self, raw: object) -> Document:
        """The complete, normalised document `raw` stands for.

        Raises `cjops.core.errors.DocumentInvalid`, with the findings, where it does not fit the
        schema.
        """

    def validate(self, document: Document, before: Document | None = None) -> list[Finding]:
        """What is wrong or doubtful in a document that fits the schema.

        `before` is what is changed into it: what was there already may weigh less.
        """

    def facts(self, before: Document, after: Document, hunks: Sequence[Hunk]) -> list[HunkFacts]:
        """What each hunk between the two documents touches, in the order of `hunks`."""

    def whole(self, before: Document, after: Document, hunks: Sequence[Hunk]) -> dict[str, Any]:
        """Facts of the change as one, by their names in `governance.ruling.facts`."""

    def claims(
        self, key: str, before: Document, after: Document, hunks: Sequence[Hunk]
    ) -> list[Claim]:
        """What the proposal lays hands on, each kind and name once; `key` is the subject's."""

    def orphans(self, before: Document, after: Document) -> list[tuple[str, str]]:
        """Collection and key of what still is in `after` and cannot stand there, since something
        it depends on was in `before` and is gone.

        `after` need not fit the schema.
        """

    def project(self, subject: Any, document: Document, actor: Any) -> None:
        """Make the rows of `subject` those of `document`, inside the caller's transaction."""

    def describe(self, before: Document, after: Document, changes: Sequence[Change]) -> list[str]:
        """What changed, in whole sentences for people, most important first."""
