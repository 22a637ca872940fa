"""What is known of a change or a version, as plain values for a bundle and its report."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cjops.core.models import DocumentVersion, GovernedSubject
from cjops.documents import MISSING, canonical, digest, normalise
from governance import presenting, queries, wording
from governance.discretion import hidden_in, labels_for, without
from governance.evidence.packing import as_json
from governance.models import Change, LedgerEntry, Requirement, Review
from governance.presenting.cards import rows_of, title_of
from governance.presenting.lookup import Lookup, lookup_for
from governance.proposals import Proposal, proposal_of
from governance.queries.changes import PUBLICATIONS
from governance.queries.telling import why_without
from governance.subjects import adapter_for, document_of, subject_of
from people.models import User

Document = dict[str, Any]
# The name of a document -> the document.
Documents = dict[str, Document]


@dataclass(slots=True)
class Collected:
    """All of it. `parts` are what changes, for people; `about` names it in the manifest."""

    kind: str
    subject: GovernedSubject
    about: dict[str, Any]
    documents: Documents
    entries: list[LedgerEntry]
    proposal: Proposal
    lookup: Lookup
    change: Change | None = None
    version: DocumentVersion | None = None
    words: list[str] = field(default_factory=list)
    requirements: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    story: list[presenting.Happening] = field(default_factory=list)

    @property
    def parts(self) -> list[tuple[str, list[presenting.Row]]]:
        """What each part is called, and its fields before and after."""
        proposal = self.proposal
        found = []
        for hunk in proposal.hunks:
            side = proposal.base if hunk.op == "remove" else proposal.proposed
            title = title_of(self.kind, side, hunk)
            found.append((title, rows_of(self.kind, hunk, self.lookup)))
        return found


def collect_change(change: Change, reader: User) -> Collected:
    """What is known of a change: of its newest revision, and of what went live by it."""
    proposal = proposal_of(change)
    documents = {"base": proposal.base, "proposed": proposal.proposed}
    version = _published(change)
    if version is not None:
        before = _before(change, version)
        documents |= {"published": version.get_document()} | ({"before": before} if before else {})
    entries = queries.conversation(change)
    about = {"change": change.number, "title": change.title, "revision": change.revision}
    return Collected(
        kind=change.kind,
        subject=subject_of(change),
        about=about,
        documents=documents,
        entries=entries,
        proposal=proposal,
        lookup=lookup_for(proposal, reader),
        change=change,
        version=version,
        words=proposal.words,
        requirements=_requirements(change, reader),
        decisions=_decisions(change),
        story=presenting.happenings(change, proposal, reader),
    )


def collect_version(
    kind: str, subject: GovernedSubject, version: DocumentVersion, reader: User
) -> Collected:
    """What is known of a version: what its change is evidence of, or else what the ledger says."""
    about = {kind: subject.pk}
    changes = Change.objects.visible_to(reader).filter(**about, published_number=version.number)
    change = changes.select_related("author", kind).order_by("pk").first()
    if change is not None:
        found = collect_change(change, reader)
    else:
        versions = adapter_for(kind).version_model._default_manager
        parent = versions.filter(**{"subject": subject, "digest": version.parent_digest}).first()
        document = version.get_document()
        proposal = Proposal(kind, document_of(kind, parent), document)
        entries = LedgerEntry.objects.visible_to(reader).filter(**about, digest=version.digest)
        found = Collected(
            kind=kind,
            subject=subject,
            about={},
            documents={"before": parent.get_document()} if parent else {},
            entries=list(entries.select_related("actor").order_by("pk")),
            proposal=proposal,
            lookup=lookup_for(proposal, reader),
            version=version,
            words=version.words,
        )
    found.documents["version"] = version.get_document()
    found.about["version"] = version.number
    return found


def _published(change: Change) -> DocumentVersion | None:
    if change.published_number is None:
        return None
    versions = adapter_for(change.kind).version_model._default_manager
    return versions.get(**{"subject": subject_of(change), "number": change.published_number})


def _before(change: Change, version: DocumentVersion) -> Document | None:
    entry = change.ledger.filter(action__in=PUBLICATIONS).order_by("pk").last()
    parent = entry.data.get("parent_digest") if entry else version.parent_digest
    versions = adapter_for(change.kind).version_model._default_manager
    found = versions.filter(**{"subject": subject_of(change), "digest": parent}).first()
    return found.get_document() if found else None


def _requirements(change: Change, reader: User) -> list[dict[str, Any]]:
    rows: list[Requirement] = list(
        change.requirements.select_related("policy__policy")
        .prefetch_related("sources__channel", "sources__team", "sources__role", "sources__user")
        .order_by("revision", "pk")
    )
    names = labels_for(reader)
    hidden = hidden_in((one.policy.definition for one in rows if one.policy), reader)
    return [
        {
            "revision": one.revision,
            "key": one.key,
            "name": wording.decision_name(one),
            "why": wording.reason(one, "", names),
            "matched": why_without({"": one.matched}, hidden)[""],
            "policy": one.policy.policy.key if one.policy else None,
            "policy_version": one.policy.number if one.policy else None,
            "policy_digest": one.policy.digest if one.policy else None,
            # Keys that the reader may not know are not in it; the digest is that of all of it.
            "policy_definition": without(one.policy.definition, hidden) if one.policy else None,
            "hunks": one.hunks,
            "quorum": one.quorum,
            "asked": [wording.source_label(source) for source in one.sources.all()],
            "opened_at": _moment(one.opened_at),
            "due_at": _moment(one.due_at),
            "met_at": _moment(one.met_at),
            "approved_by": one.approved_by,
        }
        for one in rows
    ]


def _decisions(change: Change) -> list[dict[str, Any]]:
    rows: Iterable[Review] = change.reviews.select_related("reviewer").order_by("pk")
    return [
        {
            "revision": one.revision,
            "reviewer": one.reviewer_id,
            "on_behalf_of": one.on_behalf_of_id,
            "verdict": one.verdict,
            "comment": one.comment,
            "hunks": one.hunks,
            "covers": one.covers,
            "at": _moment(one.created_at),
        }
        for one in rows
    ]


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None


# --- as files -------------------------------------------------------------------------------------


def document_files(documents: Documents) -> dict[str, bytes]:
    """Each document once, as the canonical JSON of its digest, and which is which."""
    files, index, known = {}, {}, {}
    for name, document in documents.items():
        its = digest(document)
        if its not in known:
            known[its] = f"documents/{name}.json"
            files[known[its]] = canonical(normalise(document))
        index[name] = {"digest": its, "file": known[its]}
    files["documents/index.json"] = as_json(index)
    return files


def told_files(found: Collected) -> dict[str, bytes]:
    """What changes, who had to decide and why, who did, and what everybody said."""
    files = {
        "changes.txt": "".join(f"{line}\n" for line in found.words).encode(),
        "changes.json": as_json([_hunk(hunk) for hunk in found.proposal.hunks]),
        "people.json": as_json(_people(found)),
    }
    if found.change is not None:
        files |= {
            "change.json": as_json(_change(found.change)),
            "requirements.json": as_json(found.requirements),
            "decisions.json": as_json(found.decisions),
            "conversation.json": as_json(
                [
                    {
                        "who": one.actor.pk if one.actor else None,
                        "did": one.did,
                        "at": _moment(one.at),
                        "said": one.said,
                    }
                    for one in found.story
                ]
            ),
        }
    return files


def _hunk(hunk: Any) -> dict[str, Any]:
    return {
        "element": hunk.element,
        "key": hunk.key,
        "op": hunk.op,
        "digest": hunk.digest,
        "changes": [
            {
                "field": list(one.field),
                **({} if one.before is MISSING else {"before": one.before}),
                **({} if one.after is MISSING else {"after": one.after}),
            }
            for one in hunk.changes
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "number": change.number,
        "title": change.title,
        "why": change.rationale,
        "hypothesis": change.hypothesis,
        "state": change.state,
        "author": change.author_id,
        "base_number": change.base_number,
        "revision": change.revision,
        "digest": change.digest,
        "is_emergency": change.is_emergency,
        "opened_at": _moment(change.created_at),
        "submitted_at": _moment(change.submitted_at),
        "published_at": _moment(change.published_at),
        "published_number": change.published_number,
        "reverts": change.reverts_id,
        "restores": change.restores,
    }


def _people(found: Collected) -> dict[str, str]:
    """Names by id: beside the proof and not in it, so that a person can be erased."""
    ids: set[Any] = {entry.actor_id for entry in found.entries}
    for one in found.decisions:
        ids |= {one["reviewer"], one["on_behalf_of"]}
    for need in found.requirements:
        ids |= set(need["approved_by"])
    if found.change is not None:
        ids.add(found.change.author_id)
    if found.version is not None:
        ids.add(found.version.created_by_id)
    names = User.objects.filter(pk__in=ids - {None}).order_by("pk").values_list("pk", "name")
    return {str(pk): name for pk, name in names}
