"""Assets and their versions: the only writer of them. What is live, governance decides.

What is refused for its own sake is refused before a transaction opens or within a savepoint, so
that a caller who is in one may go on.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid, NotFound
from cjops.core.wording import in_every_language
from cjops.documents import Document, diff, digest
from content import definition, lineage, permissions, policies, projection, words
from content.facts import channel_key
from content.finding import indexing
from content.kinds import KINDS
from content.models import Asset, AssetStatus, AssetVersion
from people import deriving
from people.models import Channel, Team, User, valid_key


class KeyTaken(Conflict):
    """Another asset has the key."""


def create_asset(
    *,
    key: str,
    name: str,
    kind: str,
    team: Team,
    document: object,
    actor: User,
    is_restricted: bool = False,
) -> AssetVersion:
    """A new asset with its first version, which nothing shows yet.

    `name` and `kind` stand in for what `document` leaves out. Raises `Forbidden` for people of
    other teams, `Invalid` for a key that is none and for an origin that they do not see,
    `Conflict` for a key that is taken, `DocumentInvalid` for a document that is none of that kind.
    """
    policies.can_write_for(actor, team).require()
    return write_asset(
        key=key,
        name=name,
        kind=kind,
        team=team,
        document=document,
        actor=actor,
        is_restricted=is_restricted,
        is_brought=False,
    )


def write_asset(
    *,
    key: str,
    name: str,
    kind: str,
    team: Team,
    document: object,
    actor: User,
    is_restricted: bool = False,
    is_brought: bool = True,
) -> AssetVersion:
    """The same for content that `actor` only brings: whoever owns it decides before it goes live.

    Files name what they like as their origin, so that is not refused, and not linked unseen.
    Raises `Invalid`, `Conflict` and `DocumentInvalid` as `create_asset` does.
    """
    refuse_bad_key(key)
    if isinstance(document, dict):
        document = {"name": name, "kind": kind, **document}
    complete = definition.complete(document)
    if not is_brought:
        origins = lineage.new_origins({}, complete) - {key}
        lineage.require_origins_seen(keys=origins, actor=actor)
    asset = Asset(
        key=key,
        kind=kind,
        team=team,
        channel=get_channel(channel_key(complete)),
        is_restricted=is_restricted,
        **projection.columns_of(complete, key),
    )
    projection.refuse_other_kind(asset, complete)
    return store_asset(asset=asset, document=complete, actor=actor)


def refuse_bad_key(key: str) -> None:
    """Raise `Invalid` for a key that is none, `Conflict` for one that is taken."""
    try:
        valid_key(key)
        Asset._meta.get_field("key").run_validators(key)
    except ValidationError as error:
        raise Invalid(_("The key cannot be used."), errors={"key": error.messages}) from error
    if Asset.objects.filter(key=key).exists():
        raise KeyTaken(_("There is already an asset with this key. Choose another."))


def same_asset(
    *, key: str, team: Team, document: object, is_restricted: bool, actor: User
) -> AssetVersion | None:
    """The first version of an asset that `actor` made of just this: a form that came twice."""
    return (
        AssetVersion.objects.select_related("subject")
        .filter(subject__key=key, subject__team=team, subject__is_restricted=is_restricted)
        .filter(number=1, created_by=actor, digest=digest(definition.complete(document)))
        .first()
    )


@transaction.atomic(savepoint=True)
def store_asset(*, asset: Asset, document: Document, actor: User) -> AssetVersion:
    """Write the rows of a new asset. Raises `Conflict` where somebody took the key just now."""
    asset._history_user = actor  # type: ignore[attr-defined]
    deriving.lock_narrow()
    try:
        asset.save()
    except IntegrityError as error:
        raise KeyTaken(_("There is already an asset with this key. Choose another.")) from error
    permissions.renew([asset.pk])
    indexing.index([(asset, document)])
    return write_version(asset=asset, document=document, actor=actor, newest=None)


def add_version(*, asset: Asset, document: object, actor: User) -> AssetVersion:
    """The next version of the asset, or the one that says the same already.

    Raises `Forbidden` for people of other teams, `Invalid` for a new origin that they do not see,
    and `DocumentInvalid` as `create_asset` does.
    """
    # Neither depends on the versions there are, so neither has to wait for the lock.
    policies.can_write(actor, asset).require()
    complete = definition.complete(document)
    projection.refuse_other_kind(asset, complete)
    if definition.said(complete, "adapted_from"):
        newest = asset.versions.first()
        origins = lineage.new_origins(newest.get_document() if newest else {}, complete)
        lineage.require_origins_seen(keys=origins - {asset.key}, actor=actor)
    return store_version(asset_id=asset.pk, document=complete, actor=actor)


@transaction.atomic(savepoint=False)
def store_version(*, asset_id: int, document: Document, actor: User) -> AssetVersion:
    """Write the row of a complete document that `actor` may write, unless there is one."""
    # Lock before the newest number is read, so that two writers get two numbers.
    asset = Asset.objects.select_for_update(of=("self",), no_key=True).get(pk=asset_id)
    same = asset.versions.filter(digest=digest(document)).first()
    if same is not None:
        return same
    newest = asset.versions.first()
    version = write_version(asset=asset, document=document, actor=actor, newest=newest)
    if asset.live_version_id is None:
        # Until something is live, lists show what was written last.
        projection.project(asset=asset, document=document, actor=actor)
    return version


def write_version(
    *, asset: Asset, document: Document, actor: User, newest: AssetVersion | None
) -> AssetVersion:
    """Store `document` as the version after `newest` of an asset that is locked or new."""
    before = newest.get_document() if newest else {"renditions": []}
    changes = diff(before, document)
    if definition.said(before, "adapted_from") != definition.said(document, "adapted_from"):
        lineage.trace(asset=asset, document=document, actor=actor)
    return AssetVersion.objects.create(
        subject=asset,
        number=newest.number + 1 if newest else 1,
        document=document,
        digest=digest(document),
        parent_digest=newest.digest if newest else "",
        created_at=timezone.now(),
        created_by=actor,
        summary=in_every_language(lambda: words.summarise(changes, before, document)),
    )


def channel_of(kind: str) -> Channel:
    """The channel assets of that kind are sent on unless they name another."""
    return get_channel(KINDS[kind].channels[0])


def get_channel(key: str) -> Channel:
    """The channel with that key. Raises `NotFound`."""
    channel = Channel.objects.filter(key=key).first()
    if channel is None:
        raise NotFound(_("There is no channel “%(key)s”. Ask an admin to add it.") % {"key": key})
    return channel


@transaction.atomic(savepoint=False)
def make_live(*, bound: Iterable[tuple[str, int]], actor: User | None = None) -> list[int]:
    """Make versions, each given as (asset key, number), the live ones of their assets.

    The primary keys of the assets of which another version was live before.

    Only governance calls this, when it publishes. A version that is not there is passed over: the
    checks have refused it before. So is one from before its asset was retired: a step may still
    show it, and yet the asset stays out of use.
    """
    wanted = dict(sorted(bound))
    assets = (
        Asset.objects.select_for_update(of=("self",), no_key=True)
        .filter(key__in=wanted)
        .order_by("pk")
    )
    locked = {asset.key: asset for asset in assets}
    versions = AssetVersion.objects.filter(
        subject__in=locked.values(), number__in=set(wanted.values())
    ).select_related("subject")
    moved: list[int] = []
    shown: list[tuple[Asset, Document]] = []
    for version in versions:
        asset = locked[version.subject.key]
        if version.number != wanted[asset.key] or asset.live_version_id == version.pk:
            continue
        if _is_retired_since(asset, version):
            continue
        document = version.get_document()
        columns = projection.columns_of(document, asset.key)
        columns["live_version"] = version
        for name, value in columns.items():
            setattr(asset, name, value)
        asset._history_user = actor  # type: ignore[attr-defined]
        asset.save(update_fields=[*columns, "updated_at"])
        moved.append(asset.pk)
        shown.append((asset, document))
    indexing.index(shown)
    return moved


def _is_retired_since(asset: Asset, version: AssetVersion) -> bool:
    """Whether the asset went out of use after that version of it was written."""
    live = asset.live_version if asset.status == AssetStatus.RETIRED else None
    return live is not None and version.number < live.number
