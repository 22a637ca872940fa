"""What a policy requires, as a form: who decides, how many of them, on what and how soon."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.drafting.choices import Choices
from governance.drafting.controls import Control, lines_of, number_of, size_of, text_of
from governance.ruling.needs import MAX_HOURS, MAX_QUORUM, MAX_ROUND
from governance.ruling.problems import below

MOST_NEEDS, MOST_WHO = 25, 25
LANGUAGES = ("en", "zh-hans", "zh-hant")
# Lists of people: those who are asked, those who are where none of them may, and those when late.
LISTS = ("reviewers", "otherwise", "escalate")
TITLES: dict[str, tuple[Any, Any]] = {
    "reviewers": (_("Who decides"), ""),
    "otherwise": (
        _("Who decides where none of them may"),
        _("Nobody decides on what they edited themselves, or do not see."),
    ),
    "escalate": (_("Who is asked as well when it is late"), ""),
}
SCOPES = (
    ("change", _("the whole change")),
    ("parts", _("only the parts that meet the condition")),
)
LEAVERS = (("stand", _("still counts")), ("fall", _("no longer counts")))


@dataclass(frozen=True, slots=True)
class WhoList:
    """A list of people within a requirement, as the page shows it."""

    name: str
    title: Any
    help: Any
    rows: list["Who"]
    errors: list[str]
    has_focus: bool = False

    @property
    def id(self) -> str:
        """The id of the button that adds to it."""
        return f"id_{self.name.replace('.', '-')}-add"


@dataclass(slots=True)
class Who:
    """One kind of people, or people by name."""

    name: str = ""
    who: str = ""
    people: list[str] = field(default_factory=list)
    controls: dict[str, Control] = field(default_factory=dict)

    @classmethod
    def from_json(cls, raw: Any) -> "Who":
        if "people" in raw:
            return cls(who="people", people=list(raw["people"]))
        if "team" in raw:
            prefix = "members" if raw.get("who") == "members" else "team"
            return cls(who=f"{prefix}:{raw['team']}")
        source = next(iter(raw))
        return cls(who=source if raw[source] is True else f"{source}:{raw[source]}")

    @classmethod
    def from_form(cls, data: Any, name: str) -> "Who":
        return cls(name, text_of(data, f"{name}.who"), lines_of(data, f"{name}.people"))

    def to_json(self, pointer: str, places: dict[str, str]) -> dict[str, Any]:
        places[pointer] = f"{self.name}.who"
        source, _colon, key = self.who.partition(":")
        if source == "people":
            places[below(pointer, "people")] = f"{self.name}.people"
            return {"people": self.people}
        if source in ("stewards", "owner"):
            return {source: True}
        if source in ("team", "members"):
            return {"team": key, "who": "leads" if source == "team" else "members"}
        return {source: key} if source in ("role", "team_kind") else {}

    def show(self, choices: Choices) -> None:
        options = list(choices.reviewers)
        if self.who and not any(
            self.who == value for _group, pairs in options for value, _l in pairs
        ):
            options.append((_("No longer there"), [(self.who, self.who.partition(":")[2])]))
        self.controls = {
            "who": Control(
                f"{self.name}.who", _("Who"), self.who, "select", options, refreshes=True
            )
        }
        if self.who == "people":
            self.controls["people"] = Control(
                f"{self.name}.people", _("E-mail addresses"), "\n".join(self.people), "lines",
                help=_("One on each line."),
            )  # fmt: skip


# Name of the control, member of the definition, and what it is when nobody says otherwise.
PLAIN = (
    ("key", ""), ("quorum", "1"), ("scope", "change"), ("round", "1"), ("distinct", ""),
    ("hours", "72"), ("remind_after", ""), ("leavers", "stand"), ("after", "0"),
)  # fmt: skip


@dataclass(slots=True)
class NeedDraft:
    """One requirement as it is filled in."""

    name: str = ""
    said: dict[str, str] = field(default_factory=lambda: dict(PLAIN))
    names: dict[str, str] = field(default_factory=dict)
    people: dict[str, list[Who]] = field(default_factory=lambda: {one: [] for one in LISTS})
    controls: dict[str, Control] = field(default_factory=dict)
    lists: list[WhoList] = field(default_factory=list)

    @classmethod
    def from_json(cls, raw: Any) -> "NeedDraft":
        """The form of a requirement of a complete definition."""
        escalate = raw["escalate"] or {"after": 0, "to": []}
        said = {
            name: "" if raw[name] is None else str(raw[name]) for name, _d in PLAIN if name in raw
        }
        return cls(
            said={**said, "after": str(escalate["after"])},
            names=dict(raw["name"]),
            people={
                "reviewers": [Who.from_json(one) for one in raw["reviewers"]],
                "otherwise": [Who.from_json(one) for one in raw["otherwise"]],
                "escalate": [Who.from_json(one) for one in escalate["to"]],
            },
        )

    @classmethod
    def from_form(cls, data: Any, name: str) -> "NeedDraft":
        return cls(
            name,
            {one: text_of(data, f"{name}.{one}").strip() for one, _default in PLAIN},
            {one: text_of(data, f"{name}.name.{one}") for one in LANGUAGES},
            {
                one: [
                    Who.from_form(data, f"{name}.{one}.{at}")
                    for at in range(size_of(data, f"{name}.{one}", MOST_WHO))
                ]
                for one in LISTS
            },
        )

    def place(self, name: str) -> None:
        """Name everything by where it stands."""
        self.name = name
        for one, rows in self.people.items():
            for at, row in enumerate(rows):
                row.name = f"{name}.{one}.{at}"

    def to_json(self, pointer: str, places: dict[str, str]) -> dict[str, Any]:
        places[pointer] = f"{self.name}.key"
        for member, _default in PLAIN:
            places[below(pointer, member)] = f"{self.name}.{member}"
        for language in LANGUAGES:
            places[below(pointer, "name", language)] = f"{self.name}.name.{language}"
        places[below(pointer, "name")] = f"{self.name}.name.en"
        places[below(pointer, "escalate", "after")] = f"{self.name}.after"
        whole = {name: number_of(self.said[name]) for name in ("quorum", "round", "hours")}
        remind, after = self.said["remind_after"], self.said["after"]
        late = self._list("escalate", below(pointer, "escalate", "to"), places)
        return {
            "key": self.said["key"],
            "name": {one: text for one, text in self.names.items() if text.strip()},
            "reviewers": self._list("reviewers", below(pointer, "reviewers"), places),
            "otherwise": self._list("otherwise", below(pointer, "otherwise"), places),
            **whole,
            "scope": self.said["scope"] or "change",
            "distinct": self.said["distinct"],
            "remind_after": number_of(remind) if remind else None,
            "escalate": {"after": number_of(after or "0"), "to": late} if late else None,
            "leavers": self.said["leavers"] or "stand",
        }

    def _list(self, name: str, pointer: str, places: dict[str, str]) -> list[dict[str, Any]]:
        rows = self.people[name]
        # Where the list is empty, what is wrong with it is said at the button that adds to it.
        places[pointer] = f"{self.name}.{name}"
        return [row.to_json(below(pointer, at), places) for at, row in enumerate(rows)]

    def show(self, choices: Choices, errors: Mapping[str, list[str]], focus: str = "") -> None:
        """Make all controls."""
        made = [self._named(language) for language in LANGUAGES]
        made += [
            self._plain("key", _("Key"), help=_("Small letters, digits and hyphens; it stays.")),
            self._number("quorum", _("How many of them"), 1, MAX_QUORUM),
            self._plain("scope", _("They decide on"), SCOPES),
            self._number(
                "round", _("Round"), 1, MAX_ROUND,
                _("Later rounds are asked once the earlier ones are done."),
            ),
            self._plain(
                "distinct", _("Different people"), optional=True,
                help=_("Whoever decides here decides for nothing else under the same word."),
            ),
            self._number("hours", _("Hours to decide"), 1, MAX_HOURS, _("Working hours count.")),
            self._number(
                "remind_after", _("Remind after so many hours"), 1, MAX_HOURS, optional=True
            ),
            self._plain("leavers", _("Once somebody who approved has left, the approval"), LEAVERS),
            self._number(
                "after", _("Hours after it was due"), 0, MAX_HOURS,
                _("0: as soon as it is overdue."),
            ),
        ]  # fmt: skip
        self.controls = {one.name.removeprefix(f"{self.name}."): one for one in made}
        self.lists = []
        for one, rows in self.people.items():
            name = f"{self.name}.{one}"
            wanted = errors.get(name, [])
            self.lists.append(WhoList(name, *TITLES[one], rows, wanted, focus == f"{name}.add"))
            for row in rows:
                row.show(choices)

    def _named(self, language: str) -> Control:
        labels = {
            "en": _("Name"),
            "zh-hans": _("Name in Simplified Chinese"),
            "zh-hant": _("Name in Traditional Chinese"),
        }
        return Control(
            f"{self.name}.name.{language}", labels[language], self.names.get(language, ""),
            optional=True, lang=language,
        )  # fmt: skip

    def _plain(self, name: str, label: Any, choices: Any = (), **more: Any) -> Control:
        options = (("", choices),) if choices else ()
        kind = "select" if choices else "text"
        return Control(f"{self.name}.{name}", label, self.said.get(name, ""), kind, options, **more)

    def _number(
        self, name: str, label: Any, least: int, most: int, help: Any = "", optional: bool = False
    ) -> Control:
        return Control(
            f"{self.name}.{name}", label, self.said.get(name, ""), "number", help=help,
            least=least, most=most, optional=optional,
        )  # fmt: skip

    @property
    def first(self) -> list[Control]:
        """What every requirement says beside the people."""
        return [self.controls[name] for name in ("quorum", "scope", "hours")]

    @property
    def called(self) -> list[Control]:
        """What it is called."""
        return [self.controls[name] for name in ("name.en", "key")]

    @property
    def called_elsewhere(self) -> list[Control]:
        """The same in the other languages."""
        return [self.controls[f"name.{language}"] for language in LANGUAGES[1:]]

    @property
    def extras(self) -> list[Control]:
        """What only some requirements say."""
        return [self.controls[name] for name in ("round", "distinct", "remind_after", "leavers")]

    @property
    def late(self) -> Control:
        """When others are asked as well."""
        return self.controls["after"]

    @property
    def is_special(self) -> bool:
        """Whether it says more than every requirement does, or something of that is wrong."""
        said = {name: self.said.get(name, "") or default for name, default in PLAIN}
        special = any(
            said[name] != default
            for name, default in PLAIN
            if name in ("round", "distinct", "remind_after", "leavers", "after")
        )
        folded = [*self.called_elsewhere, *self.extras, self.late]
        return (
            special
            or any(self.people[one] for one in LISTS[1:])
            or any(one.has_focus or one.errors for one in self.lists[1:])
            or any(control.value for control in self.called_elsewhere)
            or any(control.errors for control in folded)
        )

    @property
    def remove_order(self) -> str:
        """What its button asks for."""
        return f"remove-need:{self.name.rpartition('.')[2]}"

    def all_controls(self) -> Iterator[Control]:
        """Its own and those of its people, in the order of the page."""
        yield from self.controls.values()
        for rows in self.people.values():
            for row in rows:
                yield from row.controls.values()
