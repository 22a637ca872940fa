"""Bringing back an earlier version, or some elements of it, as a change like any other."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid, NotFound
from cjops.core.models import DocumentVersion, GovernedSubject
from cjops.documents import Document, UnknownElement, digest, pick, without
from governance import policies
from governance.bindings import (
    new_bindings,
    new_ways_out,
    require_journeys_seen,
    require_seen,
)
from governance.models import Change
from governance.proposals import Proposal
from governance.services.opening import start
from governance.services.repeating import Repeat, opened_once
from governance.subjects import adapter_for, get_subject_for
from people.models import User

Place = tuple[str, str]


@transaction.atomic(durable=True)
def restore_version(
    *,
    kind: str,
    key: str,
    number: int,
    actor: User,
    elements: Sequence[Place] | None = None,
    title: str = "",
    rationale: str = "",
    repeat: Repeat | None = None,
) -> Change:
    """Open a draft that makes of the live document what version `number` said.

    With `elements`, each a collection and a key ("header" and any key for the header), only these
    become what they were; what the version did not have goes, and with a step its paths. `repeat`
    makes a second call with the same key return the first one's change.

    Raises `NotFound` for a subject or version that is not there, `Forbidden` where the person may
    not propose this, `Conflict` where it would change nothing, `Invalid` for elements that neither
    document has or that are named twice, and what opening a change raises.
    """
    subject = get_subject_for(user=actor, kind=kind, key=key)
    places = None if elements is None else _places(elements)
    return opened_once(
        actor,
        repeat,
        lambda: _restored(subject, kind, number, actor, places, title, rationale),
    )


def _restored(
    subject: GovernedSubject,
    kind: str,
    number: int,
    actor: User,
    places: list[Place] | None,
    title: str,
    rationale: str,
) -> Change:
    live, version = versions_to_restore(subject, kind, number)
    before = live.get_document()
    document = _put_back(kind, before, version, places)
    if digest(document) == live.digest:
        raise Conflict(
            _("What is live already says the same, so there is nothing to restore."),
            code="nothing_to_restore",
        )
    require_seen(bound=new_bindings(kind, before, document), actor=actor)
    require_journeys_seen(keys=new_ways_out(kind, before, document), actor=actor)
    change = start(
        subject=subject,
        kind=kind,
        title=title or default_title(number, is_whole=places is None),
        actor=actor,
        rationale=rationale,
        document=document,
        restores=number,
    )
    touched = Proposal(kind, before, document).facts
    policies.can_edit_elements(policies.Standing(actor, change), touched).require()
    return change


def versions_to_restore(
    subject: GovernedSubject, kind: str, number: int
) -> tuple[DocumentVersion, DocumentVersion]:
    """What is live and the earlier version of that number; raises `NotFound` and `Conflict`."""
    live: DocumentVersion | None = subject.live_version  # type: ignore[attr-defined]
    versions = adapter_for(kind).version_model._default_manager
    # Every version model has a `subject`; the abstract one cannot say so.
    version = versions.filter(**{"subject": subject, "number": number}).first()
    if version is None:
        raise NotFound(_("There is no version %(number)s of this.") % {"number": number})
    if live is None:
        raise Conflict(
            _("Nothing is live yet, so there is nothing that a version could take the place of.")
        )
    if live.number == number:
        raise Conflict(
            _("Version %(number)s is live already, so there is nothing to restore.")
            % {"number": number},
            code="nothing_to_restore",
        )
    return live, version


def default_title(number: int, *, is_whole: bool) -> str:
    """What a change is called that restores a version and says no more."""
    words = (
        _("Restore version %(number)s") if is_whole else _("Restore parts of version %(number)s")
    )
    return words % {"number": number}


def _places(elements: Sequence[Place]) -> list[Place]:
    """The elements as the document engine names them; raises `Invalid` for one named twice."""
    places = [("", "") if name in ("", "header") else (name, key) for name, key in elements]
    if not places:
        raise Invalid(
            _("Nothing is chosen to restore."),
            errors={"elements": [_("Choose at least one element, or the whole version.")]},
        )
    if twice := {place for place, count in Counter(places).items() if count > 1}:
        raise Invalid(
            _("An element is named twice."),
            errors={
                "elements": [
                    _("“%(element)s” is in the list more than once.")
                    % {"element": "/".join(place).strip("/") or "header"}
                    for place in sorted(twice)
                ]
            },
        )
    return places


def _put_back(
    kind: str, before: Document, version: DocumentVersion, places: list[Place] | None
) -> Document:
    """The live document with the version, or parts of it, put back."""
    adapter = adapter_for(kind)
    if places is None:
        return adapter.load(version.get_document())
    try:
        document = pick(before, version.get_document(), places)
    except UnknownElement as error:
        raise Invalid(
            _("An element is not there."),
            errors={
                "elements": [
                    _("Neither version %(number)s nor what is live has “%(key)s” in “%(element)s”.")
                    % {"number": version.number, "key": error.key, "element": error.element}
                ]
            },
        ) from None
    return adapter.load(without(document, adapter.orphans(before, document)))
