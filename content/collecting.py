"""Collections of assets: made, filled and emptied. What is in them, they do not change."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import Invalid, NotFound
from cjops.core.schema.text import refused_character, tidy_line
from cjops.core.verdicts import YES, Verdict, no
from content.models import Asset, Collected, Collection
from people.models import Team, User

MOST_ASSETS = 1_000


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one asset; `reason` says why it was refused."""

    key: str
    name: str
    is_done: bool
    reason: str = ""


def can_change(user: User, collection: Collection) -> Verdict:
    """May the person fill and empty it? Whose it is may, and of a team's its members."""
    if user.is_superuser or collection.owner_id == user.pk:
        return YES
    if collection.team_id and user.memberships.filter(team=collection.team_id).exists():
        return YES
    if collection.team is not None:
        return no(
            _("Only members of “%(team)s” change this collection.")
            % {"team": collection.team.label}
        )
    return no(_("Only %(name)s, who made this collection, changes it.") % {
        "name": collection.owner.name
    })  # fmt: skip


def can_make_for(user: User, team: Team | None) -> Verdict:
    """May the person make a collection for that team? Its members may; anybody for themselves."""
    if team is None or user.is_superuser or user.memberships.filter(team=team).exists():
        return YES
    return no(_("Only members of “%(team)s” make collections for it.") % {"team": team.label})


def get_collection_for(*, user: User, pk: int) -> Collection:
    """The collection; `NotFound` where it is missing or nobody shared it with the person."""
    found = Collection.objects.visible_to(user).select_related("owner", "team").filter(pk=pk)
    collection = found.distinct().first()
    if collection is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return collection


@transaction.atomic(durable=True)
def make(
    *, name: str, actor: User, purpose: str = "", team: Team | None = None, is_shared: bool = False
) -> Collection:
    """A new, empty collection. Raises `Forbidden` for another team's, `Invalid` without a name."""
    can_make_for(actor, team).require()
    # Of two forms sent at once the second finds what the first one made.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
    name, purpose = _line(name, "name", 120), _line(purpose, "purpose", 400)
    if not name:
        raise Invalid(
            _("A collection needs a name."), errors={"name": [_("Give the collection a name.")]}
        )
    same = Collection.objects.filter(name=name, owner=actor, team=team, is_shared=is_shared)
    before = same.filter(purpose=purpose, collected=None).first()
    if before is not None:
        return before
    collection = Collection.objects.create(
        name=name, purpose=purpose, owner=actor, team=team, is_shared=is_shared
    )
    auditing.note("collection.made", actor=actor, about=collection)
    return collection


@transaction.atomic(durable=True)
def add(*, collection: int, assets: Iterable[str], actor: User) -> list[Result]:
    """Put assets, by key, into a collection; each is done or refused by itself.

    What is in it already is done. Raises `NotFound` and `Forbidden` for the collection.
    """
    locked = _locked(collection, actor)
    seen = {one.key: one for one in Asset.objects.visible_to(actor).filter(key__in=set(assets))}
    there = set(locked.collected.values_list("asset_id", flat=True))
    results: list[Result] = []
    new: list[Asset] = []
    for key in dict.fromkeys(assets):
        asset = seen.get(key)
        if asset is None:
            results.append(Result(key, key, False, _("There is no such asset that you can see.")))
        elif asset.pk not in there and len(there) + len(new) >= MOST_ASSETS:
            reason = _("A collection holds at most %(count)s assets.") % {"count": MOST_ASSETS}
            results.append(Result(key, asset.name, False, reason))
        else:
            results.append(Result(key, asset.name, True))
            new += [asset] if asset.pk not in there else []
    Collected.objects.bulk_create(
        Collected(collection=locked, asset=asset, added_by=actor) for asset in new
    )
    if new:
        data = {"assets": sorted(asset.pk for asset in new)}
        auditing.note("collection.filled", actor=actor, about=locked, data=data)
    return results


@transaction.atomic(durable=True)
def take_out(*, collection: int, asset: str, actor: User) -> None:
    """Take one asset out; nothing happens where it is not in it."""
    locked = _locked(collection, actor)
    seen = Asset.objects.visible_to(actor).filter(key=asset).order_by().values("pk")
    rows = locked.collected.filter(asset__in=seen)
    gone = list(rows.values_list("asset_id", flat=True))
    rows.delete()
    if gone:
        auditing.note("collection.emptied", actor=actor, about=locked, data={"assets": gone})


@transaction.atomic(durable=True)
def remove(*, collection: int, actor: User) -> None:
    """Delete the collection; the assets in it stay as they are."""
    locked = _locked(collection, actor)
    auditing.note("collection.removed", actor=actor, about=locked)
    locked.delete()


def _locked(pk: int, actor: User) -> Collection:
    get_collection_for(user=actor, pk=pk)
    rows = Collection.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("owner", "team").filter(pk=pk).first()
    if locked is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    can_change(actor, locked).require()
    return locked


def _line(text: str, field: str, most: int) -> str:
    if refused_character(text) or len(text) > most:
        message = _("Use up to %(count)s characters of plain text.") % {"count": most}
        raise Invalid(_("This text cannot be stored."), errors={field: [message]})
    return tidy_line(text)
