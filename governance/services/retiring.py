"""Changes of content opened for many assets alike: out of use, and with another tag."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, DomainError, Invalid, NotFound
from cjops.core.verdicts import YES, Verdict, not_now
from cjops.documents import Document, digest
from content import definition
from content.collecting import Result
from content.models import Asset, AssetStatus
from governance.bindings import require_tags_seen
from governance.models import Change
from governance.services.opening import start
from governance.transitions import OPEN_STATES
from people.models import User

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of one asset: the change that is open now, or why there is none."""

    result: Result
    change: Change | None = None


def can_retire(asset: Asset) -> Verdict:
    """Is it in a state to go out of use? Who may propose it, opening a change asks."""
    if asset.status == AssetStatus.RETIRED:
        return not_now(_("This content is retired already."))
    if asset.live_version_id is None:
        return not_now(_("This content was never live, so there is nothing to take out of use."))
    return YES


@transaction.atomic(durable=True)
def retire(*, key: str, actor: User, rationale: str = "") -> Change:
    """Open the change that takes an asset out of use, or find the one that proposes just that.

    Raises `NotFound`, `Conflict` (retired already, never live) and `Forbidden`.
    """
    asset = _locked(key, actor)
    can_retire(asset).require()
    title = _("Retire: %(name)s") % {"name": asset.name[:180]}

    def edited(document: Document) -> Document:
        return {**document, "status": "retired"}

    return _opened(asset, edited, title, actor, rationale)


@transaction.atomic(durable=True)
def tag(*, key: str, tag: str, actor: User, rationale: str = "") -> Change:
    """Open the change that gives an asset one more tag, or find the one that proposes just that.

    Raises `NotFound`, `Conflict` (tagged so already, never live), `Forbidden`, and `Invalid` for a
    tag that the person does not see.
    """
    asset = _locked(key, actor)
    require_tags_seen(tags={tag}, actor=actor)
    if asset.live_version is None:
        raise Conflict(_("This content was never live. Write its tags into its first version."))
    if tag in asset.live_version.get_document()["tags"]:
        raise Conflict(_("This content has the tag already."))
    title = _("Tag: %(name)s") % {"name": asset.name[:180]}

    def edited(document: Document) -> Document:
        return {**document, "tags": [*document["tags"], tag]}

    return _opened(asset, edited, title, actor, rationale)


def _locked(key: str, actor: User) -> Asset:
    """The asset; locked, so that of two who propose the same the second finds the first's."""
    seen = Asset.objects.visible_to(actor).filter(key=key).order_by().values("pk")
    asset = (
        Asset.objects.select_for_update(of=("self",), no_key=True)
        # Read when the lock is held: a row joined to one that moved meanwhile would be missing.
        .prefetch_related("live_version", "team")
        .filter(pk__in=seen)
        .first()
    )
    if asset is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return asset


def _opened(
    asset: Asset,
    edited: Callable[[Document], Document],
    title: str,
    actor: User,
    rationale: str,
) -> Change:
    live = asset.live_version
    assert live is not None  # noqa: S101  (the caller has looked)
    document = definition.complete(edited(live.get_document()))
    same = Change.objects.visible_to(actor).filter(
        asset=asset, state__in=OPEN_STATES, digest=digest(document)
    )
    before = same.order_by("-number").first()
    if before is not None:
        return before
    return start(
        subject=asset,
        kind="asset",
        title=title,
        actor=actor,
        rationale=rationale,
        document=document,
    )


def for_each(
    keys: Iterable[str], names: dict[str, str], opens: Callable[[str], Any]
) -> list[Opened]:
    """Do it for each asset in a transaction of its own; what is refused says why.

    Raises `Invalid` where there are too many, before anything is done.
    """
    wanted = list(dict.fromkeys(keys))
    require_few(wanted)
    found = []
    for key in wanted:
        name = names.get(key, key)
        try:
            change = opens(key)
        except DomainError as refusal:
            said = next((one for many in refusal.errors.values() for one in many), "")
            found.append(Opened(Result(key, name, False, said or refusal.message)))
        else:
            found.append(Opened(Result(key, name, True), change))
    return found


def require_few(keys: list[str]) -> None:
    """Raises `Invalid` for none, or for more than are done at once."""
    if not keys:
        raise Invalid(_("Choose content in the list first."))
    if len(keys) > MOST_AT_ONCE:
        raise Invalid(
            _("Choose at most %(count)s at once; you chose %(chosen)s.")
            % {"count": MOST_AT_ONCE, "chosen": len(keys)}
        )
