"""What stands beside a station and a line: names, small print, and what they were before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cjops.core.wording import listing
from cjops.documents import MISSING
from journeys.durations import duration_words
from journeys.flow.marks import Mark, Marked, before_value
from journeys.flow.text import shorten, text_width, wrap
from journeys.labels import choice_label, kind_label
from journeys.marks import GLYPHS, MARK_WORDS
from journeys.values import Names, percent

NAME_SIZE, SUB_SIZE = 13.0, 12.0
EDGE_WIDTH = 156


@dataclass(frozen=True, slots=True)
class Station:
    """A step or an entry, and the words beside it."""

    element: str
    key: str
    kind: str
    channel: str
    mark: Mark
    name: str
    name_lines: tuple[str, ...]
    subs: tuple[tuple[str, str], ...]
    details: str
    url: str

    @property
    def width(self) -> int:
        """The width of the widest line, in pixels."""
        widths = [text_width(line, NAME_SIZE) for line in self.name_lines]
        widths += [text_width(text, SUB_SIZE) for _role, text in self.subs]
        return round(max(widths, default=0))


@dataclass(frozen=True, slots=True)
class Words:
    """The words beside one line: in full, and as far as there is room."""

    full: str
    label: str

    @property
    def width(self) -> int:
        """The width of the label, in pixels."""
        return round(text_width(self.label, SUB_SIZE))


def entry_station(marked: Marked, names: Names, *, width: int, lines: int) -> Station:
    """The station of an entry, its name in at most `lines` lines of `width` pixels."""
    entry = marked.element
    kind = choice_label("entries", ("kind",), entry["kind"])
    name = entry["name"] or entry["rule"] or kind
    subs = [("sub", kind)] if name != kind else []
    subs += _was(marked, names, ("name",))
    return _station("entries", marked, name, subs, [_("Entry"), kind], "", (width, lines))


def step_station(
    marked: Marked, names: Names, url: Callable[[str], str] | None, *, width: int, lines: int
) -> Station:
    """The station of a step; what was removed has no page any more."""
    step = marked.element
    small = _small_print(step, names)
    name = step["name"] or step["key"]
    # “Wait 3 days” need not say once more how long it waits.
    is_said = step["kind"] == "wait" and small.casefold() in name.casefold()
    subs = [("sub", small)] if small and not is_said else []
    subs += _was(marked, names, ("name", "wait", "channel"))
    link = url(step["key"]) if url and marked.mark != "remove" else ""
    details = [kind_label(step["kind"]), *([small] if small else [])]
    return _station("steps", marked, name, subs, details, link, (width, lines))


def _station(
    element: str,
    marked: Marked,
    name: str,
    subs: list[tuple[str, str]],
    details: list[str],
    url: str,
    room: tuple[int, int],
) -> Station:
    width, lines = room
    if marked.mark:
        details.append(str(MARK_WORDS[marked.mark]))
    details += [text for role, text in subs if role == "was"]
    marked_name = f"{GLYPHS[marked.mark]} {name}".lstrip()
    return Station(
        element=element,
        key=marked.element["key"],
        kind="entry" if element == "entries" else marked.element["kind"],
        channel=marked.element.get("channel") or "",
        mark=marked.mark,
        name=name,
        name_lines=wrap(marked_name, NAME_SIZE, width, lines),
        subs=tuple((role, shorten(text, SUB_SIZE, width)) for role, text in subs),
        details=listing(details),
        url=url,
    )


def _small_print(step: Mapping[str, Any], names: Names) -> str:
    """What one wants to know of a step besides its name."""
    if step["kind"] == "wait" and step["wait"]:
        return duration_words(step["wait"])
    if step["kind"] == "hand_off" and step["journey"]:
        return f"→ {names.get('journeys', {}).get(step['journey'], step['journey'])}"
    if step["channel"]:
        return str(names.get("channels", {}).get(step["channel"], step["channel"]))
    return ""


def _was(marked: Marked, names: Names, fields: tuple[str, ...]) -> list[tuple[str, str]]:
    for name in fields:
        before = before_value(marked, name)
        if before is MISSING or not before:
            continue
        if name == "wait":
            before = duration_words(before)
        elif name == "channel":
            before = names.get("channels", {}).get(before, before)
        return [("was", _("was %(before)s") % {"before": before})]
    return []


def line_words(marked: Marked | None, mark: Mark) -> Words:
    """Who takes a path, how many, and after how long; None stands for the line from an entry."""
    full = " · ".join(_conditions(marked.element)) if marked else ""
    label = f"{GLYPHS[mark]} {full}".strip()
    return Words(full, shorten(label, SUB_SIZE, EDGE_WIDTH))


def _conditions(transition: Mapping[str, Any]) -> list[str]:
    words = [str(transition["condition"])] if transition["condition"] else []
    if transition["share"] is not None:
        words.append(percent(transition["share"]))
    if transition["delay"]:
        words.append(_("after %(delay)s") % {"delay": duration_words(transition["delay"])})
    return words


def line_description(source: str, target: str, words: str, mark: Mark) -> str:
    """The whole of a line in a sentence."""
    params = {"source": source, "target": target, "words": words}
    if mark:
        params["mark"] = str(MARK_WORDS[mark])
        if words:
            return _("From “%(source)s” to “%(target)s”: %(words)s (%(mark)s)") % params
        return _("From “%(source)s” to “%(target)s” (%(mark)s)") % params
    if words:
        return _("From “%(source)s” to “%(target)s”: %(words)s") % params
    return _("From “%(source)s” to “%(target)s”") % params


def way_description(target: str, words: str, mark: Mark) -> str:
    """Where a line leads, for the list beside the drawing."""
    params = {"target": target, "words": words}
    if mark:
        params["mark"] = str(MARK_WORDS[mark])
        if words:
            return _("to “%(target)s”: %(words)s (%(mark)s)") % params
        return _("to “%(target)s” (%(mark)s)") % params
    if words:
        return _("to “%(target)s”: %(words)s") % params
    return _("to “%(target)s”") % params
