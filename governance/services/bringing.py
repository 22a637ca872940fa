"""Bringing content in from a file: its pictures, the asset, and the change that proposes it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

import content.definition
import content.policies
import content.services
from cjops.core.errors import Conflict, DomainError, Invalid
from cjops.core.models import KEY_LENGTH
from cjops.core.wording import listing
from cjops.documents import Document
from content.exchange.addressing import moved, without
from content.exchange.archives import refused
from content.exchange.reading import MOST_NOTES, Brought, read
from content.media import storage
from content.media.drawing import Busy, Drawn
from content.media.services import read_file, write_picture
from content.models import Asset, Picture
from content.rulebook import files_in
from content.services import KeyTaken
from governance.models import Change
from governance.services.opening import TITLE_LENGTH, start
from governance.services.repeating import Repeat, answered, remember
from governance.transitions import Action
from people.models import Team, User

# Of many places without a file so many are named.
NAMED = 5
# Of all pictures of one file together: each takes seconds, and one request draws them.
PIXELS_AT_ONCE = 100_000_000


@dataclass(frozen=True, slots=True)
class ImportedContent:
    """What an import led to: the change, and in sentences what did not come along."""

    change: Change
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Picture:
    name: str
    digest: str
    drawn: Drawn


def import_file(
    *,
    name: str,
    data: bytes,
    actor: User,
    team: Team | None,
    key: str = "",
    language: str = "en",
    repeat: Repeat | None = None,
) -> ImportedContent:
    """Open a change with the e-mail in a file; without a `key` one is made of its name.

    `language` is what a page is in that does not say so. Raises as `read` and `import_content` do.
    """
    # Asked first: who may not write has nothing unpacked and nothing drawn.
    _require(_asset(actor, key) if key else None, team, actor)
    brought = read(name, data, language=language)
    source = _("Imported from the file “%(name)s”.") % {"name": name[:200]}
    wanted = slugify(brought.document["name"])[:KEY_LENGTH].strip("-_")
    for last in (False, False, True):
        try:
            return import_content(
                brought=brought,
                actor=actor,
                key=key or free_key(wanted),
                is_new=not key,
                team=team,
                source=source,
                repeat=repeat,
            )
        except KeyTaken:
            # Somebody else took it meanwhile. Who asked for no key is not told of one.
            if key or last:
                raise
    raise AssertionError


def import_content(
    *,
    brought: Brought,
    actor: User,
    key: str,
    is_new: bool = False,
    team: Team | None = None,
    source: str = "",
    repeat: Repeat | None = None,
) -> ImportedContent:
    """Open a change with content that was read from a file; nothing is live by it.

    `key` names the asset. One that exists, and that the person sees, gets a change in which the
    languages of the file take the place of its own, except with `is_new`; else a new one of `team`
    is made. Pictures that are none are left out and told of. `source` says where it comes from, for
    those who read it.

    Raises `Forbidden` where the person may not write it, `Invalid` for a bad key or a missing
    team, `Conflict` where the key is taken or the asset has too many pictures.
    """
    asset = None if is_new else _asset(actor, key)
    _require(asset, team, actor)
    pictures, lost = _written_anew(brought)
    unknown = _unknown(brought, pictures, actor)
    document = without(brought.document, unknown)
    for one in pictures.values():
        # Stored first: what breaks before the row is written leaves bytes that nothing shows.
        storage.store(one.digest, one.drawn.data)
    change = _open(document, pictures, asset, key, team, actor, source, repeat)
    empty = _empty(brought.document, unknown)
    return ImportedContent(change, (*brought.notes, *lost, *empty))


def _asset(actor: User, key: str) -> Asset | None:
    seen = Asset.objects.visible_to(actor).select_related("team", "channel")
    return seen.filter(key=key).first()


def _require(asset: Asset | None, team: Team | None, actor: User) -> None:
    if asset is not None:
        content.policies.can_write(actor, asset).require()
    elif team is not None:
        content.policies.can_write_for(actor, team).require()
    else:
        raise Invalid(
            _("Say which team is to own it."),
            errors={"team": [_("There is no asset of this key yet, so it needs an owner.")]},
        )


def _written_anew(brought: Brought) -> tuple[dict[str, _Picture], list[str]]:
    """The files by what the document calls them, each read as an upload is, and a sentence for each
    that is none."""
    pictures: dict[str, _Picture] = {}
    lost: list[str] = []
    known: dict[str, Drawn | str] = {}
    left = PIXELS_AT_ONCE
    if len(brought.pictures) > settings.CJOPS["PICTURES_OF_ASSET"]:
        raise refused(
            _("There are more than %(most)s pictures in it, more than an asset may have.")
            % {"most": settings.CJOPS["PICTURES_OF_ASSET"]}
        )
    for given, data in brought.pictures.items():
        name = brought.names.get(given) or given.removeprefix("zip:").rpartition("/")[2]
        digest = sha256(data).hexdigest()
        if digest not in known:
            known[digest] = _read(brought.document["kind"], data, left)
        found = known[digest]
        if isinstance(found, str):
            words = _("The picture “%(name)s” was left out: %(reason)s")
            lost.append(words % {"name": name[:100], "reason": found})
            continue
        left -= found.width * found.height
        pictures[given] = _Picture(name, sha256(found.data).hexdigest(), found)
    return pictures, lost[:MOST_NOTES]


def _read(kind: str, data: bytes, left: int) -> Drawn | str:
    """A file as an upload of it would be; a sentence where it is none, or came too late."""
    if left <= 0:
        return _("The pictures before it are very large. Upload it by itself.")
    try:
        return read_file(kind, io.BytesIO(data))
    except Busy:
        raise
    except DomainError as error:
        return error.reason


def _unknown(brought: Brought, pictures: Mapping[str, _Picture], actor: User) -> frozenset[str]:
    """Files in the places of the document that neither came along nor are there already.

    Content that was made from other content shows files of that: what the person sees stays.
    """
    wanted = files_in(brought.document) - set(pictures)
    seen = Picture.objects.filter(
        file__sha256__in=wanted, asset__in=Asset.objects.visible_to(actor).order_by()
    )
    return frozenset(wanted - set(seen.values_list("file__sha256", flat=True)))


def _empty(document: Document, unknown: frozenset[str]) -> list[str]:
    """A sentence about the places that have no file now."""
    places = [
        f"{rendition['key']}/{place}"
        for rendition in document["renditions"]
        for place, one in rendition.get("files", {}).items()
        if one["file"] in unknown
    ]
    if not places:
        return []
    words = _("These places have no file now: %(places)s. Upload one for each.")
    return [words % {"places": listing(places, NAMED)}]


@transaction.atomic(durable=True)
def _open(
    document: Document,
    pictures: Mapping[str, _Picture],
    asset: Asset | None,
    key: str,
    team: Team | None,
    actor: User,
    source: str,
    repeat: Repeat | None,
) -> Change:
    earlier = answered(actor, repeat)
    if earlier is not None and earlier.entry is not None:
        return earlier.entry.of_change
    document = moved(document, key, {given: one.digest for given, one in pictures.items()})
    if asset is None:
        assert team is not None  # noqa: S101  (asked for before)
        version = content.services.write_asset(
            key=key,
            name=document["name"],
            kind=document["kind"],
            team=team,
            document=document,
            actor=actor,
        )
        asset = version.subject
    else:
        document = _onto(asset, document)
    for one in pictures.values():
        write_picture(
            asset_id=asset.pk, digest=one.digest, drawn=one.drawn, name=one.name, actor=actor
        )
    change = start(
        subject=asset,
        kind="asset",
        title=_("Import: %(name)s") % {"name": document["name"][: TITLE_LENGTH - 40]},
        actor=actor,
        rationale=source,
        document=document,
    )
    if repeat is not None:
        remember(actor, repeat, entry=change.ledger.get(action=Action.OPEN))
    return change


def _onto(asset: Asset, document: Document) -> Document:
    """What the asset says now, with the languages of the import in place of its own."""
    if document["kind"] != asset.kind:
        raise Conflict(
            _("There is an asset with this key, and it is of another kind. Choose another key.")
        )
    newest = asset.live_version or asset.versions.first()
    before = newest.get_document() if newest else document
    brought = {one["key"]: one for one in document["renditions"]}
    kept = [
        {**brought.pop(one["key"]), "rank": one["rank"]} if one["key"] in brought else one
        for one in before["renditions"]
    ]
    bare = [{**one, "rank": ""} for one in [*kept, *brought.values()]] if brought else kept
    return content.definition.complete({**before, "renditions": bare})


def free_key(wanted: str) -> str:
    """A key that no asset has yet: the wanted one, or with the lowest number behind it.

    "imported" where none is wanted.
    """
    wanted = wanted.replace("_", "-") or "imported"
    taken = set(Asset.objects.filter(key__startswith=wanted[:60]).values_list("key", flat=True))
    for candidate in [wanted, *(f"{wanted[: KEY_LENGTH - 4]}-{n}" for n in range(2, 1_000))]:
        if candidate not in taken:
            return candidate
    raise Conflict(_("There are too many assets with the key “%(key)s” already.") % {"key": wanted})
