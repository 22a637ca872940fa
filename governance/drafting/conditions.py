"""The condition of a policy as a form: groups with rows, each of which asks one fact."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.drafting.choices import Choices
from governance.drafting.controls import Control, lines_of, number_of, size_of, text_of
from governance.ruling.facts import FACTS, FactType
from governance.ruling.nodes import OPS
from governance.ruling.parsing import MAX_DEPTH
from governance.ruling.problems import below
from governance.ruling.wording import OP_LABELS

# More than a policy may hold, so that the refusal comes from where the limit is.
MOST_PARTS, MOST_DEPTH = 60, 8
KINDS = (
    ("all", _("All of these hold")),
    ("any", _("At least one of these holds")),
    ("not", _("None of these holds")),
)
YES_NO = (("", (("true", _("yes")), ("false", _("no")))),)
ROOT = "when"


@dataclass(slots=True)
class Row:
    """One question as it is filled in."""

    name: str = ROOT
    fact: str = ""
    op: str = ""
    values: list[str] = field(default_factory=list)
    number: str = ""
    truth: str = "true"
    of: str = ""
    controls: dict[str, Control] = field(default_factory=dict)

    is_group = False

    @classmethod
    def from_json(cls, raw: Any) -> "Row":
        """The row that shows a leaf of a definition."""
        row = cls(fact=raw["fact"], op=raw["op"], of=raw.get("of", ""))
        value = raw["value"]
        if isinstance(value, list):
            row.values = [str(one) for one in value]
        elif isinstance(value, bool):
            row.truth = "true" if value else "false"
        else:
            row.number = str(value)
        return row

    @classmethod
    def from_form(cls, data: Any, name: str) -> "Row":
        """The row as somebody sent it; another fact begins anew."""
        fact, was = text_of(data, f"{name}.fact"), text_of(data, f"{name}.was")
        if fact != was:
            return cls(name, fact)
        return cls(
            name,
            fact,
            text_of(data, f"{name}.op"),
            lines_of(data, f"{name}.value"),
            text_of(data, f"{name}.number"),
            text_of(data, f"{name}.truth") or "true",
            text_of(data, f"{name}.of"),
        )

    @property
    def asked(self) -> str:
        """What is asked: of a fact that cannot be asked so, the first that it can."""
        if self.fact not in FACTS:
            return self.op
        ops = OPS[FACTS[self.fact].type]
        return self.op if self.op in ops else ops[0]

    @property
    def widget(self) -> str:
        """What the value is entered in: values, number or truth; "" before there is a fact."""
        if self.fact not in FACTS:
            return ""
        kind = FACTS[self.fact].type
        if kind is FactType.TRUTH or self.asked == "empty":
            return "truth"
        return "value" if kind is FactType.TEXTS else "number"

    def to_json(self, pointer: str, places: dict[str, str]) -> dict[str, Any]:
        """The leaf; `places` learns which control stands for which pointer."""
        for member, control in (("", "fact"), ("fact", "fact"), ("op", "op"), ("of", "of")):
            places[below(pointer, member) if member else pointer] = f"{self.name}.{control}"
        places[below(pointer, "value")] = f"{self.name}.{self.widget or 'fact'}"
        value: Any = self.values
        if self.widget == "truth":
            value = self.truth == "true"
        elif self.widget == "number":
            value = number_of(self.number)
        leaf = {"fact": self.fact, "op": self.asked, "value": value}
        return {**leaf, "of": self.of} if self.of and self._has_counts else leaf

    @property
    def _has_counts(self) -> bool:
        return self.fact in FACTS and FACTS[self.fact].type is FactType.COUNTS

    def show(self, choices: Choices) -> None:
        """Make its controls."""
        told = FACTS.get(self.fact)
        name = self.name
        self.controls = {
            "fact": Control(
                f"{name}.fact", _("What is looked at"), self.fact, "select", choices.facts,
                help=told.help if told else "", refreshes=True,
            )
        }  # fmt: skip
        if told is None:
            return
        ops = (("", tuple(OP_LABELS[told.type].items())),)
        if told.type is not FactType.TRUTH:
            self.controls["op"] = Control(
                f"{name}.op", _("How it is compared"), self.asked, "select", ops,
                refreshes=told.type is FactType.TEXTS,
            )  # fmt: skip
        if self._has_counts:
            self.controls["of"] = Control(
                f"{name}.of",
                _("Which channel"),
                self.of,
                "select",
                choices.channels_or_all(self.of),
            )
        if self.widget == "number":
            self.controls["number"] = Control(f"{name}.number", _("Number"), self.number, "number")
        elif self.widget == "truth":
            self.controls["truth"] = Control(
                f"{name}.truth", _("Answer"), self.truth, "select", YES_NO
            )
        else:
            self.controls["value"] = choices.values_control(
                f"{name}.value", told.choices, self.values
            )


@dataclass(slots=True)
class Group:
    """Rows and groups that are joined."""

    name: str = ROOT
    kind: str = "all"
    parts: list["Row | Group"] = field(default_factory=list)
    # The condition was a single question; it stays one as long as it is one.
    is_bare: bool = False
    depth: int = 1
    control: Control | None = None
    # Its button has the focus, after something in it was taken out.
    has_focus: bool = False

    is_group = True

    @property
    def id(self) -> str:
        """The id of the button that adds a row to it."""
        return f"id_{self.name.replace('.', '-')}-add"

    @property
    def may_nest(self) -> bool:
        """Whether a group in it could still hold a row."""
        return self.depth < MAX_DEPTH - 1

    @classmethod
    def from_json(cls, raw: Any) -> "Group":
        """The group that shows a node of a definition; a single question gets one around it."""
        if not any(kind in raw for kind, _label in KINDS):
            return cls(parts=[Row.from_json(raw)], is_bare=True)
        ((kind, inner),) = raw.items()
        if kind == "not":
            several = isinstance(inner, dict) and len(inner.get("any", ())) > 1
            inner = inner["any"] if several else [inner]
        return cls(kind=kind, parts=[_part_from_json(one) for one in inner])

    @classmethod
    def from_form(cls, data: Any, name: str = ROOT, budget: list[int] | None = None) -> "Group":
        """The group as somebody sent it, never deeper or larger than a form may be."""
        budget = [MOST_PARTS] if budget is None else budget
        kind = text_of(data, f"{name}.kind")
        group = cls(
            name,
            kind if kind in dict(KINDS) else "all",
            is_bare=text_of(data, f"{name}.bare") == "1",
        )
        for place in range(size_of(data, name, MOST_PARTS)):
            if budget[0] <= 0:
                break
            budget[0] -= 1
            below_here = f"{name}.{place}"
            is_group = text_of(data, f"{below_here}.type") == "group"
            if is_group and name.count(".") < MOST_DEPTH:
                group.parts.append(cls.from_form(data, below_here, budget))
            else:
                group.parts.append(Row.from_form(data, below_here))
        return group

    def to_json(self, pointer: str, places: dict[str, str]) -> dict[str, Any]:
        """The node; `places` learns which control stands for which pointer."""
        places[pointer] = f"{self.name}.kind"
        if self.is_bare and self.kind == "all" and len(self.parts) == 1:
            return self.parts[0].to_json(pointer, places)
        inner = below(pointer, self.kind)
        if self.kind != "not":
            return {self.kind: self._parts(inner, places)}
        if len(self.parts) == 1:
            return {"not": self.parts[0].to_json(inner, places)}
        places[inner] = f"{self.name}.kind"
        return {"not": {"any": self._parts(below(inner, "any"), places)}}

    def _parts(self, pointer: str, places: dict[str, str]) -> list[dict[str, Any]]:
        places[pointer] = f"{self.name}.kind"
        return [one.to_json(below(pointer, at), places) for at, one in enumerate(self.parts)]

    def groups(self) -> "Iterator[Group]":
        """This group and all below it."""
        yield self
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.groups()

    def place(self, name: str = ROOT, depth: int = 1) -> None:
        """Name everything by where it stands."""
        self.name, self.depth = name, depth
        for at, part in enumerate(self.parts):
            if isinstance(part, Group):
                part.place(f"{name}.{at}", depth + 1)
            else:
                part.name = f"{name}.{at}"

    def show(self, choices: Choices) -> None:
        """Make all controls."""
        label = _("Which of the conditions have to hold")
        options = (("", KINDS),)
        self.control = Control(f"{self.name}.kind", label, self.kind, "select", options)
        for part in self.parts:
            part.show(choices)

    def controls(self) -> Iterator[Control]:
        """All of them, in the order of the page."""
        if self.control:
            yield self.control
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.controls()
            else:
                yield from part.controls.values()


def _part_from_json(raw: Any) -> Row | Group:
    return Row.from_json(raw) if "fact" in raw else Group.from_json(raw)
