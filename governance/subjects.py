"""The governed kinds of document: one adapter each, so that nothing else asks which kind it is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils.translation import gettext as _

import content.adapter
import journeys.adapter
import tags.adapter
from cjops.core.errors import Invalid, NotFound
from cjops.core.models import DocumentVersion, GovernedSubject
from cjops.core.subjects import SubjectAdapter

if TYPE_CHECKING:
    from governance.models import AboutSubject
    from people.models import User

ADAPTERS: dict[str, SubjectAdapter] = {
    adapter.kind: adapter
    for adapter in (journeys.adapter.ADAPTER, content.adapter.ADAPTER, tags.adapter.ADAPTER)
}


def adapter_for(kind: str) -> SubjectAdapter:
    """The adapter of a kind; raises `Invalid` for a kind that is not governed."""
    if kind not in ADAPTERS:
        raise Invalid(
            _("Only journeys, assets and taxonomies can be changed."),
            errors={"subject.kind": [_("Use journey, asset or taxonomy.")]},
        )
    return ADAPTERS[kind]


def subject_of(about: "AboutSubject") -> GovernedSubject:
    """The journey, asset or taxonomy that a change or ledger entry is about."""
    return cast(GovernedSubject, getattr(about, about.kind))


def subject_id_of(about: "AboutSubject") -> int:
    """Its primary key, without loading it."""
    return cast(int, getattr(about, f"{about.kind}_id"))


def get_subject_for(*, user: "User", kind: str, key: str) -> GovernedSubject:
    """The subject of that key, if the person sees it; else `NotFound`."""
    subjects = adapter_for(kind).model._default_manager.all()
    visible = subjects.visible_to(user)  # type: ignore[attr-defined]
    found = visible.select_related("live_version").filter(key=key).first()
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return cast(GovernedSubject, found)


def ids_of_key(user: "User", key: str, kinds: Iterable[str]) -> dict[str, int]:
    """By kind, the primary key of the subject called `key` that the person sees: one query.

    Rows about it are then found by an index; a condition across three joins reads all rows.
    """
    first, *rest = (
        adapter_for(kind)
        .model._default_manager.visible_to(user)  # type: ignore[attr-defined]
        .filter(key=key)
        .order_by()
        .annotate(what=models.Value(kind))
        .values_list("what", "pk")
        for kind in kinds
    )
    return dict(first.union(*rest, all=True))


def lock_subject(about: "AboutSubject") -> GovernedSubject:
    """The subject's row, locked until the transaction ends: publishing is one at a time."""
    rows: models.QuerySet[GovernedSubject] = adapter_for(about.kind).model._default_manager.all()
    return rows.select_for_update(of=("self",), no_key=True).get(pk=subject_id_of(about))


def document_of(kind: str, version: DocumentVersion | None) -> dict[str, Any]:
    """The document of a version; before the first one, what a subject of that kind starts from."""
    return version.get_document() if version else adapter_for(kind).nothing


def version_of(about: "AboutSubject", number: int) -> DocumentVersion | None:
    """Version `number` of the subject; None for number 0, before anything was published."""
    if not number:
        return None
    live = _live_at_hand(about)
    # Versions never change, so that it does not matter when that one was read.
    if live is not None and live.number == number:
        return live
    versions = adapter_for(about.kind).version_model._default_manager
    # Every version model has a `subject`; the abstract one cannot say so.
    return versions.get(**{"subject_id": subject_id_of(about), "number": number})


def _live_at_hand(about: "AboutSubject") -> DocumentVersion | None:
    """The live version of the subject, where somebody has read both already; asks nothing."""
    found: Any = about
    for name in (about.kind, "live_version"):
        if found is None or not found._meta.get_field(name).is_cached(found):
            return None
        found = getattr(found, name)
    return cast("DocumentVersion | None", found)
