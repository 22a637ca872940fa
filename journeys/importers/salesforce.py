"""Salesforce Marketing Cloud: Journey Builder definitions in JSON.

Read is what both its API and the common deployment tools write: triggers become entries,
activities steps, their outcomes paths. Whatever has no place in a definition here is named in the
notes; internal ids and schemas are summed up.
"""

import re
from collections.abc import Collection
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from cjops.core.wording import cut
from journeys.durations import duration_words
from journeys.importers import salesforce_kinds as kinds
from journeys.importers.building import Builder, items, leftovers, line, mapping, shortened, text
from journeys.importers.parsing import parse_json
from journeys.importers.result import Imported, ImportRefused, Sibling

_REMAINDER = re.compile("remainder|otherwise", re.IGNORECASE)
_ASSET_NAMES = ("r__asset_name_readOnly", "r__asset_key", "assetName", "emailName")
_Json = dict[str, Any]


def read(data: bytes, *, sibling: Sibling | None = None, language: str = "en") -> Imported:
    """The journey in a Journey Builder definition. Raises `ImportRefused`."""
    raw = parse_json(data)
    if not isinstance(raw, dict) or not _objects(raw.get("activities")):
        raise ImportRefused(
            _("The file is not a Journey Builder definition: it has no list of activities.")
        )
    if not _objects(raw.get("triggers", [])):
        raise ImportRefused(
            _("The file is not a Journey Builder definition: its triggers are not a list.")
        )
    return _Reading(raw, language).result()


def _objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


class _Reading:
    """One file being read."""

    def __init__(self, raw: _Json, language: str) -> None:
        self.raw = raw
        self.builder = Builder(
            name=line(raw.get("name")) or line(raw.get("key")),
            purpose=text(raw.get("description")),
            language=language,
        )
        self.activities: list[tuple[str, _Json]] = [
            (line(one.get("key")) or line(one.get("id")) or f"activity-{number}", one)
            for number, one in enumerate(raw["activities"], start=1)
        ]

    def result(self) -> Imported:
        """Read everything, in the order in which one wants to hear of it."""
        for source_id, activity in self.activities:
            self._step(source_id, activity)
        for source_id, activity in self.activities:
            self._paths(source_id, activity)
        self._entries()
        self._goals_and_exits()
        self._journey()
        return self.builder.result(line(self.raw.get("key")) or line(self.raw.get("name")))

    # Steps

    def _step(self, source_id: str, activity: _Json) -> None:
        kind = kinds.family(line(activity.get("type")), len(items(activity.get("outcomes"))))
        if kind == "message":
            name, used = self._message(source_id, activity)
        elif kind == "wait":
            name, used = self._wait(source_id, activity)
        else:
            name, used = self._other(source_id, activity, kind)
        self._note_settings(name, activity, used)

    def _message(self, source_id: str, activity: _Json) -> tuple[str, Collection[str]]:
        channel = kinds.CHANNELS[line(activity.get("type")).upper()]
        settings = mapping(activity.get("configurationArguments"))
        send = mapping(settings.get("triggeredSend"))
        name = line(activity.get("name")) or source_id
        step = self.builder.step(
            source_id,
            name=name,
            kind="message",
            channel=channel,
            purpose=text(activity.get("description")) or text(send.get("description")),
        )
        used = ["description"]
        found = {**settings, **send}
        title = next((line(found[one]) for one in _ASSET_NAMES if line(found.get(one))), name)
        if channel == "email":
            subject, preheader = line(send.get("emailSubject")), line(send.get("preHeader"))
            slot = self.builder.asset("email", name=title, subject=subject, preheader=preheader)
            step["slots"] = {"body": slot}
            used += ["emailSubject", "dynamicEmailSubject", "preHeader", *_ASSET_NAMES]
            message = _(
                "Of the e-mail “%(step)s” the file holds subject and preheader only: write the "
                "message itself before it goes live."
            )
            self.builder.note(message % {"step": name})
        elif channel in {"sms", "push"}:
            slot = self.builder.asset("sms" if channel == "sms" else "push", name=title)
            step["slots"] = {"body": slot}
            used += _ASSET_NAMES
            message = _("The file does not hold the content of “%(step)s”: write it.")
            self.builder.note(message % {"step": name})
        return name, used

    def _wait(self, source_id: str, activity: _Json) -> tuple[str, Collection[str]]:
        settings = mapping(activity.get("configurationArguments"))
        wait = kinds.duration(settings.get("waitDuration"), settings.get("waitUnit"))
        # What is made up here is data, so it must not depend on who imports.
        with translation.override("en"):
            default = f"Wait {duration_words(wait)}" if wait else "Wait"
        name = line(activity.get("name")) or default
        purpose = text(activity.get("description"))
        self.builder.step(source_id, name=name, kind="wait", wait=wait, purpose=purpose)
        if wait:
            return name, ("description", "waitDuration", "waitUnit")
        message = _("The wait “%(step)s” is not given as a length of time: say how long it is.")
        self.builder.note(message % {"step": name})
        return name, ("description",)

    def _other(self, source_id: str, activity: _Json, kind: str) -> tuple[str, Collection[str]]:
        name = line(activity.get("name"))
        if not name:
            name = _question(activity) if kind == "decision" else source_id
        purpose = text(activity.get("description"))
        self.builder.step(source_id, name=name, kind=kind, purpose=purpose)
        activity_type = line(activity.get("type"))
        if not kinds.is_known(activity_type):
            message = (
                _("“%(step)s” is of the type “%(type)s”, which is not known; it became a decision.")
                if kind == "decision"
                else _(
                    "“%(step)s” is of the type “%(type)s”, which is not known; it became an action."
                )
            )
            self.builder.note(message % {"step": name, "type": activity_type})
        if mapping(activity.get("configurationArguments")).get("criteria"):
            message = _("The filters of the decision “%(step)s” were carried over as words only.")
            self.builder.note(message % {"step": name})
        return name, ("description", "criteria")

    def _note_settings(self, name: str, activity: _Json, used: Collection[str]) -> None:
        known = {*used, *kinds.INTERNAL}
        settings = mapping(activity.get("configurationArguments"))
        left = [
            *leftovers(activity, {*known, "configurationArguments"}),
            *leftovers(settings, known),
            *leftovers(mapping(settings.get("triggeredSend")), known),
            *leftovers(mapping(activity.get("arguments")), known),
        ]
        if left:
            message = _("Settings of “%(step)s” that were not carried over: %(settings)s.")
            params = {"step": name, "settings": shortened(list(dict.fromkeys(left)))}
            self.builder.note(message % params)

    # Paths

    def _paths(self, source_id: str, activity: _Json) -> None:
        outcomes = [one for one in items(activity.get("outcomes")) if isinstance(one, dict)]
        if not outcomes:
            self.builder.path(source_id, None)
            return
        shares = [_share(one) for one in outcomes]
        if None in shares:
            shares = [None] * len(outcomes)
        for outcome, share in zip(outcomes, shares, strict=True):
            target = outcome.get("next")
            condition = _condition(outcome) if len(outcomes) > 1 else ""
            self.builder.path(
                source_id,
                target if isinstance(target, str) and target else None,
                condition=condition,
                share=share,
            )

    def _first_steps(self) -> list[str]:
        """Activities that no other leads to; the first one, where all are led to."""
        led_to = {
            outcome.get("next")
            for _source, activity in self.activities
            for outcome in items(activity.get("outcomes"))
            if isinstance(outcome, dict) and isinstance(outcome.get("next"), str)
        }
        ids = [source_id for source_id, _activity in self.activities]
        return [source_id for source_id in ids if source_id not in led_to] or ids[:1]

    # Entries, exits and the journey as a whole

    def _entries(self) -> None:
        triggers = self.raw.get("triggers", [])
        first = self._first_steps()
        if not triggers:
            self.builder.note(_("The file has no trigger: say how customers enter."))
        if len(first) > 1:
            self.builder.note(
                _("More than one activity has no way leading to it; customers start at “%(step)s”.")
                % {"step": cut(first[0], 80)}
            )
        for number, trigger in enumerate(triggers, start=1):
            meta = mapping(trigger.get("metaData"))
            event = line(meta.get("r__event_key")) or line(meta.get("eventDefinitionKey"))
            title = line(meta.get("title")) or line(trigger.get("name")) or "Trigger"
            self.builder.entry(
                line(trigger.get("key")) or str(number),
                name=title,
                kind=kinds.entry_kind(line(trigger.get("type"))),
                rule=text(trigger.get("description")) or (f"{title}: {event}" if event else title),
                where="",
                step=self._start(trigger, first[0] if first else ""),
            )
            self._note_trigger(title, trigger)

    def _start(self, trigger: _Json, default: str) -> str:
        for outcome in items(trigger.get("outcomes")):
            target = mapping(outcome).get("next")
            if isinstance(target, str) and self.builder.knows(target):
                return target
        return default

    def _note_trigger(self, title: str, trigger: _Json) -> None:
        left = [
            *leftovers(trigger, {*kinds.INTERNAL, "description", "configurationArguments"}),
            *leftovers(mapping(trigger.get("configurationArguments")), ()),
            *leftovers(mapping(trigger.get("arguments")), ()),
        ]
        if left:
            message = _(
                "Settings of the trigger “%(trigger)s” that were not carried over: %(settings)s."
            )
            self.builder.note(message % {"trigger": title, "settings": shortened(left)})

    def _goals_and_exits(self) -> None:
        goals = [mapping(one) for one in items(self.raw.get("goals"))]
        if goals:
            statement = text(goals[0].get("description")) or text(goals[0].get("name"))
            self.builder.header(goal={"statement": statement})
            self.builder.note(_("Of the goals only the words of the first one were carried over."))
        for number, one in enumerate(items(self.raw.get("exits")), start=1):
            rule = mapping(one)
            name = line(rule.get("name")) or f"Exit criterion {number}"
            words = text(rule.get("description")) or name
            self.builder.exit_rule(line(rule.get("key")) or str(number), name=name, rule=words)
            message = _(
                "The filter of the exit criterion “%(exit)s” was carried over as words only."
            )
            self.builder.note(message % {"exit": name})

    def _journey(self) -> None:
        mode = line(self.raw.get("entryMode"))
        if mode in kinds.REENTRY:
            self.builder.header(reentry={"rule": kinds.REENTRY[mode]})
        elif mode:
            message = _("The entry mode “%(mode)s” says nothing about re-entry: choose a rule.")
            self.builder.note(message % {"mode": mode})
        used = [
            "key",
            "name",
            "description",
            "activities",
            "triggers",
            "goals",
            "exits",
            "entryMode",
        ]
        left = leftovers({name: _held(value) for name, value in self.raw.items()}, used)
        if left:
            message = _("Of the journey as a whole these were not carried over: %(fields)s.")
            self.builder.note(message % {"fields": shortened(left)})
        self.builder.note(
            _("Internal ids, schemas and icons of activities and triggers were left out.")
        )


def _held(value: object) -> object:
    """`value`, or None where it is an object that holds nothing, such as counters at zero."""
    if isinstance(value, dict) and not any(_held(inner) for inner in value.values()):
        return None
    return value


def _question(activity: _Json) -> str:
    """A name for a decision without one: what it asks, where it asks one thing."""
    asked = [
        words
        for outcome in items(activity.get("outcomes"))
        if (words := line(mapping(mapping(outcome).get("metaData")).get("criteriaDescription")))
    ]
    return cut(f"{asked[0]}?", 200) if len(asked) == 1 else "Decision"


def _condition(outcome: _Json) -> str:
    """Who takes an outcome: its label and its filter in words; the rest of the customers."""
    meta = mapping(outcome.get("metaData"))
    label, criteria = text(meta.get("label")), text(meta.get("criteriaDescription"))
    if label and criteria and label != criteria:
        return cut(f"{label}: {criteria}", 4_000)
    if not label and not criteria:
        is_rest = _REMAINDER.search(line(outcome.get("key")))
        return "otherwise" if is_rest else line(outcome.get("key"))
    return label or criteria


def _share(outcome: _Json) -> float | None:
    """The share of customers a random split sends along an outcome."""
    arguments = mapping(outcome.get("arguments"))
    percent = arguments.get("percentage", mapping(outcome.get("metaData")).get("percentage"))
    if isinstance(percent, bool) or not isinstance(percent, int | float):
        return None
    return round(percent / 100, 6) if 0 <= percent <= 100 else None
