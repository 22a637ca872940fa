"""What calls about changes may send."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from cjops.core.api.fields import (
    Digest,
    DocumentField,
    Flag,
    Input,
    Key,
    Moment,
    Text,
    Title,
    Whole,
    Words,
)
from governance.models import LEDGER_KINDS, Halt, SubjectKind
from governance.transitions import Action, State
from journeys.definition import JourneyDefinition

MOST_HUNKS = 5_000

# What the body of a new journey may hold besides its key: any part of its document.
DOCUMENT_FIELDS = frozenset(
    field.alias or name for name, field in JourneyDefinition.model_fields.items()
)


class SubjectIn(Input):
    """Which governed document the change is about."""

    kind = serializers.ChoiceField(SubjectKind.choices)
    key = Key()


class ChangeIn(Input):
    """A change to open."""

    subject = SubjectIn()
    title = Title()
    rationale = Words(help_text="Why; reviewers read it first.")
    hypothesis = Words(help_text="What is expected to come of it.")
    emergency = Flag(
        required=False,
        default=False,
        help_text="Customers are harmed while it waits: policies may ask other people then.",
    )


class ChangePatch(Input):
    """What a change says about itself; what is left out stays."""

    title = Title(required=False)
    rationale = Words(default=empty)
    hypothesis = Words(default=empty)
    emergency = Flag(required=False)


class ChangeFilters(Input):
    """Which changes to list."""

    state = serializers.MultipleChoiceField(choices=State.choices, required=False)
    kind = serializers.ChoiceField(SubjectKind.choices, required=False)
    subject = Key(required=False)
    author = Text(required=False, max_length=254)


class WhyIn(Input):
    """About whom, and about what."""

    person = Text(required=False, max_length=254)
    subject = Text(max_length=120)


class LedgerFilters(Input):
    """Which ledger entries to list."""

    change = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    kind = serializers.ChoiceField(LEDGER_KINDS, required=False)
    subject = Key(required=False)
    policy = Key(required=False)
    delegation = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    glass = serializers.BooleanField(required=False)
    actor = Text(required=False, max_length=254)
    action = serializers.ChoiceField(Action.choices, required=False)


class ResumeIn(Input):
    """What goes on, and why."""

    step = Key(required=False, default="", allow_blank=True, help_text="The whole when left out.")
    reason = Words(help_text="The people who answer for the journey read it.")


class HaltIn(ResumeIn):
    """What to halt, how and why."""

    kind = serializers.ChoiceField(Halt.Kind.values)


class ResolutionIn(serializers.Serializer[Any]):
    """How one conflict is settled. Only describes: the service checks the values."""

    conflict = serializers.CharField(help_text="Its fingerprint.")
    choice = serializers.ChoiceField(["mine", "theirs", "edited"])
    value = serializers.JSONField(required=False, help_text="Only with “edited”.")


@extend_schema_field(ResolutionIn(many=True))
class Resolutions(serializers.JSONField):
    """Any JSON; the service says what is wrong with it, and where."""


class ActionIn(Input):
    """One step of a change."""

    comment = Words(
        help_text="Required for request-changes, comment, reject, appoint, break-glass and object."
    )
    hunks = serializers.ListField(
        child=Digest(),
        required=False,
        allow_null=True,
        default=None,
        max_length=MOST_HUNKS,
        help_text="Approve only these; all that wait for you when left out.",
    )
    publish_at = Moment(
        required=False, allow_null=True, default=None, help_text="For schedule; with its offset."
    )
    resolutions = Resolutions(
        required=False, allow_null=True, default=None, help_text="For rebase: settle conflicts."
    )
    after = Whole(
        min_value=0,
        required=False,
        allow_null=True,
        default=None,
        help_text="For queue: the change to wait for, 0 for none.",
    )
    requirement = Words(max_length=200, help_text="For appoint: the key of the decision.")
    person = Words(max_length=254, help_text="For appoint: the e-mail address of who decides.")
    code = Words(
        max_length=32,
        help_text="For break-glass: the code of your second factor, where you have one.",
    )
    digest = Digest(
        required=False,
        default="",
        help_text="The document you looked at; refused with 412 if it has changed since.",
    )


class ResolutionsIn(Input):
    """How conflicts with live are settled."""

    resolutions = Resolutions()


class ContentIn(Input):
    """Content for a slot of a live step: a version that exists, or a document for a new one."""

    slot = Key()
    asset = Key()
    version = Whole(required=False, allow_null=True, default=None)
    document = DocumentField(required=False, allow_null=True, default=None)
    title = Words(max_length=200)
    rationale = Words()
    hypothesis = Words()
    as_draft = Flag(required=False, default=False, help_text="Leave it open for more edits.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of the two."""
        if (attrs["version"] is None) == (attrs["document"] is None):
            raise serializers.ValidationError(
                {"version": [_("Give either the number of a version, or a document.")]}
            )
        return attrs


class JourneyIn(Input):
    """A new journey: its key, and its document in part or whole, either way of saying it."""

    key = Key(help_text="Lower-case letters, digits and single hyphens; fixed for good.")
    name = Words(max_length=200)
    title = Words(max_length=200, help_text="Of the first change.")
    rationale = Words()
    is_restricted = Flag(required=False, default=False)
    document = DocumentField(
        required=False, default=dict, help_text="The same fields may stand at the top level."
    )

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The fields, with those of the document gathered in `document`."""
        if not isinstance(data, dict):
            refused: dict[str, Any] = super().to_internal_value(data)
            return refused
        parts = {
            name: value
            for name, value in data.items()
            if name in DOCUMENT_FIELDS and name not in self.fields
        }
        rest = {name: value for name, value in data.items() if name not in parts}
        fields = super().to_internal_value(rest)
        document = {**fields["document"], **parts}
        if fields["name"]:
            document["name"] = fields["name"]
        if not document.get("name"):
            raise serializers.ValidationError({"name": [_("Give the journey a name.")]})
        return {**fields, "document": document}


class ElementIn(Input):
    """An element of a document."""

    element = Key(help_text="The collection, e.g. steps; header for the header.")
    key = Key(required=False, allow_blank=True, default="")


class RestoreIn(Input):
    """An earlier version to bring back, as a whole or in part."""

    elements = serializers.ListField(
        child=ElementIn(),
        required=False,
        allow_null=True,
        default=None,
        max_length=MOST_HUNKS,
        help_text="Only these become what they were; the whole version when left out.",
    )
    title = Words(max_length=200)
    rationale = Words()


class EditIn(serializers.Serializer[Any]):
    """One edit of one element. Only describes: `cjops.documents.edit` checks the values."""

    op = serializers.ChoiceField(["add", "update", "remove", "move"])
    element = serializers.CharField(help_text="The collection, e.g. steps; header for the header.")
    key = serializers.CharField(required=False)
    fields = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="Values by name; slots/body/asset reaches a member."
    )
    after = serializers.CharField(
        required=False, allow_null=True, help_text="Stand behind this key; null for first."
    )


@extend_schema_field(EditIn(many=True))
class Edits(serializers.JSONField):
    """Any JSON; the document engine says what is wrong with it, and where."""


class TickIn(Input):
    """Nothing: the address says it all."""


class DelegationIn(Input):
    """Who decides for whom, from when to when; at most one of channel, team and journey."""

    taker = Text(max_length=254, help_text="Who decides: an e-mail address.")
    giver = Words(max_length=254, help_text="For whom; you when left out.")
    starts_at = Moment(help_text="With its offset.")
    ends_at = Moment(help_text="With its offset.")
    channel = Key(required=False, default="", allow_blank=True, help_text="Only on this channel.")
    team = Key(
        required=False, default="", allow_blank=True, help_text="Only what this team is asked."
    )
    journey = Key(required=False, default="", allow_blank=True, help_text="Only on this journey.")
    reason = Words()


class SuggestionIn(Input):
    """Other values for one element of what a change proposes."""

    edits = Edits(help_text="“update” edits of one element, or of the header.")
    comment = Words(help_text="Why; the author reads it beside the edit.")
    digest = Digest(
        required=False,
        default="",
        help_text="The document you looked at; refused with 412 if it has changed since.",
    )


class ApplyIn(Input):
    """Taking a suggestion up."""

    digest = Digest(
        required=False,
        default="",
        help_text="The document you looked at; refused with 412 if it has changed since.",
    )


class DeclineIn(ApplyIn):
    """Not taking it up."""

    comment = Words(help_text="Required: why not.")
