"""The slots of steps: what fills them, and whether that can be shown there."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cjops.core.wording import listing
from content.markets import is_among
from journeys.fitting import misfits
from journeys.validation.found import Element, Found, Known, element_name

# Of one piece of content; whoever mends them sees the rest there.
REASONS = 3
# Of a slot: whoever changes one of these answers for whether they go together.
SET_TOGETHER = ("asset", "version", "needs")


def check_slot(
    found: Found, known: Known, step: Element, slot: str, content: dict[str, Any]
) -> None:
    """One slot of a step: what fills it, and whether that can be shown there."""
    place = ("steps", step["key"], "slots", slot)
    names = {
        "step": element_name(step),
        "slot": slot,
        "asset": content["asset"],
        "version": content["version"],
    }
    if content["asset"] is None or content["version"] is None:
        report = found.error if step["kind"] == "message" else found.warning
        report(
            "content-missing",
            _("The content “%(slot)s” of the step “%(step)s” is still missing.") % names,
            *place,
            "asset" if content["asset"] is None else "version",
        )
    elif known.assets is not None:
        _check_binding(found, known.assets.get(content["asset"]), content, place, names)
        _check_channel(found, known, step, place, names)
        _check_sendable(found, known, content, place, names)
        _check_needs(found, known, content, place, names)
        _check_in_use(found, known, place, names)
        _check_market(found, known, content, place, names)
        _check_rights(found, known, content, place, names)


def _check_binding(
    found: Found,
    versions: Any,
    content: dict[str, Any],
    place: tuple[str, ...],
    names: dict[str, Any],
) -> None:
    if versions is None:
        message = _("The step “%(step)s” uses the asset “%(asset)s”, which does not exist.")
        found.error("asset-unknown", message % names, *place, "asset")
    elif content["version"] not in versions:
        message = _("The step “%(step)s” uses version %(version)s of “%(asset)s”: there is none.")
        found.error("version-unknown", message % names, *place, "version")
    elif content["digest"] is None:
        message = _(
            "The step “%(step)s” does not pin what version %(version)s of “%(asset)s” holds. "
            "Choose the content again."
        )
        found.error("digest-missing", message % names, *place, "digest")
    elif content["digest"] != versions[content["version"]]:
        message = _(
            "Version %(version)s of “%(asset)s” is not what the step “%(step)s” expects. "
            "Choose the content again."
        )
        found.error("digest-mismatch", message % names, *place, "digest")


def _check_channel(
    found: Found, known: Known, step: Element, place: tuple[str, ...], names: dict[str, Any]
) -> None:
    """Content goes out on the step's channel, whose stewards decide on it: it is made for that."""
    made_for = (known.asset_channels or {}).get(names["asset"])
    if made_for is not None and made_for != step["channel"]:
        message = _(
            "The step “%(step)s” shows “%(asset)s”, which is made for the channel “%(channel)s”. "
            "Choose content for the channel of the step."
        )
        found.error(
            "asset-other-channel", message % {**names, "channel": made_for}, *place, "asset"
        )


def _check_sendable(
    found: Found,
    known: Known,
    content: dict[str, Any],
    place: tuple[str, ...],
    names: dict[str, Any],
) -> None:
    """Say what customers would receive that is not fit to be sent.

    A warning: content that was brought in with a journey is written while the change is reviewed,
    and its stewards, who decide on it, read this first.
    """
    for reason in (known.unsendable or {}).get(content["digest"], ())[:REASONS]:
        message = _(
            "The step “%(step)s” shows version %(version)s of “%(asset)s”, which cannot be sent. "
            "%(reason)s"
        )
        found.warning("content-unsendable", message % {**names, "reason": reason}, *place)


def _check_needs(
    found: Found,
    known: Known,
    content: dict[str, Any],
    place: tuple[str, ...],
    names: dict[str, Any],
) -> None:
    """Say where content is not what its slot asks for.

    Who sets the content, or what is asked of it, is refused. What the live journey shows already is
    a warning, since a slot may ask for more than what is live has: a journey must not be kept from
    changing elsewhere.
    """
    needs = content.get("needs")
    offer = (known.offers or {}).get(content["digest"])
    if not needs or offer is None:
        return
    is_set_here = found.is_set_here(place[1], place[3], SET_TOGETHER)
    report = found.error if is_set_here else found.warning
    for reason in misfits(needs, offer):
        message = _(
            "“%(slot)s” of the step “%(step)s” asks for something that version %(version)s of "
            "“%(asset)s” is not. %(reason)s"
        )
        report("content-unfit", message % {**names, "reason": reason}, *place)


def _check_in_use(
    found: Found, known: Known, place: tuple[str, ...], names: dict[str, Any]
) -> None:
    """Say what content is retired.

    A warning: a journey that showed it before must not be kept from changing elsewhere.
    """
    if known.retired and names["asset"] in known.retired:
        message = _(
            "The step “%(step)s” shows “%(asset)s”, which is retired. Choose other content."
        )
        found.warning("content-retired", message % names, *place, "asset")


def _check_market(
    found: Found,
    known: Known,
    content: dict[str, Any],
    place: tuple[str, ...],
    names: dict[str, Any],
) -> None:
    """Say where content is not meant for the journey's market, or its words are not.

    Warnings: territories are written by hand, and a licence may reach further than its list says.
    What the market's rules forbid is among what keeps content from being sent.
    """
    market = found.document["market"]
    territories = (known.territories or {}).get(content["digest"], ())
    if market and not is_among(market, territories):
        message = _(
            "The step “%(step)s” shows “%(asset)s”, which may be used in %(territories)s, and the "
            "journey is for the market “%(market)s”. Choose other content, or add the market to "
            "where it may be used."
        )
        more = {"market": market, "territories": listing(list(territories), REASONS)}
        found.warning("content-other-market", message % {**names, **more}, *place)
    for reason in (known.advised or {}).get(content["digest"], ())[:REASONS]:
        message = _(
            "The step “%(step)s” shows “%(asset)s”, which says something that the market "
            "“%(market)s” has a rule on. %(reason)s"
        )
        more = {"market": market, "reason": reason}
        found.warning("content-market-words", message % {**names, **more}, *place)


def _check_rights(
    found: Found,
    known: Known,
    content: dict[str, Any],
    place: tuple[str, ...],
    names: dict[str, Any],
) -> None:
    """Say what content may no longer be used before the journey ends.

    A warning: rights are renewed, and until that day the journey runs as it should. That they have
    ended already keeps the content from being sent, which is said by itself.
    """
    until = (known.usable_until or {}).get(content["digest"])
    end = found.document["lifecycle"]["end"]
    # ISO dates sort as text.
    if until and end and until < end:
        message = _(
            "The step “%(step)s” shows “%(asset)s”, which may be used until %(until)s only, and "
            "the journey goes on until %(end)s. Renew the rights, or choose other content."
        )
        dates = {"until": _day(until), "end": _day(end)}
        found.warning("content-rights-end", message % {**names, **dates}, *place)


def _day(written: str) -> str:
    """A day as the reader writes it."""
    return str(date_format(dt.date.fromisoformat(written), "DATE_FORMAT"))
