"""The journey as a network: can everybody get in, through and out again?"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cjops.core.wording import listing
from journeys.durations import parse_duration
from journeys.graph import cycles, reachable, reversed_arcs
from journeys.validation.found import Element, Found

SHARE_TOLERANCE = 0.005
ShareFault = Literal["", "mixed", "sum"]
_NAMED = 5


def check_structure(found: Found) -> None:
    """Find steps nobody reaches or leaves, loops without a wait, and shares that do not add up."""
    if not found.steps:
        found.error("steps-missing", _("The journey has no steps yet."), "steps")
        return
    outgoing = _outgoing(found)
    successors = {
        key: [transition["target"] for transition in leaving] for key, leaving in outgoing.items()
    }
    _check_reach(found, successors)
    _check_ends(found, successors)
    _check_loops(found, outgoing)
    for key in found.steps:
        _check_branches(found, key, outgoing[key])


def _outgoing(found: Found) -> dict[str, list[Element]]:
    """The transitions that leave each step; those to or from nowhere are reported elsewhere."""
    outgoing: dict[str, list[Element]] = {key: [] for key in found.steps}
    for transition in found.document["transitions"]:
        if transition["source"] in outgoing and transition["target"] in outgoing:
            outgoing[transition["source"]].append(transition)
    return outgoing


def _check_reach(found: Found, successors: dict[str, list[str]]) -> None:
    entries = found.document["entries"]
    starts = [entry["step"] for entry in entries if entry["step"] in found.steps]
    if not entries:
        message = _("The journey has no entry: no customer could ever come in.")
        found.error("entry-missing", message, "entries")
    if not starts:
        return
    reached = reachable(starts, successors)
    for key in found.steps:
        if key not in reached:
            message = _("The step “%(step)s” cannot be reached from any entry.")
            found.error("unreachable", message % {"step": found.name(key)}, "steps", key)


def _check_ends(found: Found, successors: dict[str, list[str]]) -> None:
    ends = set()
    dead = set()
    for key, step in found.steps.items():
        leads_on = bool(successors[key])
        if step["kind"] == "exit":
            ends.add(key)
            if leads_on:
                message = _("The exit “%(step)s” leads on to other steps; an exit is the end.")
                found.error("exit-continues", message % {"step": found.name(key)}, "steps", key)
        elif not leads_on and step["kind"] == "hand_off":
            ends.add(key)
        elif not leads_on:
            dead.add(key)
            message = _("The step “%(step)s” leads nowhere. Lead it to a next step or to an exit.")
            found.error("dead-end", message % {"step": found.name(key)}, "steps", key)
    if not ends:
        message = _("The journey has no exit: add an exit step where it ends.")
        found.error("exit-missing", message, "steps")
        return
    _check_traps(found, successors, ends | dead)


def _check_traps(found: Found, successors: dict[str, list[str]], ends: set[str]) -> None:
    """Report each loop that nobody can leave, once."""
    leaving = reachable(ends, reversed_arcs(successors))
    trapped = [key for key in found.steps if key not in leaving]
    inner = {key: successors[key] for key in trapped}
    for loop in cycles(trapped, inner):
        members = set(loop)
        if all(target in members for key in loop for target in successors[key]):
            message = _("There is no way to an exit from the loop %(steps)s.")
            names = {"steps": _names(found, loop)}
            found.error("no-way-out", message % names, "steps", loop[0])


def _check_loops(found: Found, outgoing: dict[str, list[Element]]) -> None:
    at_once: dict[str, list[str]] = defaultdict(list)
    for key, leaving in outgoing.items():
        if _takes_time(found.steps[key]["wait"], found.steps[key]["kind"] == "wait"):
            continue
        for transition in leaving:
            if not _takes_time(transition["delay"], False):
                at_once[key].append(transition["target"])
    for loop in cycles(found.steps, at_once):
        message = _(
            "The loop %(steps)s never waits: customers would go round it without end. Add a wait "
            "or a delay."
        )
        names = {"steps": _names(found, loop)}
        found.error("loop-without-wait", message % names, "steps", loop[0])


def _takes_time(wait: str | None, is_wait: bool) -> bool:
    """Whether time passes. What is missing or malformed is reported by itself, so it counts."""
    if wait is None:
        return is_wait
    duration = parse_duration(wait)
    return duration is None or not duration.is_zero


def _names(found: Found, keys: list[str]) -> str:
    return listing([_("“%(step)s”") % {"step": found.name(key)} for key in keys], _NAMED)


def _check_branches(found: Found, key: str, leaving: list[Element]) -> None:
    names = {"step": found.name(key)}
    step = found.steps[key]
    if step["kind"] == "decision" and len(leaving) == 1:
        message = _("The decision “%(step)s” has only one way out, so it decides nothing.")
        found.warning("decision-without-choice", message % names, "steps", key)
    if len(leaving) > 1:
        bare = [one for one in leaving if not one["condition"] and one["share"] is None]
        if len(bare) > 1:
            message = _(
                "Several paths leave “%(step)s” without a condition or a share: nothing says who "
                "takes which."
            )
            found.warning("branch-ambiguous", message % names, "steps", key)
    _check_repeats(found, key, leaving)
    _check_shares(found, key, leaving)


def _check_repeats(found: Found, key: str, leaving: list[Element]) -> None:
    """Warn of each path that leads where another one does, for the same customers."""
    known = set()
    for one in leaving:
        what = (one["target"], one["condition"].casefold())
        if what in known:
            message = _(
                "There are two paths from “%(step)s” to “%(target)s” with the same condition."
            )
            names = {"step": found.name(key), "target": found.name(one["target"])}
            found.warning("path-repeated", message % names, "transitions", one["key"])
        known.add(what)


def share_fault(shares: Sequence[float | None]) -> ShareFault:
    """What is wrong with the expected shares of the paths that leave one step."""
    known = [share for share in shares if share is not None]
    if len(shares) > 1 and 0 < len(known) < len(shares):
        return "mixed"
    if known and abs(sum(known) - 1) > SHARE_TOLERANCE + 1e-9:
        return "sum"
    return ""


def _check_shares(found: Found, key: str, leaving: list[Element]) -> None:
    shares = [one["share"] for one in leaving]
    names = {"step": found.name(key)}
    fault = share_fault(shares)
    if fault == "mixed":
        message = _("Some paths from “%(step)s” have an expected share and some have none.")
        found.error("share-mixed", message % names, "steps", key)
    elif fault == "sum":
        message = _("The shares of the paths from “%(step)s” add up to %(sum)s %%, not to 100 %%.")
        total = number_format(round(sum(filter(None, shares)) * 100, 1))
        found.error("share-sum", message % {**names, "sum": total}, "steps", key)
    elif shares.count(None) == len(leaving) > 1 and found.steps[key]["kind"] == "decision":
        message = _("The paths from the decision “%(step)s” have no expected shares yet.")
        found.warning("share-missing", message % names, "steps", key)
