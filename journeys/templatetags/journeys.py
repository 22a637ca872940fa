"""What the screens of content and teams show of journeys, in a constant number of reads; and the
parts a map repeats a hundred times, as functions because an include costs ten times as much.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.templatetags.parts import icon
from journeys import reading
from journeys.marks import GLYPHS, LEGEND, MARK_WORDS, Mark
from journeys.stage_map import Card, Remark
from people.models import Team, User

register = template.Library()


@register.simple_tag
def step_card(
    card: Card,
    chips: Mapping[str, SafeString],
    urls: Mapping[str, str],
    touched: object = None,
    halted: object = None,
) -> SafeString:
    """A step on the map; a link where `urls` knows its page, marked where changes touch it, where
    it is halted, or where two versions are compared with what became of it."""
    url = urls.get(card.key)
    # Where a page shows no marks, the template has no such variable.
    count = touched.get(card.key, 0) if isinstance(touched, Mapping) else 0
    halt = halted.get(card.key, "") if isinstance(halted, Mapping) else ""
    return format_html(
        '<div class="step {}{}"><div class="step-top">{}<span class="station" aria-hidden="true">{}'
        "</span></div>{}{}{}{}{}{}</div>",
        card.channel or "slim",
        f" mark-{card.mark}" if card.mark else "",
        chips.get(card.channel)
        or format_html('<span class="chan">{}{}</span>', icon(card.icon), card.kind_label),
        card.number,
        mark_badge(card.mark),
        format_html('<a href="{}">{}</a>', url, card.name)
        if url
        else format_html("<b>{}</b>", card.name),
        format_html('<div class="muted">{}</div>', card.note) if card.note else "",
        format_html('<div class="was">{}</div>', card.was) if card.was else "",
        format_html('<div class="marker">{}{}</div>', icon("pause-fill", "sm"), halt)
        if halt
        else "",
        _marker(count) if count else "",
    )


def _marker(count: int) -> SafeString:
    words = ngettext("%(count)s open change", "%(count)s open changes", count) % {"count": count}
    return format_html('<div class="marker">{}{}</div>', icon("file-diff", "sm"), words)


@register.simple_tag
def mark_badge(mark: Mark, legend: bool = False) -> SafeString:
    """What became of something between two versions, as a sign and a word; "" for no mark.

    In a `legend` the word is for everybody, else it is hidden.
    """
    if not mark:
        return SafeString()
    if legend:
        return format_html(
            '<span class="sign mark-{}" aria-hidden="true">{}</span> {}',
            mark,
            GLYPHS[mark],
            LEGEND[mark],
        )
    return format_html(
        '<span class="sign mark-{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span> ',
        mark,
        GLYPHS[mark],
        MARK_WORDS[mark],
    )


@register.simple_tag
def marked_word(word: str, mark: Mark) -> SafeString:
    """A word of a lane with its mark; what is gone is struck through."""
    return format_html("{}{}", mark_badge(mark), _struck(word, mark))


def _struck(text: object, mark: Mark) -> object:
    return format_html("<del>{}</del>", text) if mark == "remove" else text


@register.simple_tag
def remark_item(remark: Remark) -> SafeString:
    """What one step says in a lane of the map; its number leads back to the step."""
    card = remark.card
    spoken = _("Step %(number)s, %(name)s:") % {"number": card.number, "name": card.name}
    return format_html(
        '<li><span class="station" title="{}"><span class="visually-hidden">{}</span>'
        '<span aria-hidden="true">{}</span></span><span>{}{}{}{}</span></li>',
        card.name,
        spoken,
        card.number,
        mark_badge(remark.mark),
        format_html('<del class="was">{}</del> ', remark.was) if remark.was else "",
        format_html('<a href="{}">{}</a>', reverse("asset-detail", args=[remark.link]), remark.text)
        if remark.link
        else _struck(remark.text, remark.mark),
        format_html(' <span class="muted">{}</span>', remark.note) if remark.note else "",
    )


@register.inclusion_tag("journeys/_team_steps.html", takes_context=True)
def team_steps(context: Context, team: Team) -> dict[str, object]:
    """The live steps a team owns, in journeys the reader sees."""
    steps = list(reading.steps_of(_user(context), team)[: reading.SHOWN + 1])
    return {"steps": steps[: reading.SHOWN], "has_more": len(steps) > reading.SHOWN}


@register.inclusion_tag("journeys/_used_in.html", takes_context=True)
def used_in(context: Context, asset: Any, is_alone: bool = False) -> dict[str, object]:
    """The slots an asset fills, in journeys the reader sees; `is_alone` on the page of its uses."""
    uses = list(reading.uses_of(_user(context), asset)[: reading.SHOWN + 1])
    return {
        "uses": uses[: reading.SHOWN],
        "has_more": len(uses) > reading.SHOWN,
        "asset": asset,
        "is_alone": is_alone,
    }


@register.simple_tag(takes_context=True)
def use_counts(context: Context, assets: Sequence[Any]) -> dict[int, int]:
    """How many steps of journeys the reader sees each asset of a page is used in, by its id."""
    return reading.use_counts(_user(context), [asset.pk for asset in assets])


def _user(context: Context) -> User:
    user: User = context["request"].user
    return user
