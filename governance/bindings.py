"""What a journey's document names outside itself: the content its steps show, other journeys."""

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cjops.core.errors import Invalid
from content.models import Asset, AssetVersion
from governance.proposals import Document, Proposal
from journeys.models import Journey
from people.models import User
from tags.queries import concepts

Binding = tuple[str, int]


def new_bindings(kind: str, before: Document, after: Document) -> set[Binding]:
    """Asset and version wherever `after` shows other content than `before`."""
    if kind != "journey":
        return set()
    earlier = _by_place(before)
    return {binding for place, binding in _by_place(after).items() if binding != earlier.get(place)}


def _by_place(document: Document) -> dict[tuple[str, str], Binding]:
    """Asset and version by step and slot."""
    return {
        (step["key"], name): (slot["asset"], slot["version"])
        for step in document["steps"]
        for name, slot in step["slots"].items()
        if slot["asset"] and slot["version"]
    }


def content_authors(proposal: Proposal) -> list[int]:
    """Ids of those who wrote content that the proposal binds and that is not live.

    Only of the version that is live is it certain that somebody has decided on it.
    """
    bound = new_bindings(proposal.kind, proposal.base, proposal.proposed)
    if not bound:
        return []
    these = Q()
    for asset, version in bound:
        these |= Q(subject__key=asset, number=version)
    undecided = AssetVersion.objects.filter(these).exclude(
        pk=Coalesce(F("subject__live_version"), 0)
    )
    return sorted(set(undecided.order_by().values_list("created_by_id", flat=True)))


def new_ways_out(kind: str, before: Document, after: Document) -> set[str]:
    """Keys of the journeys that `after` hands over or switches to, and `before` did not."""
    return _ways_out(after) - _ways_out(before) if kind == "journey" else set()


def _ways_out(document: Document) -> set[str]:
    elements = (*document["steps"], *document["exits"])
    return {element["journey"] for element in elements if element["journey"]}


def new_tags(kind: str, before: Document, after: Document) -> set[str]:
    """Tags (taxonomy:concept) that `after` carries somewhere and `before` nowhere."""
    return _tags(after) - _tags(before) if kind == "journey" else set()


def _tags(document: Document) -> set[str]:
    """Of the journey and of its steps."""
    elements = (document, *document["steps"])
    return {tag for element in elements for tag in element.get("tags") or ()}


def require_tags_seen(*, tags: set[str], actor: User) -> None:
    """Refuse tags that the person does not see; raises `Invalid`, as for one that is nowhere.

    Else a missing finding would tell that a restricted taxonomy has such a tag.
    """
    if not tags:
        return
    seen = concepts(actor).filter(taxonomy__key__in={tag.partition(":")[0] for tag in tags})
    known = {f"{one}:{key}" for one, key in seen.order_by().values_list("taxonomy__key", "key")}
    if unknown := sorted(tags - known):
        raise Invalid(
            _("A tag is not there."),
            code="tag-unknown",
            errors={
                "tags": [
                    _("There is no tag “%(key)s” that you can see.") % {"key": key}
                    for key in unknown
                ]
            },
        )


def require_journeys_seen(*, keys: set[str], actor: User) -> None:
    """Refuse ways out to journeys that the person does not see; raises `Invalid`.

    The checks know all journeys and say the same to everybody: what a person named without seeing
    it would tell them by the missing finding that it is there.
    """
    if unknown := _unseen(Journey, keys, actor):
        raise Invalid(
            _("A way out would lead to a journey that is not there."),
            code="journey-unknown",
            errors={
                "journey": [
                    _("There is no journey “%(key)s” that you can see.") % {"key": key}
                    for key in unknown
                ]
            },
        )


def require_seen(*, bound: set[Binding], actor: User) -> None:
    """Refuse to bind content that the person does not see; raises `Invalid`, as for a bad key."""
    if unknown := _unseen(Asset, {asset for asset, _version in bound}, actor):
        raise Invalid(
            _("A step would show content that is not there."),
            code="asset-unknown",
            errors={
                "asset": [
                    _("There is no asset “%(key)s” that you can see.") % {"key": key}
                    for key in unknown
                ]
            },
        )


def _unseen(model: type[Asset] | type[Journey], keys: set[str], actor: User) -> list[str]:
    """Those of the keys under which the person sees nothing; no query for no keys."""
    if not keys:
        return []
    seen = model.objects.visible_to(actor).filter(key__in=keys).order_by()
    return sorted(keys - set(seen.values_list("key", flat=True)))
