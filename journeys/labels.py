"""What the parts of a journey definition are called, in sentences and as headings."""

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Labels are written as they stand within a sentence; `field_label` makes a heading of one.
_ELEMENTS: dict[str, Promise] = {
    "": gettext_lazy("journey"),
    "entries": gettext_lazy("entry"),
    "exits": gettext_lazy("exit rule"),
    "stages": gettext_lazy("stage"),
    "steps": gettext_lazy("step"),
    "transitions": gettext_lazy("path"),
}

_ANY: dict[str, Promise] = {
    "key": gettext_lazy("key"),
    "rank": gettext_lazy("position"),
    "name": gettext_lazy("name"),
    "purpose": gettext_lazy("purpose"),
    "description": gettext_lazy("description"),
    "rule": gettext_lazy("rule"),
    "note": gettext_lazy("note"),
    "kind": gettext_lazy("kind"),
    "tags": gettext_lazy("tags"),
}

_FIELDS: dict[str, dict[str, Promise]] = {
    "": {
        "schema": gettext_lazy("schema"),
        "scenario": gettext_lazy("scenario"),
        "goal": gettext_lazy("goal"),
        "goal/statement": gettext_lazy("goal"),
        "goal/metric": gettext_lazy("measure of the goal"),
        "goal/target": gettext_lazy("target of the goal"),
        "lifecycle": gettext_lazy("lifecycle"),
        "lifecycle/start": gettext_lazy("first day"),
        "lifecycle/end": gettext_lazy("last day"),
        "market": gettext_lazy("market"),
        "product_line": gettext_lazy("product line"),
        "importance": gettext_lazy("importance"),
        "personas": gettext_lazy("personas"),
        "reentry": gettext_lazy("re-entry"),
        "reentry/rule": gettext_lazy("re-entry"),
        "reentry/wait": gettext_lazy("wait before re-entry"),
    },
    "entries": {
        "where": gettext_lazy("where"),
        "step": gettext_lazy("first step"),
    },
    "exits": {
        "outcome": gettext_lazy("outcome"),
        "journey": gettext_lazy("next journey"),
    },
    "steps": {
        "stage": gettext_lazy("stage"),
        "channel": gettext_lazy("channel"),
        "team": gettext_lazy("owning team"),
        "touchpoint": gettext_lazy("touchpoint"),
        "customer_action": gettext_lazy("what the customer does"),
        "mindset": gettext_lazy("what the customer thinks"),
        "emotion": gettext_lazy("emotion"),
        "pain_points": gettext_lazy("pain points"),
        "support_teams": gettext_lazy("supporting teams"),
        "slots": gettext_lazy("content"),
        "frequency_class": gettext_lazy("frequency class"),
        "kpi": gettext_lazy("KPI"),
        "kpi/metric": gettext_lazy("measure"),
        "kpi/target": gettext_lazy("target"),
        "kpi/guardrail": gettext_lazy("guardrail"),
        "wait": gettext_lazy("duration"),
        "journey": gettext_lazy("next journey"),
    },
    "transitions": {
        "source": gettext_lazy("from"),
        "target": gettext_lazy("to"),
        "condition": gettext_lazy("condition"),
        "delay": gettext_lazy("delay"),
        "share": gettext_lazy("expected share"),
    },
}

_SLOT: dict[str, Promise] = {
    "purpose": gettext_lazy("purpose"),
    "asset": gettext_lazy("asset"),
    "version": gettext_lazy("version"),
    "digest": gettext_lazy("digest"),
    "needs": gettext_lazy("what is asked"),
    "needs/kind": gettext_lazy("the kind that is asked"),
    "needs/languages": gettext_lazy("the languages that are asked"),
    "needs/size": gettext_lazy("the size that is asked"),
}

_KINDS: dict[str, Promise] = {
    "message": gettext_lazy("Message"),
    "wait": gettext_lazy("Wait"),
    "decision": gettext_lazy("Decision"),
    "action": gettext_lazy("Action"),
    "touchpoint": gettext_lazy("Touchpoint"),
    "hand_off": gettext_lazy("Hand-off"),
    "exit": gettext_lazy("Exit"),
}

# Values of closed lists, by element and field.
_CHOICES: dict[tuple[str, str], dict[str, Promise]] = {
    ("steps", "kind"): _KINDS,
    ("entries", "kind"): {
        "event": gettext_lazy("Event"),
        "segment": gettext_lazy("Segment"),
        "schedule": gettext_lazy("Schedule"),
    },
    ("exits", "outcome"): {
        "end": gettext_lazy("The journey ends"),
        "switch": gettext_lazy("Switch to another journey"),
    },
    ("steps", "frequency_class"): {
        "none": gettext_lazy("None"),
        "service": gettext_lazy("Service"),
        "transactional": gettext_lazy("Transactional"),
        "marketing": gettext_lazy("Marketing"),
    },
    ("", "importance"): {
        "low": gettext_lazy("Low"),
        "normal": gettext_lazy("Normal"),
        "high": gettext_lazy("High"),
        "critical": gettext_lazy("Critical"),
    },
    ("", "reentry/rule"): {
        "never": gettext_lazy("Never"),
        "after_exit": gettext_lazy("After leaving"),
        "always": gettext_lazy("Always"),
    },
}

EMOTIONS: dict[int, Promise] = {
    -2: gettext_lazy("very unhappy"),
    -1: gettext_lazy("unhappy"),
    0: gettext_lazy("neutral"),
    1: gettext_lazy("happy"),
    2: gettext_lazy("very happy"),
}

FieldPath = tuple[str, ...]


def element_label(element: str) -> str:
    """What one element of a collection is called, as a heading; "" is the journey itself."""
    return capfirst(str(_ELEMENTS.get(element, element)))


def field_label(element: str, field: FieldPath) -> str:
    """What a field is called, as a heading: `("slots", "body", "version")` of a step, say."""
    return capfirst(field_words(element, field))


def field_words(element: str, field: FieldPath) -> str:
    """What a field is called within a sentence."""
    if not field:
        return str(_ELEMENTS.get(element, element))
    if field[0] == "slots" and len(field) > 1:
        return _slot_words(field)
    own = _FIELDS.get(element, {})
    for path in ("/".join(field), field[0]):
        label = own.get(path) or _ANY.get(path)
        if label:
            return str(label)
    return field[-1].replace("_", " ")


def _slot_words(field: FieldPath) -> str:
    if len(field) == 2:
        return _("content “%(slot)s”") % {"slot": field[1]}
    return _("%(member)s of the content “%(slot)s”") % {
        "member": _SLOT.get("/".join(field[2:]), field[2]),
        "slot": field[1],
    }


def choice_label(element: str, field: FieldPath, value: str) -> str:
    """What a value of a closed list is called; other values come back as they are."""
    return str(_CHOICES.get((element, "/".join(field)), {}).get(value, value))


def is_choice(element: str, field: FieldPath) -> bool:
    """Whether the field takes its values from a closed list."""
    return (element, "/".join(field)) in _CHOICES


def kind_label(kind: str) -> str:
    """What a kind of step is called."""
    return str(_KINDS.get(kind, kind))
