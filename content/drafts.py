"""What people write, kept while they write it: the only writer of drafts.

A draft is its writer's alone. It holds the form as it was sent, so that nothing typed is lost, and
the document as far as one can be read from it.
"""

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, DocumentInvalid, Invalid, TooLarge
from cjops.core.findings import Finding
from cjops.documents import Document
from content import definition
from content.models import Asset, Draft
from people.models import User

MOST_BYTES, MOST_DRAFTS = 5_000_000, 50
SPOT = re.compile(
    r"(change:[1-9][0-9]{0,17}|revise:[1-9][0-9]{0,17}/[1-9][0-9]{0,6}|step:[a-z0-9-]{1,80}/[a-z0-9-]{1,80}/[a-z0-9-]{1,80}|new:[a-z0-9]{8,40})?"
)
# Not what somebody typed: keys of the session, and what was pressed.
_LEFT_OUT = frozenset({"csrfmiddlewaretoken", "do", "remove", "remove_variant", "add_size"}) | {
    "remove_size", "draft_count", "draft_force", "fill", "form_token",
}  # fmt: skip
# Neither can stand in the database; a form of a browser sends none.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def refuse_bad_spot(spot: str, asset: Asset | None) -> str:
    """The name of the place; raises `Invalid` for one that no form of ours makes."""
    is_right = SPOT.fullmatch(spot) and spot.startswith("new:") == (asset is None)
    if not is_right:
        raise Invalid(_("This page does not say what is being written. Open it again."))
    return spot


def draft_of(*, person: User, asset: Asset | None, spot: str = "") -> Draft | None:
    """What the person keeps there; the caller has looked whether they see the asset."""
    return Draft.objects.filter(person=person, asset=asset, spot=spot).first()


def drafts_of(person: User) -> list[Draft]:
    """Everything the person keeps, newest first; not of assets they do not see any more."""
    mine = Draft.objects.filter(person=person).defer("form", "document").select_related("asset")
    seen = Asset.objects.visible_to(person).order_by()
    return [*mine.filter(asset=None), *mine.filter(asset__in=seen)]


@transaction.atomic(durable=True)
def keep_draft(
    *,
    person: User,
    asset: Asset | None,
    spot: str,
    kind: str,
    form: Iterable[tuple[str, str]],
    document: Document | None,
    base: int = 0,
    digest: str = "",
    count: int = 0,
    is_forced: bool = False,
) -> Draft:
    """Keep what the form says now; `count` is the one that the page has seen last.

    Raises `Invalid` for a place that is none, `TooLarge` for more than anybody types, `Conflict`
    where another window kept something since, or saved or discarded it, or the person keeps too
    many.
    """
    refuse_bad_spot(spot, asset)
    pairs = storable(form)
    if len(json.dumps(pairs)) > MOST_BYTES:
        raise TooLarge(
            _("This is too much to be kept while you type. Save it, or make it shorter.")
        )
    # One at a time for each person: two windows must not both be the first.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    draft = draft_of(person=person, asset=asset, spot=spot)
    if draft is None and count > 0 and not is_forced:
        raise Conflict(
            _("What was kept here was saved or discarded since. Nothing of this window was kept."),
            code="other_window",
            current=0,
        )
    if draft is None:
        _refuse_too_many(person)
        now = timezone.now()
        draft = Draft(person=person, asset=asset, spot=spot, created_at=now, count=0)
    elif draft.count != count and not is_forced:
        raise Conflict(
            _("Another window kept what it holds since. Nothing of this one was kept."),
            code="other_window",
            current=draft.count,
        )
    draft.kind, draft.form, draft.document = kind, pairs, document
    draft.base, draft.digest = base, digest
    draft.count, draft.saved_at = draft.count + 1, timezone.now()
    draft.save()
    return draft


def _refuse_too_many(person: User) -> None:
    if Draft.objects.filter(person=person).count() >= MOST_DRAFTS:
        raise Conflict(
            _("You have %(count)s unsaved texts, which is as many as are kept. Discard one first.")
            % {"count": MOST_DRAFTS}
        )


@transaction.atomic(durable=True)
def discard_draft(*, person: User, asset: Asset | None, spot: str = "") -> bool:
    """Let it go; whether there was one."""
    count, _by_model = Draft.objects.filter(person=person, asset=asset, spot=spot).delete()
    return bool(count)


def storable(form: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The pairs of a form that somebody typed, fit to be stored."""
    return [
        [_UNSTORABLE.sub("\ufffd", name), _UNSTORABLE.sub("\ufffd", value)]
        for name, value in form
        if name not in _LEFT_OUT
    ]


def typed_in(draft: Draft) -> MultiValueDict[str, str]:
    """The form as it was kept."""
    found: MultiValueDict[str, str] = MultiValueDict()
    for pair in draft.form:
        if isinstance(pair, list) and len(pair) == 2:
            found.appendlist(str(pair[0]), str(pair[1]))
    return found


def readable(raw: Mapping[str, Any]) -> tuple[Document | None, list[Finding]]:
    """The document as far as it can be read, and what is refused of it.

    What does not hold is left out, up to some rounds: a preview of the rest is better than none.
    """
    refused: list[Finding] = []
    rest: Any = json.loads(json.dumps(raw))
    for _round in range(4):
        try:
            return definition.complete(rest), refused
        except DocumentInvalid as error:
            found = list(error.extra.get("findings", ()))
            refused = refused or found
            if not all(_leave_out(rest, finding.pointer) for finding in found):
                break
    return None, refused


def _leave_out(document: Any, pointer: str) -> bool:
    """Take the value at that place out; False where there is none to take."""
    *path, last = [
        part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]
    ] or [""]
    place = document
    for part in path:
        place = _step(place, part)
    if isinstance(place, dict) and last in place and last not in ("key", "kind"):
        del place[last]
        return True
    return False


def _step(place: Any, part: str) -> Any:
    if isinstance(place, list) and part.isdigit() and int(part) < len(place):
        return place[int(part)]
    return place.get(part) if isinstance(place, dict) else None


@transaction.atomic(durable=True)
def begin_draft(*, person: User, document: Document) -> Draft:
    """A new asset that is made from others, for the person to go on with; raises `Conflict`."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    _refuse_too_many(person)
    now = timezone.now()
    return Draft.objects.create(
        person=person,
        spot=f"new:{secrets.token_hex(8)}",
        kind=document["kind"],
        form=[],
        document=document,
        origins=document.get("adapted_from", []),
        created_at=now,
        saved_at=now,
    )
