"""Each element by itself: what it refers to, what it waits for, what it sends."""

from typing import Any

from django.utils.translation import gettext as _

from journeys.durations import parse_duration
from journeys.validation.found import Element, Found, Known, element_name
from journeys.validation.slots import check_slot


def check_elements(found: Found, known: Known) -> None:
    """Find elements that refer to what is not there, or lack what they need."""
    _check_keys(found)
    for entry in found.document["entries"]:
        _check_entry(found, entry)
    for rule in found.document["exits"]:
        _check_exit(found, known, rule)
    for step in found.document["steps"]:
        _check_step(found, known, step)
    for transition in found.document["transitions"]:
        _check_transition(found, transition)


def _check_keys(found: Found) -> None:
    for name in ("entries", "exits", "stages", "steps", "transitions"):
        elements = found.document[name]
        if len({element["key"] for element in elements}) == len(elements):
            continue
        seen: set[str] = set()
        for element in elements:
            key = element["key"]
            if key in seen:
                found.error(
                    "key-repeated",
                    _("The key “%(key)s” is used twice. Every element needs a key of its own.")
                    % {"key": key},
                    name,
                    key,
                    "key",
                )
            seen.add(key)


def _check_entry(found: Found, entry: Element) -> None:
    names = {"entry": element_name(entry), "step": entry["step"]}
    if not entry["step"]:
        found.error(
            "entry-without-step",
            _("The entry “%(entry)s” leads to no step. Choose the first step.") % names,
            "entries",
            entry["key"],
            "step",
        )
    elif entry["step"] not in found.steps:
        found.error(
            "step-unknown",
            _("The entry “%(entry)s” leads to the step “%(step)s”, which does not exist.") % names,
            "entries",
            entry["key"],
            "step",
        )


def _check_exit(found: Found, known: Known, rule: Element) -> None:
    names = {"exit": element_name(rule), "journey": rule["journey"]}
    place = ("exits", rule["key"], "journey")
    if rule["outcome"] == "switch" and not rule["journey"]:
        found.error(
            "journey-missing",
            _("The exit rule “%(exit)s” switches to another journey but does not say which.")
            % names,
            *place,
        )
    elif _is_unknown(rule["journey"], known.journeys):
        found.error(
            "journey-unknown",
            _("The exit rule “%(exit)s” switches to “%(journey)s”, which is no journey.") % names,
            *place,
        )


def _check_step(found: Found, known: Known, step: Element) -> None:
    key = step["key"]
    if not step["name"]:
        found.warning(
            "name-missing",
            _("The step “%(step)s” has no name yet.") % {"step": key},
            "steps",
            key,
            "name",
        )
    _check_step_stage(found, step)
    _check_step_owners(found, known, step)
    _check_wait(found, step)
    _check_hand_off(found, known, step)
    _check_step_tags(found, known, step)
    if step["kind"] == "message":
        _check_message(found, known, step)
    for slot, content in step["slots"].items():
        check_slot(found, known, step, slot, content)


def _check_step_stage(found: Found, step: Element) -> None:
    stage = step["stage"]
    if stage in found.stages:
        return
    names = {"step": element_name(step), "stage": stage}
    if stage:
        message = _("The step “%(step)s” is in the stage “%(stage)s”, which does not exist.")
        found.error("stage-unknown", message % names, "steps", step["key"], "stage")
    else:
        message = _("The step “%(step)s” belongs to no stage.")
        found.error("stage-missing", message % names, "steps", step["key"], "stage")


def _check_step_owners(found: Found, known: Known, step: Element) -> None:
    name = element_name(step)
    if _is_unknown(step["channel"], known.channels):
        found.error(
            "channel-unknown",
            _("The step “%(step)s” uses the channel “%(channel)s”, which does not exist.")
            % {"step": name, "channel": step["channel"]},
            "steps",
            step["key"],
            "channel",
        )
    if _is_unknown(step["team"], known.teams):
        found.error(
            "team-unknown",
            _("The step “%(step)s” belongs to the team “%(team)s”, which does not exist.")
            % {"step": name, "team": step["team"]},
            "steps",
            step["key"],
            "team",
        )
    for number, team in enumerate(step["support_teams"]):
        if _is_unknown(team, known.teams):
            found.error(
                "team-unknown",
                _("The step “%(step)s” is supported by the team “%(team)s”, which does not exist.")
                % {"step": name, "team": team},
                "steps",
                step["key"],
                "support_teams",
                str(number),
            )


def _check_wait(found: Found, step: Element) -> None:
    names = {"step": element_name(step), "value": step["wait"]}
    place = ("steps", step["key"], "wait")
    if step["wait"] is None:
        if step["kind"] == "wait":
            message = _("The wait “%(step)s” does not say how long.")
            found.error("wait-missing", message % names, *place)
        return
    duration = parse_duration(step["wait"])
    if duration is None:
        message = _("The step “%(step)s” waits “%(value)s”, which is not a duration such as P3D.")
        found.error("duration-malformed", message % names, *place)
    elif duration.is_zero and step["kind"] == "wait":
        message = _("The wait “%(step)s” lasts no time at all.")
        found.error("wait-missing", message % names, *place)


def _check_hand_off(found: Found, known: Known, step: Element) -> None:
    names = {"step": element_name(step), "journey": step["journey"]}
    place = ("steps", step["key"], "journey")
    if step["kind"] == "hand_off" and not step["journey"]:
        message = _("The hand-off “%(step)s” does not say to which journey.")
        found.error("journey-missing", message % names, *place)
    elif _is_unknown(step["journey"], known.journeys):
        message = _("The step “%(step)s” hands over to “%(journey)s”, which is no journey.")
        found.error("journey-unknown", message % names, *place)


def _check_step_tags(found: Found, known: Known, step: Element) -> None:
    if known.concepts is None:
        return
    for number, tag in enumerate(step["tags"]):
        if tag not in known.concepts:
            found.error(
                "concept-unknown",
                _("The step “%(step)s” is tagged with “%(tag)s”, which is in no taxonomy.")
                % {"step": element_name(step), "tag": tag},
                "steps",
                step["key"],
                "tags",
                str(number),
            )


def _check_message(found: Found, known: Known, step: Element) -> None:
    name, key = element_name(step), step["key"]
    if not step["channel"]:
        found.error(
            "channel-missing",
            _("The message “%(step)s” has no channel, so nobody could send it.") % {"step": name},
            "steps",
            key,
            "channel",
        )
    if not step["team"]:
        found.warning(
            "team-missing",
            _("The message “%(step)s” belongs to no team yet.") % {"step": name},
            "steps",
            key,
            "team",
        )
    carries = known.channels_with_content
    if not step["slots"] and (carries is None or step["channel"] in carries):
        found.error(
            "slot-missing",
            _("The message “%(step)s” has no place for content.") % {"step": name},
            "steps",
            key,
            "slots",
        )


def _check_transition(found: Found, transition: Element) -> None:
    key = transition["key"]
    for end, other in (("source", "target"), ("target", "source")):
        if transition[end] not in found.steps:
            found.error(
                "step-unknown",
                (
                    _("The path to “%(other)s” starts at the step “%(step)s”: there is none.")
                    if end == "source"
                    else _("The path from “%(other)s” leads to the step “%(step)s”: there is none.")
                )
                % {"other": found.name(transition[other]), "step": transition[end]},
                "transitions",
                key,
                end,
            )
    delay = transition["delay"]
    if delay is not None and parse_duration(delay) is None:
        found.error(
            "duration-malformed",
            _(
                "The delay between “%(source)s” and “%(target)s”, “%(value)s”, is not a duration "
                "such as P3D."
            )
            % {
                "source": found.name(transition["source"]),
                "target": found.name(transition["target"]),
                "value": delay,
            },
            "transitions",
            key,
            "delay",
        )


def _is_unknown(key: str | None, known: Any) -> bool:
    return bool(key) and known is not None and key not in known
