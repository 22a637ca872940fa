"""Evidence for whoever sees the subject; that somebody took it along is noted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import NotFound
from cjops.core.sealing import keys
from cjops.documents import digest
from governance import queries
from governance.evidence.collecting import (
    Collected,
    collect_change,
    collect_version,
    document_files,
    told_files,
)
from governance.evidence.packing import packed
from governance.evidence.report import report
from governance.evidence.sealed import sealed_entries
from governance.evidence.shown import content_files
from governance.subjects import adapter_for, get_subject_for
from people.models import User

EXPORTED = "evidence.exported"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle and what its file is called."""

    name: str
    data: bytes


def evidence_of_change(*, number: int, reader: User) -> Bundle:
    """The evidence of a change. Raises `NotFound`, and `Conflict` while it cannot be sealed."""
    change = queries.get_change_for(user=reader, number=number)
    _note(reader, change)
    made = _bundle(collect_change(change, reader), reader, timezone.now())
    return Bundle(f"evidence-CR-{number}.zip", made)


def evidence_of_version(*, kind: str, key: str, number: int, reader: User) -> Bundle:
    """The evidence of a version of a subject. Raises the same."""
    subject = get_subject_for(user=reader, kind=kind, key=key)
    versions = adapter_for(kind).version_model._default_manager
    version = versions.filter(**{"subject": subject, "number": number}).first()
    if version is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    _note(reader, subject, version=number)
    made = _bundle(collect_version(kind, subject, version, reader), reader, timezone.now())
    return Bundle(f"evidence-{kind}-{key}-v{number}.zip", made)


@transaction.atomic(durable=True)
def _note(reader: User, about: models.Model, **said: Any) -> None:
    # Before it is made, so that its head is a new one, signed by the key of today.
    auditing.note(EXPORTED, actor=reader, about=about, data=said)


def _bundle(found: Collected, reader: User, at: datetime) -> bytes:
    signer = keys.signer()
    shown = content_files(_shown_by(found), found.kind, reader)
    ledger = sealed_entries(found.entries, reader)
    files = {**document_files(found.documents), **told_files(found), **shown, **ledger}
    if signer is not None:
        files["ledger/key.pem"] = signer.public.pem.encode()
    about = {
        **found.about,
        "kind": found.kind,
        "key": found.subject.key,
        "name": found.subject.name,
        "made_at": at.isoformat(timespec="seconds"),
        "made_for": reader.pk,
    }
    files["report.pdf"] = report(found, at)
    files["README.txt"] = _readme(found).encode()
    return packed(files, about, signer)


def _shown_by(found: Collected) -> list[dict[str, Any]]:
    """The documents whose content comes along; of a change the steps that it touches."""
    documents = list({digest(one): one for one in found.documents.values()}.values())
    if found.kind != "journey" or "version" in found.documents:
        return documents
    touched = {hunk.key for hunk in found.proposal.hunks if hunk.element == "steps"}
    return [
        {"steps": [step for step in one["steps"] if step["key"] in touched]} for one in documents
    ]


def _readme(found: Collected) -> str:
    paragraphs = [
        _("Evidence of “%(name)s”, from CJOps.") % {"name": found.subject.name},
        "python verify.py --key PUBLIC_KEY.pem --anchor TREE_HEADS",
        _(
            "verify.py checks this bundle offline. It needs Python 3.11 and the package "
            "“cryptography”. Get the public key and the tree heads from somebody else than whoever "
            "gave you the bundle."
        ),
        _(
            "What is proved: each entry in ledger/entries.json stood in the ledger at its place "
            "when the head was signed; the documents are those that the entries name by their "
            "digests; the content is what the documents show. The signature of the manifest says "
            "that the portal put the other files together, and nobody altered them since."
        ),
        _(
            "What is not: names. The ledger knows people by number, and people.json says what the "
            "portal called them on the day of the export. Nor does a bundle prove that the portal "
            "told everything it knew: the order and number of all entries are checked by "
            "verify_ledger, in the portal."
        ),
    ]
    return "\n\n".join(paragraphs) + "\n"
