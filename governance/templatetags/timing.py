"""What screens show of freezes and halts; those of journeys, which cannot ask governance, too."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.translation import ngettext

from governance import freezes, halts
from governance.models import Halt
from journeys.models import Journey
from people.models import User

register = template.Library()


@register.inclusion_tag("governance/_freezes.html")
def freeze_banner(journey: Journey) -> dict[str, object]:
    """The freezes in force for a journey."""
    now = timezone.now()
    return {"windows": freezes.in_force(subject=journey, channels=journey.channels, at=now)}


@register.inclusion_tag("governance/_halts.html", takes_context=True)
def halt_banner(context: Context, journey: Journey, step: str = "") -> dict[str, object]:
    """What is halted of a journey, with the way to let it go on; of a step, what concerns it."""
    found = _halts(journey)
    if step:
        found = [halt for halt in found if halt.step in ("", step)]
    brake = halts.brake_of(_user(context), journey)
    return {
        "journey": journey,
        "rows": [
            {"halt": halt, "step_name": halt.step_name, "verdict": halts.can_resume(brake, halt)}  # type: ignore[attr-defined]
            for halt in found
        ],
    }


@register.inclusion_tag("governance/_halt_button.html", takes_context=True)
def halt_button(context: Context, journey: Journey, step: str = "") -> dict[str, object]:
    """The way to pausing or stopping, for those who may."""
    brake = halts.brake_of(_user(context), journey)
    may = journey.live_version_id is not None and (
        bool(halts.can_halt(brake, step)) if step else brake.holds_any
    )
    return {"journey": journey, "step": step, "may": may}


@register.simple_tag
def halted_steps(journey: Journey) -> dict[str, str]:
    """“Paused” or “Stopped” by the key of each halted step."""
    return {halt.step: halt.get_kind_display() for halt in _halts(journey) if halt.step}


@register.simple_tag
def halt_words(journeys: Iterable[Journey]) -> dict[int, str]:
    """What is halted of each journey of a page, in words, by its id."""
    return {pk: _words(found) for pk, found in halts.halted_among(journeys).items()}


def _words(found: list[Halt]) -> str:
    whole = next((halt for halt in found if not halt.step), None)
    if whole is not None:
        return str(whole.get_kind_display())
    if any(halt.kind == Halt.Kind.STOP for halt in found):
        return ngettext("%(count)s step halted", "%(count)s steps halted", len(found)) % {
            "count": len(found)
        }
    return ngettext("%(count)s step paused", "%(count)s steps paused", len(found)) % {
        "count": len(found)
    }


def _halts(journey: Journey) -> list[Halt]:
    """Read once for a page, which shows them above and on the map."""
    known: Any = journey.__dict__
    if "_open_halts" not in known:
        known["_open_halts"] = halts.open_halts(journey)
    found: list[Halt] = known["_open_halts"]
    return found


def _user(context: Context) -> User:
    user: User = context["request"].user
    return user
