"""Policies that are to be tried: from a file, pasted, a proposed version, or the editor's draft."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cjops.core.errors import Invalid
from governance.admission import admit, admit_text
from governance.queries.policies import get_policy, get_version
from governance.queries.ruling import Ruling
from governance.ruling.definitions import Definition, load
from governance.ruling.evaluating import Rule
from governance.ruling.nested import MAX_LENGTH
from governance.services.replaying import candidate_with


@dataclass(frozen=True, slots=True)
class Candidate:
    """All policies that would be in force, and what this is called."""

    definitions: list[Definition]
    title: str
    # Which version of which policy is tried, by its key.
    number: dict[str, int]

    @property
    def ruling(self) -> Ruling:
        """What evaluates them."""
        rules = (Rule(load(one), self.number.get(one["key"], 0)) for one in self.definitions)
        return Ruling(tuple(rules), {})


class CandidateForm(forms.Form):
    """Policies to be tried in place of those in force."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
        help_text=gettext_lazy("Policies as YAML, as an export writes them."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the text itself"),
        required=False,
        max_length=MAX_LENGTH,
        # Line ends and blanks count in YAML.
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code", "spellcheck": "false"}),
    )
    only = forms.BooleanField(
        label=gettext_lazy("Only these policies"),
        required=False,
        help_text=gettext_lazy("Else those that the text does not name stay as they are."),
    )

    def clean(self) -> dict[str, Any]:
        """The text, from the file where there is one."""
        said: dict[str, Any] = self.cleaned_data
        if file := said.get("file"):
            if file.size > MAX_LENGTH:
                self.add_error("file", _("The file is larger than policies can be."))
                return said
            try:
                said["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not text in UTF-8."))
        return said


def sent_along(*given_in: Mapping[str, Any]) -> dict[str, str]:
    """A version or a draft that the address or the form names, to be sent along again."""
    given = {name: value for one in given_in for name, value in one.items()}
    return {
        name: str(given[name]) for name in ("policy", "version", "definition") if given.get(name)
    }


def named_candidate(named: dict[str, str]) -> Candidate | None:
    """The draft or the version; None where none is named. Raises `DomainError`."""
    if "definition" in named:
        try:
            raw = json.loads(named["definition"])
        except (ValueError, RecursionError):
            raise Invalid(_("The policy that was sent cannot be read.")) from None
        definition = admit(raw)
        key = definition["key"]
        title = _("“%(policy)s” as it is being written") % {"policy": key}
        return Candidate(candidate_with({key: definition}), title, {key: 0})
    if "policy" not in named:
        return None
    policy = get_policy(named["policy"])
    number = named.get("version", "")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Invalid(_("Name the version of the policy by its number."))
    version = get_version(policy, int(number))
    about = {"policy": policy.label, "number": version.number}
    title = _("“%(policy)s” in its version %(number)s") % about
    if version.definition is None:
        title = _("Without “%(policy)s”") % about
    found = candidate_with({policy.key: version.definition})
    return Candidate(found, title, {policy.key: version.number})


def text_candidate(text: str, title: str, *, only: bool) -> Candidate:
    """What a YAML text holds. Raises `DocumentInvalid`."""
    changed: dict[str, Definition | None] = {one["key"]: one for one in admit_text(text)}
    return Candidate(candidate_with(changed, only=only), title, {})
