"""Dittofeed: journeys in YAML, with their templates in files beside them.

`onboarding.yaml` names a template such as “10 Reasons to Upgrade”; its subject and sender are in
`10ReasonsToUpgrade.yaml`, its body in `10ReasonsToUpgrade.liquid.html`. Both are asked for by
their bare names through `sibling`.
"""

import re
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from cjops.core.wording import cut
from journeys.durations import duration_words
from journeys.importers.building import Builder, items, leftovers, line, mapping, shortened, text
from journeys.importers.parsing import parse_yaml
from journeys.importers.result import Imported, ImportRefused, Sibling

_Json = dict[str, Any]
_CHANNELS = {"email": "email", "sms": "sms", "mobilepush": "push", "push": "push"}
_ENTRY = "entry"
_MAX_TEMPLATE = 1_000_000
_TEMPLATE_SUFFIXES = (".liquid.html", ".html", ".liquid.mjml", ".mjml")


def read(data: bytes, *, sibling: Sibling | None = None, language: str = "en") -> Imported:
    """The journey in a Dittofeed definition. Raises `ImportRefused`."""
    raw = mapping(parse_yaml(data))
    definition = mapping(raw.get("definition"))
    nodes, entry = definition.get("nodes"), definition.get("entryNode")
    if not isinstance(nodes, list) or not isinstance(entry, dict):
        raise ImportRefused(
            _("The file is not a Dittofeed journey: it has no entry node and no list of nodes.")
        )
    if not all(isinstance(node, dict) and line(node.get("id")) for node in nodes):
        raise ImportRefused(_("The file is not a Dittofeed journey: every node needs an id."))
    return _Reading(raw, nodes, entry, sibling, language).result()


class _Reading:
    """One file being read."""

    def __init__(
        self, raw: _Json, nodes: list[_Json], entry: _Json, sibling: Sibling | None, language: str
    ) -> None:
        self.raw = raw
        self.entry = entry
        self.sibling = sibling
        self.name = line(raw.get("name"))
        self.builder = Builder(name=self.name, purpose="", language=language)
        self.nodes = {line(node["id"]): node for node in nodes}
        if len(self.nodes) < len(nodes):
            raise ImportRefused(_("The file has two nodes with the same id."))
        self.slots: dict[str, _Json] = {}

    def result(self) -> Imported:
        """Read nodes, then the ways between them, then the entry."""
        for node_id, node in self.nodes.items():
            self._step(node_id, node)
        for node_id, node in self.nodes.items():
            self._paths(node_id, node)
        self._entry()
        self._rest()
        return self.builder.result(self.name)

    # Steps

    def _step(self, node_id: str, node: _Json) -> None:
        variant = mapping(node.get("variant"))
        name = line(node.get("name"))
        source = _source(node_id, node)
        kind = line(node.get("type"))
        if kind == "MessageNode":
            self._message(source, name, variant)
        elif kind in {"DelayNode", "WaitForNode"}:
            self._wait(source, name, node, variant)
        elif kind == "ExitNode":
            self.builder.step(source, name=name or "Exit", kind="exit")
        elif kind in {"SegmentSplitNode", "RandomCohortNode", "ExperimentSplitNode"}:
            self.builder.step(source, name=name or _question(variant), kind="decision")
        else:
            self._unknown(source, name, kind)
        left = leftovers(node, _USED_OF_NODE) + leftovers(variant, _USED_OF_VARIANT)
        if left:
            message = _("Settings of the node “%(id)s” that were not carried over: %(settings)s.")
            self.builder.note(message % {"id": cut(node_id, 80), "settings": shortened(left)})

    def _message(self, source: str, name: str, variant: _Json) -> None:
        template = line(variant.get("template")) or line(variant.get("templateId"))
        sort = line(variant.get("type"))
        channel = _CHANNELS.get(sort.lower())
        step = self.builder.step(
            source, name=name or template or sort or "Message", kind="message", channel=channel
        )
        if channel is None:
            step["kind"] = "action"
            message = _(
                "“%(step)s” is a message of the type “%(type)s”, which has no channel here; it "
                "became an action."
            )
            self.builder.note(message % {"step": step["name"], "type": sort})
            return
        if template not in self.slots:
            self.slots[template] = self._asset(channel, template or step["name"])
        step["slots"] = {"body": self.slots[template]}

    def _asset(self, channel: str, template: str) -> _Json:
        settings, body, form = self._template(template)
        left = leftovers(settings, ("subject", "from", "body", "preheader", "title", "type"))
        if left:
            message = _(
                "Settings of the template “%(template)s” that were not carried over: %(settings)s."
            )
            self.builder.note(message % {"template": template, "settings": shortened(left)})
        body = body or text(settings.get("body"), _MAX_TEMPLATE)
        if not body:
            message = _(
                "The template “%(template)s” was not found beside the file: write the content."
            )
            self.builder.note(message % {"template": template})
        if channel == "sms":
            return self.builder.asset("sms", name=template, text=body)
        if channel == "push":
            return self.builder.asset(
                "push", name=template, title=line(settings.get("title")), text=body
            )
        return self.builder.asset(
            "email",
            name=template,
            subject=line(settings.get("subject")),
            preheader=line(settings.get("preheader")),
            sender=line(settings.get("from")),
            body=body,
            format=form,
        )

    def _template(self, template: str) -> tuple[_Json, str, str]:
        """What the files of a template say: its settings, its body, and html or mjml."""
        settings: _Json = {}
        for stem in _stems(template):
            found = self._beside(f"{stem}.yaml")
            if found is not None:
                settings = mapping(mapping(parse_yaml(found)).get("definition"))
            for suffix in _TEMPLATE_SUFFIXES:
                body = self._beside(stem + suffix)
                if body is not None:
                    decoded = text(body.decode("utf-8", "replace"), _MAX_TEMPLATE)
                    return settings, decoded, "mjml" if suffix.endswith("mjml") else "html"
        return settings, "", "html"

    def _beside(self, name: str) -> bytes | None:
        found = self.sibling(name) if self.sibling else None
        if found is not None and len(found) > _MAX_TEMPLATE:
            raise ImportRefused(_("The file “%(name)s” is larger than 1 MB.") % {"name": name})
        return found

    def _wait(self, source: str, name: str, node: _Json, variant: _Json) -> None:
        seconds = variant.get("seconds", node.get("timeoutSeconds"))
        wait = _duration(seconds)
        # What is made up here is data, so it must not depend on who imports.
        with translation.override("en"):
            default = f"Wait {duration_words(wait)}" if wait else "Wait"
        self.builder.step(source, name=name or default, kind="wait", wait=wait)
        if wait is None:
            message = _("The wait “%(step)s” is not given as a length of time: say how long it is.")
            self.builder.note(message % {"step": name or default})

    def _unknown(self, source: str, name: str, kind: str) -> None:
        name = name or kind or source
        self.builder.step(source, name=name, kind="action")
        message = _(
            "“%(step)s” is of the type “%(type)s”, which is not known; it became an action."
        )
        self.builder.note(message % {"step": name, "type": kind})

    # Paths

    def _paths(self, node_id: str, node: _Json) -> None:
        if line(node.get("type")) == "ExitNode":
            return
        source = _source(node_id, node)
        ways = _ways(node)
        for child, condition, share in ways:
            self.builder.path(source, self._target(child), condition=condition, share=share)

    def _target(self, child: object) -> str | None:
        child_id = line(child)
        if not child_id:
            return None
        node = self.nodes.get(child_id)
        return _source(child_id, node) if node is not None else child_id

    # The rest

    def _entry(self) -> None:
        segment = line(self.entry.get("segment")) or line(self.entry.get("segmentId"))
        event = line(self.entry.get("event"))
        rule = segment or event
        if not rule:
            self.builder.note(_("The file does not say who enters: write the rule of the entry."))
        self.builder.entry(
            _ENTRY,
            name=rule or "Entry",
            kind="event" if event and not segment else "segment",
            rule=rule,
            where="",
            step=self._target(self.entry.get("child")) or "",
        )
        used = ("segment", "segmentId", "event", "child", "type", "id")
        left = leftovers(self.entry, used)
        if left:
            message = _("Settings of the entry that were not carried over: %(settings)s.")
            self.builder.note(message % {"settings": shortened(left)})

    def _rest(self) -> None:
        definition = mapping(self.raw.get("definition"))
        left = leftovers(self.raw, ("name", "definition"))
        left += leftovers(definition, ("nodes", "entryNode"))
        if left:
            message = _("Of the journey as a whole these were not carried over: %(fields)s.")
            self.builder.note(message % {"fields": shortened(left)})
        message = _(
            "The segments and events named in the journey are not in the file, only their names."
        )
        self.builder.note(message)


_USED_OF_NODE = [
    "id",
    "type",
    "child",
    "name",
    "variant",
    "children",
    "timeoutSeconds",
    "timeoutChild",
    "segmentChildren",
]
_USED_OF_VARIANT = [
    "type",
    "template",
    "templateId",
    "seconds",
    "segment",
    "segmentId",
    "trueChild",
    "falseChild",
]


def _source(node_id: str, node: _Json) -> str:
    """An id that says what it is: keys made of bare numbers would tell nobody anything."""
    if not node_id.isdigit():
        return node_id
    kind = re.sub(r"Node$", "", line(node.get("type"))) or "node"
    return f"{re.sub(r'(?<=[a-z])(?=[A-Z])', '-', kind).lower()}-{node_id}"


def _question(variant: _Json) -> str:
    segment = line(variant.get("segment"))
    return cut(f"{segment}?", 200) if segment else "Decision"


def _ways(node: _Json) -> list[tuple[object, str, float | None]]:
    """Where a node leads: the child, who takes the way, and how many."""
    variant = mapping(node.get("variant"))
    if "trueChild" in variant or "falseChild" in variant:
        segment = line(variant.get("segment")) or line(variant.get("segmentId"))
        return [
            (variant.get("trueChild"), segment or "yes", None),
            (variant.get("falseChild"), "otherwise", None),
        ]
    if items(node.get("children")):
        children = [mapping(child) for child in items(node.get("children"))]
        shares = [_percent(child.get("percent")) for child in children]
        known = None not in shares
        return [
            (child.get("id"), line(child.get("name")), share if known else None)
            for child, share in zip(children, shares, strict=True)
        ]
    if items(node.get("segmentChildren")):
        waited = [mapping(child) for child in items(node.get("segmentChildren"))]
        ways = [
            (child.get("id"), line(child.get("segment")) or line(child.get("segmentId")), None)
            for child in waited
        ]
        return [*ways, (node.get("timeoutChild"), "otherwise", None)]
    return [(node.get("child"), "", None)]


def _percent(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        return None
    return round(value / 100, 6)


def _duration(seconds: object) -> str | None:
    """Seconds as the shortest ISO 8601 duration, in days where they are whole days."""
    number = line(seconds)
    if not number.isascii() or not number.isdigit() or not 0 < int(number) < 10**11:
        return None
    days, rest = divmod(int(number), 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    time = "".join(
        f"{part}{unit}" for part, unit in ((hours, "H"), (minutes, "M"), (left, "S")) if part
    )
    return f"P{f'{days}D' if days else ''}{f'T{time}' if time else ''}"


def _stems(template: str) -> list[str]:
    """How the files of a template may be called; never with anything that could leave a folder."""
    words = re.findall(r"[A-Za-z0-9]+", template)
    camel = "".join(word[:1].upper() + word[1:] for word in words)
    plain = " ".join(re.sub(r"[^A-Za-z0-9 _-]", " ", template).split())
    lower = [word.lower() for word in words]
    stems = [
        plain,
        camel,
        camel[:1].lower() + camel[1:],
        "-".join(lower),
        "_".join(lower),
        "".join(lower),
    ]
    return [stem for stem in dict.fromkeys(stems) if stem]
