"""A policy while somebody writes it: read from a form, changed by its buttons, shown again.

Everything typed is kept as it was typed; what is wrong with it the domain says, and each problem
is shown at the control it came from.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admission import sentence
from governance.drafting.choices import Choices
from governance.drafting.conditions import Group, Row
from governance.drafting.controls import Control, size_of, text_of
from governance.drafting.needs import LANGUAGES, LISTS, MOST_NEEDS, NeedDraft, Who
from governance.ruling.problems import Problem

# How a form says what the definition calls otherwise.
AT_A_FORM: dict[str, Any] = {
    "unknown_fact": gettext_lazy("Choose what is looked at."),
    "one_source": gettext_lazy("Choose who it is."),
    "how_many": gettext_lazy("Choose or add at least %(low)s, and at most %(high)s."),
    "not_a_number": gettext_lazy("Write a number."),
    "not_a_whole_number": gettext_lazy("Write a whole number from %(low)s to %(high)s."),
    "missing_member": gettext_lazy("This is needed: fill it in."),
    "empty_text": gettext_lazy("This is needed: fill it in."),
    "empty_any": gettext_lazy("Add at least one condition to this group."),
}
LABELS = {
    "name": {
        "en": gettext_lazy("Name"),
        "zh-hans": gettext_lazy("Name in Simplified Chinese"),
        "zh-hant": gettext_lazy("Name in Traditional Chinese"),
    },
    "description": {
        "en": gettext_lazy("Description"),
        "zh-hans": gettext_lazy("Description in Simplified Chinese"),
        "zh-hant": gettext_lazy("Description in Traditional Chinese"),
    },
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One line of the summary above the form."""

    id: str
    label: Any
    text: str


@dataclass(slots=True)
class Draft:
    """What has been filled in."""

    key: str = ""
    texts: dict[str, dict[str, str]] = field(
        default_factory=lambda: {"name": {}, "description": {}}
    )
    second_admin: bool = False
    comment: str = ""
    when: Group = field(default_factory=Group)
    needs: list[NeedDraft] = field(default_factory=list)
    # Of a policy that is there: its key stays.
    is_new: bool = True
    focus: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)

    @classmethod
    def blank(cls) -> "Draft":
        """What a new policy starts from: one requirement with one kind of people to choose."""
        need = NeedDraft()
        need.said["key"] = "decision"
        need.people["reviewers"].append(Who())
        return cls(needs=[need])

    @classmethod
    def from_definition(cls, raw: Any) -> "Draft":
        """The form of a complete definition."""
        return cls(
            key=raw["key"],
            texts={"name": dict(raw["name"]), "description": dict(raw["description"])},
            second_admin=raw["second_admin"],
            when=Group.from_json(raw["when"]),
            needs=[NeedDraft.from_json(one) for one in raw["require"]],
            is_new=False,
        )

    @classmethod
    def from_form(cls, data: Any, key: str = "") -> "Draft":
        """What somebody sent; `key` is that of a policy that is there."""
        return cls(
            key=key or text_of(data, "key").strip(),
            texts={
                name: {one: text_of(data, f"{name}.{one}") for one in LANGUAGES}
                for name in ("name", "description")
            },
            second_admin=text_of(data, "second_admin") == "true",
            comment=text_of(data, "comment"),
            when=Group.from_form(data),
            needs=[
                NeedDraft.from_form(data, f"need.{at}")
                for at in range(size_of(data, "need", MOST_NEEDS))
            ],
            is_new=not key,
        )

    def definition(self, places: dict[str, str] | None = None) -> dict[str, Any]:
        """The definition it stands for, whole or not; `places` learns which control stands for
        which pointer."""
        self.place()
        places = {} if places is None else places
        places["/key"] = "key"
        for name in ("name", "description"):
            places[f"/{name}"] = f"{name}.en"
            places.update({f"/{name}/{one}": f"{name}.{one}" for one in LANGUAGES})
        places["/require"] = "need"
        return {
            "key": self.key,
            "name": _texts(self.texts["name"]),
            "description": _texts(self.texts["description"]),
            "when": self.when.to_json("/when", places),
            "second_admin": self.second_admin,
            "require": [
                need.to_json(f"/require/{at}", places) for at, need in enumerate(self.needs)
            ],
        }

    def place(self) -> None:
        """Name everything by where it stands."""
        self.when.place()
        for at, need in enumerate(self.needs):
            need.place(f"need.{at}")

    # --- its buttons --------------------------------------------------------------------------

    def do(self, order: str) -> None:
        """What a button asks for, such as "add-row:when.0"; nothing for what there is not."""
        self.place()
        verb, _colon, name = order.partition(":")
        act = {
            "add-row": self._add_row,
            "add-group": self._add_group,
            "remove": self._remove,
            "add-need": self._add_need,
            "remove-need": self._remove_need,
            "add-who": self._add_who,
            "remove-who": self._remove_who,
        }.get(verb)
        if act is not None:
            act(name)
            self.place()

    def _group(self, name: str) -> Group | None:
        return next((one for one in self.when.groups() if one.name == name), None)

    def _add_row(self, name: str) -> None:
        if group := self._group(name):
            group.parts.append(Row())
            self.focus = f"{name}.{len(group.parts) - 1}.fact"

    def _add_group(self, name: str) -> None:
        if group := self._group(name):
            group.parts.append(Group(kind="any", parts=[Row()]))
            self.focus = f"{name}.{len(group.parts) - 1}.kind"

    def _remove(self, name: str) -> None:
        above, _dot, at = name.rpartition(".")
        group = self._group(above)
        if group and at.isdecimal() and int(at) < len(group.parts):
            del group.parts[int(at)]
            self.focus = f"{above}.add"

    def _add_need(self, _name: str) -> None:
        need = NeedDraft()
        need.people["reviewers"].append(Who())
        self.needs.append(need)
        self.focus = f"need.{len(self.needs) - 1}.name.en"

    def _remove_need(self, name: str) -> None:
        if name.isdecimal() and int(name) < len(self.needs):
            del self.needs[int(name)]
            self.focus = "need.add"

    def _people(self, name: str) -> list[Who] | None:
        for need in self.needs:
            for one in LISTS:
                if f"{need.name}.{one}" == name:
                    return need.people[one]
        return None

    def _add_who(self, name: str) -> None:
        rows = self._people(name)
        if rows is not None:
            rows.append(Who())
            self.focus = f"{name}.{len(rows) - 1}.who"

    def _remove_who(self, name: str) -> None:
        above, _dot, at = name.rpartition(".")
        rows = self._people(above)
        if rows is not None and at.isdecimal() and int(at) < len(rows):
            del rows[int(at)]
            self.focus = f"{above}.add"

    # --- what is shown ------------------------------------------------------------------------

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Put each problem at the control it came from."""
        places: dict[str, str] = {}
        self.definition(places)
        for problem in problems:
            pointer = problem.pointer
            while pointer not in places and pointer:
                pointer = pointer.rpartition("/")[0]
            name = places.get(pointer, "")
            text = _at_a_form(problem)
            if text not in self.errors.setdefault(name, []):
                self.errors[name].append(text)

    def show(self, choices: Choices) -> None:
        """Make all controls."""
        self.place()
        self.when.show(choices)
        for need in self.needs:
            need.show(choices, self.errors, self.focus)
        made = [*self._own()]
        self.controls = {one.name: one for one in made}
        for group in self.when.groups():
            group.has_focus = self.focus == f"{group.name}.add"
        for control in self._all():
            control.errors = self.errors.get(control.name, [])
            control.focus = control.name == self.focus

    def _own(self) -> Iterator[Control]:
        for name, labels in LABELS.items():
            for language, label in labels.items():
                yield Control(
                    f"{name}.{language}", label, self.texts[name].get(language, ""),
                    "text" if name == "name" else "area", lang=language,
                    optional=(name, language) != ("name", "en"),
                )  # fmt: skip
        yield Control(
            "key", _("Key"), self.key,
            help=_("Small letters, digits and hyphens. It is part of the address and stays."),
        )  # fmt: skip
        yield Control(
            "comment", _("Why"), self.comment, "area", optional=True,
            help=_("Whoever activates it, and whoever looks later, reads this."),
        )  # fmt: skip

    def _all(self) -> Iterator[Control]:
        yield from self.controls.values()
        yield from self.when.controls()
        for need in self.needs:
            yield from need.all_controls()

    @property
    def called(self) -> list[Control]:
        """Name and, of a new one, key."""
        return [self.controls["name.en"], *([self.controls["key"]] if self.is_new else [])]

    @property
    def about(self) -> Control:
        """The description."""
        return self.controls["description.en"]

    @property
    def why(self) -> Control:
        """The comment."""
        return self.controls["comment"]

    @property
    def called_elsewhere(self) -> list[list[Control]]:
        """Names and descriptions in the other languages."""
        return [
            [self.controls[f"{name}.{language}"] for language in LANGUAGES[1:]] for name in LABELS
        ]

    @property
    def is_translated(self) -> bool:
        """Whether something of that is filled in or wrong."""
        return any(
            control.value or control.errors for pair in self.called_elsewhere for control in pair
        )

    @property
    def has_focus(self) -> bool:
        """Whether the button that adds a requirement has the focus."""
        return self.focus == "need.add"

    @property
    def complaints(self) -> list[Complaint]:
        """Everything that is wrong, in the order of the page."""
        known = {one.name: one for one in self._all()}
        found = [
            Complaint(control.id, control.label, text)
            for control in known.values()
            for text in control.errors
        ]
        for name, texts in self.errors.items():
            if name not in known:
                target = f"id_{name.replace('.', '-')}-add" if name else ""
                found += [Complaint(target, "", text) for text in texts]
        return found


def _texts(texts: dict[str, str]) -> dict[str, str]:
    """Those that say something; the English one is missed where it does not."""
    return {language: text for language, text in texts.items() if text.strip()}


def _at_a_form(problem: Problem) -> str:
    # A name that somebody wrote is quoted back; of what was left open only the form can speak.
    if problem.code in AT_A_FORM and not problem.params.get("fact"):
        return str(AT_A_FORM[problem.code]) % dict(problem.params)
    return sentence(problem)
