"""Clashes in words: where, and what comes of it if both changes go live."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

import content.words
import journeys.words
from cjops.core.wording import listing
from governance.clashes.opposing import Opposition
from governance.models import Change
from governance.proposals import Proposal
from governance.subjects import subject_of
from people.models import Channel

# Of fields and changes in one sentence.
NAMED = 5
# Collection and key of an element; "" and "" for the header.
Place = tuple[str, str]


class Wording:
    """Words for the clashes of one change.

    What they name is of the change's own documents, or is the subject of a change that the reader
    sees.
    """

    def __init__(self, change: Change, proposal: Proposal, told: Sequence[Opposition]) -> None:
        self.change, self.proposal = change, proposal
        self._hunks = {(hunk.element, hunk.key) for hunk in proposal.hunks}
        # Many changes clash in one place, and each name is looked for in the whole document.
        self._names: dict[Place, str] = {}
        self._channels_told = {_channel(one) for one in told if one.kind == "enter"}

    @cached_property
    def channels(self) -> dict[str, str]:
        """Labels of the channels that clashes are about; read for these only."""
        found = Channel.objects.filter(key__in=self._channels_told)
        return {channel.key: channel.label for channel in found}

    # --- places --------------------------------------------------------------------------------

    def hunk(self, one: Opposition) -> Place | None:
        """The element of this change to which it is to be noted; None for no single one."""
        if "by" in one.ours.detail:
            element, key = one.ours.detail["by"]
            place = (element, key)
        elif one.kind == "share":
            place = "transitions", _first_changed(one)
        elif one.kind == "use":
            return None
        else:
            place = _element(one)
        return place if place in self._hunks else None

    def place(self, one: Opposition) -> str:
        """Where, in a few words."""
        if one.kind == "enter":
            return str(one.ours.detail["rule"])
        if one.kind in ("use", "retire"):
            return one.ours.name.partition(":")[2]
        where = _element(one)
        if where not in self._names:
            self._names[where] = self._name(*where)
        return self._names[where]

    def _name(self, element: str, key: str) -> str:
        if not element:
            return str(subject_of(self.change).name)
        holds = any(item["key"] == key for item in self.proposal.proposed.get(element, ()))
        document = self.proposal.proposed if holds else self.proposal.base
        if self.proposal.kind == "journey":
            return journeys.words.name_of(document, element, key)
        if element == "renditions":
            return content.words.language_name(key)
        found: dict[str, Any] = next(
            (item for item in document.get(element, ()) if item["key"] == key), {}
        )
        return str(found.get("label") or key)

    def fields(self, one: Opposition) -> tuple[str, ...]:
        """What of an element both want otherwise; nothing where it is all of it."""
        element, _key = _element(one)
        labels = [self._field(element, path) for path in one.fields if path]
        return tuple(dict.fromkeys(labels))

    def _field(self, element: str, path: tuple[str, ...]) -> str:
        if self.proposal.kind == "journey":
            return journeys.words.field_label(element, path)
        labels = content.words.FIELDS if element else content.words.HEADER_FIELDS
        return str(capfirst(str(labels.get(path[0], path[0]))))

    # --- sentences -----------------------------------------------------------------------------

    def sentence(self, one: Opposition, other: Change, place: str) -> str:
        """What breaks, or how the two overlap."""
        words = {"number": other.number, "place": place, "subject": subject_of(other).name}
        if one.kind in ("remove", "point"):
            return _leading(one) % words
        if one.kind == "share":
            return self._shares(one, words)
        if one.kind == "touch":
            return self._editing(one, words)
        if one.kind == "enter":
            channel = _channel(one)
            words["channel"] = self.channels.get(channel, channel)
            return _meeting(one, words)
        words["slot"] = one.ours.name.rpartition("/")[2]
        sentences = {
            "fill": _(
                "Both changes fill “%(slot)s” of “%(place)s”, and not with the same: customers "
                "would get only one of the two."
            ),
            "use": _("This change shows “%(subject)s”, which CR-%(number)s retires."),
            "retire": _(
                "CR-%(number)s newly shows this content in “%(subject)s”, and this change retires "
                "it."
            ),
        }
        return sentences[one.kind] % words

    def _shares(self, one: Opposition, words: dict[str, object]) -> str:
        words["changes"] = listing([f"CR-{number}" for number in one.together], NAMED)
        total = round(one.total * 100, 1)
        words["sum"] = number_format(int(total) if total.is_integer() else total)
        if one.fault == "mixed":
            message = _(
                "Together with %(changes)s some paths from “%(place)s” would have an expected "
                "share and some none."
            )
        else:
            message = _(
                "Each is right by itself. Together with %(changes)s the shares of the paths from "
                "“%(place)s” would add up to %(sum)s %%, not to 100 %%."
            )
        return message % words

    def _editing(self, one: Opposition, words: dict[str, object]) -> str:
        words["fields"] = listing(self.fields(one), NAMED)
        if one.added:
            words["key"] = one.added
            return _("Both changes add something else under the key “%(key)s”.") % words
        if not one.fields:
            message = _("Both changes edit “%(place)s”, each something else of it.")
        elif one.ours.detail["op"] == "remove":
            message = _("This change removes “%(place)s”, and CR-%(number)s edits it.")
        elif one.theirs.detail["op"] == "remove":
            message = _("This change edits “%(place)s”, and CR-%(number)s removes it.")
        else:
            message = _("Both changes say something new about “%(place)s”: %(fields)s.")
        return message % words


def _element(one: Opposition) -> Place:
    """Collection and key that the name of the claim holds."""
    parts = one.ours.name.partition(":")[2].split("/")
    if len(parts) < 3:
        return "", ""
    return parts[1], one.added or parts[2]


def _channel(one: Opposition) -> str:
    return one.ours.name.partition(":")[2].partition("/")[0]


def _first_changed(one: Opposition) -> str:
    before: dict[str, float | None] = one.ours.detail["before"]
    after: dict[str, float | None] = one.ours.detail["after"]
    paths = sorted(before.keys() | after.keys())
    return next(path for path in paths if before.get(path, -1) != after.get(path, -1))


def _leading(one: Opposition) -> str:
    """One removes what the other leads to."""
    element, _key = _element(one)
    ours = one.kind == "remove"
    if element == "stages":
        return (
            _("This change removes the stage “%(place)s”, and CR-%(number)s puts a step there.")
            if ours
            else _("This change puts a step into “%(place)s”, a stage that CR-%(number)s removes.")
        )
    if element:
        return (
            _("This change removes “%(place)s”, and CR-%(number)s leads customers there.")
            if ours
            else _("This change leads customers to “%(place)s”, which CR-%(number)s removes.")
        )
    return (
        _("This change lets the journey end, and CR-%(number)s hands customers over to it.")
        if ours
        else _("This change hands customers over to “%(subject)s”, which CR-%(number)s lets end.")
    )


def _meeting(one: Opposition, words: dict[str, object]) -> str:
    """Two journeys write to the same people."""
    if one.days is None or one.days[0] == date.min:
        message = _(
            "CR-%(number)s lets the same customers (“%(place)s”) into “%(subject)s” on the channel "
            "“%(channel)s”: both journeys would write to them."
        )
    else:
        words["day"] = date_format(one.days[0], "SHORT_DATE_FORMAT")
        message = _(
            "From %(day)s CR-%(number)s lets the same customers (“%(place)s”) into “%(subject)s” "
            "on the channel “%(channel)s”: both journeys would write to them."
        )
    return message % words
