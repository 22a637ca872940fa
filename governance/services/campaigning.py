"""One piece of content for many steps: started by somebody, carried out journey by journey.

Each journey has a transaction of its own: what one refuses, with its reason, keeps no other back.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from cjops.core.wording import cut
from content.models import Asset, AssetStatus
from governance import policies
from governance.models import Campaign, CampaignPart
from governance.services.opening import clean_text, clean_title
from governance.services.recording import after_commit
from governance.services.repeating import Repeat, answered, remember, used_before
from governance.services.submitting import Fill, fill_slots
from governance.subjects import get_subject_for
from journeys.models import Journey
from people.models import User

log = structlog.get_logger(__name__)
State = CampaignPart.State
# Journey, step and slot, by their keys.
Place = tuple[str, str, str]
MOST_PLACES = 1_000
LOST = timedelta(minutes=2)
MOST_ATTEMPTS = 3
# Of what refuses a journey so many sentences are kept, each in so many characters.
MOST_REASONS, LONGEST = 20, 500


@transaction.atomic(durable=True)
def start_campaign(
    *,
    actor: User,
    asset_key: str,
    version: int,
    places: Iterable[Place],
    title: str,
    rationale: str = "",
    replaced_key: str = "",
    repeat: Repeat | None = None,
) -> Campaign:
    """Put up for the worker that slots of live steps are to show a version of an asset.

    One change for each journey. Raises `NotFound` for an asset or journey that the person does not
    see, `Invalid` for a version that there is not, content out of use, and no or too many places,
    `Forbidden` for journeys on which they may propose nothing, `Conflict` for a key that was used
    for something else.
    """
    asset = _asset(actor, asset_key, version)
    replaced = _seen_asset(actor, replaced_key) if replaced_key else None
    chosen = list(dict.fromkeys(places))
    if not chosen or len(chosen) > MOST_PLACES:
        words = _("Choose one step or more, at most %(most)s.") % {"most": MOST_PLACES}
        raise Invalid(_("Choose the steps."), errors={"places": [words]})
    journeys = _journeys(actor, {journey for journey, _step, _slot in chosen})
    if (before := _started_before(actor, repeat, asset, version)) is not None:
        return before
    _require_open(actor, journeys.values())
    campaign = Campaign.objects.create(
        title=clean_title(title),
        rationale=clean_text(rationale, "rationale"),
        asset=asset,
        version=version,
        replaced=replaced,
        author=actor,
        created_at=timezone.now(),
        token=repeat.key if repeat else "",
    )
    CampaignPart.objects.bulk_create(
        CampaignPart(
            campaign=campaign,
            journey=journey,
            places=[[step, slot] for of, step, slot in chosen if of == key],
            updated_at=campaign.created_at,
        )
        for key, journey in journeys.items()
    )
    remember(actor, repeat, campaign=campaign)
    after_commit("carry_out_campaign", id=campaign.pk)
    return campaign


def _started_before(
    actor: User, repeat: Repeat | None, asset: Asset, version: int
) -> Campaign | None:
    """What the same request has started; waits for one that is under way.

    Raises `Conflict` if that asked for something else. Campaigns outlive what is kept of requests.
    """
    earlier = answered(actor, repeat)
    if earlier is not None:
        if earlier.campaign is None:
            raise used_before()
        return earlier.campaign
    token = repeat.key if repeat else ""
    before = Campaign.objects.filter(author=actor, token=token).first() if token else None
    if before is not None and (before.asset_id, before.version) != (asset.pk, version):
        raise used_before()
    return before


def _seen_asset(actor: User, key: str) -> Asset:
    asset = get_subject_for(user=actor, kind="asset", key=key)
    assert isinstance(asset, Asset)  # noqa: S101  (narrows the type; the kind was asked for)
    return asset


def _asset(actor: User, key: str, version: int) -> Asset:
    asset = _seen_asset(actor, key)
    if asset.status == AssetStatus.RETIRED:
        raise Invalid(
            _("This content is out of use."),
            errors={"asset": [_("Choose other content, or bring this back into use first.")]},
        )
    if not asset.versions.filter(number=version).exists():
        raise Invalid(
            _("Choose which version of the content to use."),
            errors={"version": [_("This asset has no such version.")]},
        )
    return asset


def _journeys(actor: User, keys: set[str]) -> dict[str, Journey]:
    found = {
        journey.key: journey
        for journey in Journey.objects.visible_to(actor).filter(key__in=keys).order_by("key")
    }
    if len(found) < len(keys):
        raise NotFound(_("A journey is not there any more. Open the page again."))
    return found


def _require_open(actor: User, journeys: Iterable[Journey]) -> None:
    """Refuse journeys on which the person may propose nothing, before anything is written."""
    told, refused = [], []
    for journey in journeys:
        verdict = policies.can_open_on(actor, "journey", journey)
        if not verdict:
            refused.append(verdict)
            words = _("“%(journey)s”: %(reason)s")
            told.append(words % {"journey": journey.name, "reason": verdict.reason})
    if refused:
        only_now = all(one.by_state for one in refused)
        raise (Conflict if only_now else Forbidden)(
            _("Leave out the journeys that you may not propose a change of."),
            errors={"places": told},
        )


def carry_out(*, campaign: int) -> int:
    """Open the changes of a campaign that are still waiting, one by one; how many that were.

    One that fails unexpectedly keeps no other back.
    """
    waiting = CampaignPart.objects.filter(campaign=campaign, state=State.WAITING)
    done = 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        try:
            done += carry_out_part(pk=pk)
        except Exception:
            log.exception("campaign_part_failed", part=pk)
            _count_failure(pk)
    return done


def carry_out_part(*, pk: int) -> bool:
    """Open the change of one journey, and submit it; False where somebody else does or did.

    What refuses it is kept, and nothing else is: in every language, since it is asked anew in each.
    Whatever stood in the way may be gone by then; so much the better.
    """
    own = CampaignPart.objects.values_list("campaign__author__locale", flat=True).get(pk=pk)
    told: dict[str, list[str]] = {}
    for language in dict.fromkeys([own, *(code for code, _name in settings.LANGUAGES)]):
        try:
            with translation.override(language):
                return _submit(pk)
        except DomainError as error:
            told[language] = _sentences(error)
    return _refuse(pk, told)


@transaction.atomic(durable=True)
def _submit(pk: int) -> bool:
    part = _locked(pk)
    if part is None:
        return False
    campaign = part.campaign
    if not campaign.author.is_active:
        raise Invalid(_("Whoever started this has left. Somebody else has to start it again."))
    part.change = fill_slots(
        journey_key=part.journey.key,
        fills=[
            Fill(step, slot, campaign.asset.key, campaign.version) for step, slot in part.places
        ],
        actor=campaign.author,
        title=campaign.title,
        rationale=campaign.rationale,
    )
    _write(part, State.OPENED)
    return True


@transaction.atomic(durable=True)
def _count_failure(pk: int) -> None:
    """Count what failed unexpectedly; after some times it is told, and not tried any more."""
    part = _locked(pk)
    if part is None:
        return
    part.attempts += 1
    if part.attempts >= MOST_ATTEMPTS:
        part.reasons = {code: [] for code, _name in settings.LANGUAGES}
        for code in part.reasons:
            with translation.override(code):
                part.reasons[code] = [
                    _(
                        "Something unexpected went wrong here several times. Start it again for"
                        " this journey; if it goes wrong again, tell an admin."
                    )
                ]
    _write(part, State.REFUSED if part.reasons else State.WAITING)


@transaction.atomic(durable=True)
def _refuse(pk: int, told: dict[str, list[str]]) -> bool:
    part = _locked(pk)
    if part is None:
        return False
    part.reasons = told
    _write(part, State.REFUSED)
    return True


def _sentences(error: DomainError) -> list[str]:
    """The refusal and its details, each once."""
    found = [finding.message for finding in error.extra.get("findings") or ()]
    said = dict.fromkeys(one for one in (*error.sentences, *found) if one)
    return [cut(one, LONGEST) for one in said][:MOST_REASONS]


def _locked(pk: int) -> CampaignPart | None:
    return (
        CampaignPart.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("campaign__author", "campaign__asset", "journey")
        .filter(pk=pk, state=State.WAITING)
        .first()
    )


def _write(part: CampaignPart, state: str) -> None:
    part.state, part.updated_at = state, timezone.now()
    part.save(update_fields=["state", "updated_at", "change", "reasons", "attempts"])


def stalled(now: datetime) -> list[int]:
    """Ids of campaigns that wait, and of which no part was done for so long that the task is lost.

    A long one is at work for as long as one of its parts comes after the other.
    """
    parts = CampaignPart.objects.filter(campaign=OuterRef("pk"))
    found = Campaign.objects.filter(
        Exists(parts.filter(state=State.WAITING)), ~Exists(parts.filter(updated_at__gte=now - LOST))
    )
    return list(found.order_by("pk").values_list("pk", flat=True))
