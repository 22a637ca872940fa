"""New content from what there is: one piece adapted, a language of it, or several as one."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cjops.core.errors import DomainError, NotFound
from cjops.core.text_diff import text_pieces
from cjops.documents import diff
from content import adapting, drafts, lineage, policies, queries, sections
from content.adapting import Source
from content.kinds import CHOICES, KINDS
from content.models import Asset, AssetVersion
from content.words import language_name, summarise
from people.models import User

MOST_OFFERED = 30


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_adapt(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Make a new asset from a version: of which kind, and with which of its texts."""
    user = cast(User, request.user)
    version = queries.get_version_for(user=user, key=key, number=number)
    renditions = version.get_document()["renditions"]
    refusal = ""
    if request.method == "POST":
        chosen = [one["key"] for one in renditions if one["key"] in request.POST.getlist("texts")]
        if not chosen:
            refusal = _("Choose at least one of its texts.")
        else:
            source = Source(key, number, version.get_document())
            return begin(request, user, [source], request.POST.get("kind", ""), chosen)
    context = {
        "asset": version.subject,
        "version": version,
        "kinds": CHOICES,
        "texts": [(one["key"], language_name(one["key"])) for one in renditions],
        "refusal": refusal,
    }
    return render(request, "content/asset_adapt.html", context, status=422 if refusal else 200)


def begin(
    request: HttpRequest, user: User, sources: list[Source], kind: str, keys: list[str]
) -> HttpResponse:
    """Keep what comes out as something that the person writes, and open it."""
    first = sources[0].document["kind"] if sources else next(iter(KINDS))
    wanted = kind if kind in KINDS else first
    document = adapting.made_from(sources, wanted, keys)
    draft = drafts.begin_draft(person=user, document=document)
    return redirect(f"{reverse('asset-create')}?draft={draft.spot.removeprefix('new:')}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_compose(request: HttpRequest) -> HttpResponse:
    """Several pieces as one, in an order: `?from=` names them, and buttons add, move and drop."""
    user = cast(User, request.user)
    asked = request.POST if request.method == "POST" else request.GET
    # What is ticked in the library comes by the name that its other actions have.
    sent = list(dict.fromkeys([*asked.getlist("from"), *asked.getlist("asset")]))
    keys = ordered(sent, asked)
    chosen = by_key(user, keys)
    refusal = too_many(len(sent))
    if request.method == "POST" and asked.get("do") == "compose":
        sources = [source for asset in chosen if (source := source_of(asset)) is not None]
        try:
            return begin(request, user, sources, asked.get("kind", ""), [])
        except DomainError as error:
            refusal = error.message
    search = asked.get("q", "").replace("\x00", "")[:200]
    taken = [asset.pk for asset in chosen]
    offered = queries.library(user, q=search).filter(status="active").exclude(pk__in=taken)
    context = {
        "chosen": chosen,
        "offered": list(offered[:MOST_OFFERED]),
        "kinds": CHOICES,
        "search": search,
        "refusal": refusal,
        "most": adapting.MOST_ORIGINS,
    }
    return render(request, "content/asset_compose.html", context, status=422 if refusal else 200)


def too_many(count: int) -> str:
    """What somebody reads who chose more than can be put together; nothing else."""
    if count <= adapting.MOST_ORIGINS:
        return ""
    words = _(
        "At most %(most)s pieces are put together, and you chose %(count)s: the first are here."
    )
    return words % {"most": adapting.MOST_ORIGINS, "count": count}


def ordered(keys: list[str], asked: Any) -> list[str]:
    """The keys after what was pressed: one more, one fewer, or one place up."""
    found = list(dict.fromkeys(keys))[: adapting.MOST_ORIGINS]
    if (added := asked.get("add", "")) and len(found) < adapting.MOST_ORIGINS:
        found = list(dict.fromkeys([*found, added]))
    if (dropped := asked.get("drop", "")) in found:
        found.remove(dropped)
    if (moved := asked.get("up", "")) in found[1:]:
        at = found.index(moved)
        found[at - 1 : at + 1] = [moved, found[at - 1]]
    return found


def by_key(user: User, keys: list[str]) -> list[Asset]:
    """Those of them that the person sees, in their order."""
    valid = [key for key in keys if key.isascii() and "\x00" not in key]
    seen = {one.key: one for one in Asset.objects.visible_to(user).filter(key__in=valid)}
    return [seen[key] for key in valid if key in seen]


def source_of(asset: Asset) -> Source | None:
    """The live version of the asset, else its newest."""
    version = asset.live_version or asset.versions.first()
    return Source(asset.key, version.number, version.get_document()) if version else None


@login_required
@require_GET
def origin_changes(request: HttpRequest, key: str, origin: str) -> HttpResponse:
    """What changed at the origin since an asset was made from it, and the way to say so."""
    user = cast(User, request.user)
    asset = queries.get_asset_for(user=user, key=key)
    kin = next((one for one in lineage.origins_of(asset, user) if one.asset.key == origin), None)
    if kin is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    before = lineage.version_at(kin.asset, kin.number)
    after = kin.asset.live_version if kin.moved_to else None
    context = {
        "asset": asset,
        "kin": kin,
        "sentences": sentences(before, after),
        "rows": rows(before, after),
        "may_write": policies.can_write(user, asset),
    }
    return render(request, "content/origin_changes.html", context)


def sentences(before: AssetVersion | None, after: AssetVersion | None) -> list[str]:
    """What changed, in words."""
    if before is None or after is None:
        return []
    old, new = before.get_document(), after.get_document()
    return summarise(diff(old, new), old, new)


def rows(before: AssetVersion | None, after: AssetVersion | None) -> list[dict[str, Any]]:
    """Each text that changed, compared by character."""
    if before is None or after is None:
        return []
    old = {one["key"]: one for one in before.get_document()["renditions"]}
    written = KINDS[after.get_document()["kind"]].written
    return [
        {
            "label": f"{language_name(one['key'])} · {field.label}",
            "pieces": text_pieces(str(was), str(now)),
            "lang": one["language"],
        }
        for one in after.get_document()["renditions"]
        for field in written
        if (was := old.get(one["key"], {}).get(field.name, "")) != (now := one.get(field.name, ""))
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_take_out(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Make a new asset from sections of a version: chosen in one language, `?text=`."""
    user = cast(User, request.user)
    version = queries.get_version_for(user=user, key=key, number=number)
    document = version.get_document()
    asked = request.POST if request.method == "POST" else request.GET
    renditions = {one["key"]: one for one in document["renditions"]}
    found = sections.long_field(document["kind"])
    text = asked.get("text", "")
    if text not in renditions:
        text = next(iter(renditions), "")
    parts = sections.sections_of(renditions[text], found) if found and text else None
    count = len(parts.pieces) if parts else 0
    chosen = [one for one in range(count) if str(one) in asked.getlist("section")]
    refusal = ""
    if request.method == "POST":
        if chosen:
            source, kept = sections.taken_out(Source(key, number, document), text, chosen)
            return begin(request, user, [source], request.POST.get("kind", ""), kept)
        refusal = _("Choose at least one section.")
    context = {
        "asset": version.subject,
        "version": version,
        "kinds": CHOICES,
        "texts": [(one, language_name(one)) for one in renditions],
        "text": text,
        "lang": renditions[text]["language"] if text else "",
        "pieces": [sections.words(one, found) for one in parts.pieces] if parts and found else [],
        "refusal": refusal,
    }
    return render(request, "content/asset_take_out.html", context, status=422 if refusal else 200)
