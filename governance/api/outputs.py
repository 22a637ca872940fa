"""How the API's description shows what calls about changes answer.

Lists never go through these: `rows` builds plain values, a test holds the two together.
"""

from typing import Any, get_args

from rest_framework import serializers

from cjops.core.api import FindingOut
from cjops.documents import ConflictKind
from governance.models import SubjectKind, Suggestion
from governance.models.records import OTHERS
from governance.transitions import Action, State

Out = serializers.Serializer[Any]


class PersonOut(Out):
    """A person."""

    email = serializers.EmailField()
    name = serializers.CharField()


class SubjectOut(Out):
    """The governed document something is about."""

    kind = serializers.ChoiceField(SubjectKind.choices)
    key = serializers.CharField()
    name = serializers.CharField()


class VersionRef(Out):
    """A version of a document; number 0 and no digest before the first one."""

    number = serializers.IntegerField()
    digest = serializers.CharField()


class Position(Out):
    """Where a change stands after a call."""

    number = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    revision = serializers.IntegerField()
    digest = serializers.CharField(help_text="Of the proposed document; its ETag.")


class ChangeOut(Position):
    """A change, as lists show it."""

    subject = SubjectOut()
    title = serializers.CharField()
    author = PersonOut()
    base = VersionRef(help_text="The live version it was written on.")
    channels = serializers.ListField(child=serializers.CharField())
    hunk_count = serializers.IntegerField()
    reverts = serializers.IntegerField(allow_null=True, help_text="The change it rolls back.")
    restores = serializers.IntegerField(allow_null=True, help_text="The version it brings back.")
    live_moved_to = serializers.IntegerField(
        allow_null=True, help_text="The live version, where that moved since it was written."
    )
    conflict_count = serializers.IntegerField(help_text="Places where it clashes with that.")
    emergency = serializers.BooleanField(help_text="Its author marked it as an emergency.")
    after_review_due_at = serializers.DateTimeField(
        allow_null=True,
        help_text="It went live without its approvals: until when people look at it. null once "
        "they have.",
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    scheduled_for = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    published_number = serializers.IntegerField(allow_null=True)


class VerdictOut(Out):
    """Whether you may, and if not, why."""

    allowed = serializers.BooleanField()
    reason = serializers.CharField()


class ChangeDetailOut(ChangeOut):
    """A change."""

    queued_behind = serializers.IntegerField(
        allow_null=True, help_text="The change that has to go live before it."
    )
    rationale = serializers.CharField()
    hypothesis = serializers.CharField()
    actions = serializers.DictField(child=VerdictOut(), help_text="By action: may you take it now?")


class EntryRef(Out):
    """A ledger entry."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    action = serializers.ChoiceField(Action.choices)


class StepTakenOut(Position):
    """What a step led to; a repeat with the same Idempotency-Key gets the same answer."""

    entry = EntryRef()
    opened = serializers.IntegerField(required=False, help_text="roll-back: the inverse change.")
    published_number = serializers.IntegerField(required=False, help_text="publish: the version.")
    waits_until = serializers.DateTimeField(
        required=False, help_text="schedule: a freeze is in force then; it goes live after it."
    )


class FieldChangeOut(Out):
    """One field before and after; a side that is left out had no value."""

    op = serializers.ChoiceField(["add", "remove", "edit", "move"])
    field = serializers.ListField(child=serializers.CharField())
    before = serializers.JSONField(required=False)
    after = serializers.JSONField(required=False)


class HunkOut(Out):
    """All changes to one element: what one reviewer decides on."""

    digest = serializers.CharField()
    element = serializers.CharField(help_text="The collection; empty for the header.")
    key = serializers.CharField()
    op = serializers.ChoiceField(["add", "remove", "edit", "move"])
    changes = FieldChangeOut(many=True)


class ProposedHunkOut(HunkOut):
    """A hunk of a change and what it touches."""

    channels = serializers.ListField(child=serializers.CharField())
    kinds = serializers.ListField(child=serializers.CharField())
    teams = serializers.ListField(child=serializers.CharField())


class DiffOut(Position):
    """What a change proposes."""

    base = VersionRef()
    summary = serializers.ListField(child=serializers.CharField(), help_text="In words.")
    hunks = ProposedHunkOut(many=True)


class MarkedHunkOut(HunkOut):
    """A hunk, and how pictures mark its element."""

    mark = serializers.ChoiceField(
        ["add", "remove", "edit", "move", "rewire"],
        help_text="rewire: a path or entry that starts or ends elsewhere; move: elsewhere in order,"
        " or in another stage.",
    )


# A class statement could not name its first field.
ComparisonOut: type[serializers.Serializer[Any]] = type(
    "ComparisonOut",
    (Out,),
    {
        "from": VersionRef(),
        "to": VersionRef(),
        "summary": serializers.ListField(child=serializers.CharField(), help_text="In words."),
        "hunks": MarkedHunkOut(many=True),
        "__doc__": "What leads from one version to another.",
    },
)


class ChecksOut(Position):
    """What the checks say about the proposed document."""

    errors = serializers.IntegerField(help_text="These block submitting.")  # type: ignore[assignment]
    warnings = serializers.IntegerField()
    findings = FindingOut(many=True)


class ResolutionOut(Out):
    """What somebody decided about a conflict."""

    choice = serializers.ChoiceField(["mine", "theirs", "edited"])
    value = serializers.JSONField(required=False, help_text="Only with “edited”.")


class ElementRef(Out):
    """An element of a document."""

    element = serializers.CharField()
    key = serializers.CharField()


class ConflictOut(Out):
    """A place where the change and live say different things; a side left out has no value."""

    fingerprint = serializers.CharField(help_text="Names it in a resolution.")
    kind = serializers.ChoiceField(get_args(ConflictKind))
    element = serializers.CharField(help_text="The collection; empty for the header.")
    key = serializers.CharField()
    field = serializers.ListField(
        child=serializers.CharField(), help_text="Empty where whole elements stand against another."
    )
    base = serializers.JSONField(required=False)
    ours = serializers.JSONField(required=False, help_text="What the change says.")
    theirs = serializers.JSONField(required=False, help_text="What is live.")
    target = ElementRef(required=False, help_text="remove/rewire: the element that was removed.")
    pointing = serializers.ChoiceField(
        ["ours", "theirs"], required=False, help_text="remove/rewire: who points at it."
    )
    hunk = serializers.CharField(allow_null=True, help_text="The digest of the change's hunk.")
    where = serializers.CharField(help_text="In words.")
    why = serializers.CharField(help_text="In words.")
    resolution = ResolutionOut(allow_null=True)


class ConflictsOut(Position):
    """What live moved under the change, and where the two clash."""

    base = VersionRef()
    live = VersionRef()
    moved = HunkOut(many=True)
    open = serializers.IntegerField(help_text="Conflicts without a resolution.")
    conflicts = ConflictOut(many=True)
    errors = FindingOut(  # type: ignore[assignment]
        many=True,
        help_text="Checks that fail only together with what is live, so that it cannot go live; "
        "none while conflicts are open.",
    )


class LedgerSubjectOut(SubjectOut):
    """What an entry is about; what is done to policies and delegations is in the ledger too."""

    kind = serializers.ChoiceField([*SubjectKind.values, *OTHERS])


class LedgerOut(Out):
    """Who did what to which subject, from state to state, on which digest, and why."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = PersonOut(allow_null=True, help_text="null: the portal itself, on schedule.")
    action = serializers.ChoiceField(Action.choices)
    change = serializers.IntegerField(
        allow_null=True, help_text="null: done to a policy, or to what is live without a change."
    )
    subject = LedgerSubjectOut()
    revision = serializers.IntegerField(help_text="Of the change; else the version it was done to.")
    from_state = serializers.CharField()
    to_state = serializers.CharField(help_text="Empty where no change took a step.")
    digest = serializers.CharField()
    reason = serializers.CharField()
    data = serializers.DictField(  # type: ignore[assignment]
        help_text="queue: “after” is the change it waits for, 0 for none, and “ended” the one it "
        "waits for no more; null for one that you do not see."
    )
    request_id = serializers.CharField()
    position = serializers.IntegerField(
        allow_null=True, help_text="In the sealed log; null while it waits to be sealed."
    )


class NewJourneyOut(Out):
    """A journey that is not live yet, and the change that would make it so."""

    key = serializers.CharField()
    name = serializers.CharField()
    is_restricted = serializers.BooleanField()
    live_version = serializers.IntegerField(allow_null=True)
    change = ChangeDetailOut()


class ViewedOut(Position):
    """The hunks of the newest revision that you have ticked off."""

    viewed = serializers.ListField(child=serializers.CharField(), help_text="Their digests.")
    total = serializers.IntegerField(help_text="How many hunks there are.")


class TickOut(Out):
    """One hunk, and how far you are."""

    digest = serializers.CharField()
    viewed = serializers.BooleanField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class SuggestionOut(Out):
    """An edit that somebody suggests to the author of a change."""

    id = serializers.IntegerField()
    author = PersonOut()
    revision = serializers.IntegerField(help_text="The revision it was written on.")
    element = serializers.CharField(help_text="The collection; empty for the header.")
    key = serializers.CharField()
    edits = serializers.ListField(child=serializers.DictField())
    changes = FieldChangeOut(many=True)
    comment = serializers.CharField()
    state = serializers.ChoiceField(Suggestion.State.choices)
    is_outdated = serializers.BooleanField(help_text="The element has changed since.")
    created_at = serializers.DateTimeField()
    decided_by = PersonOut(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
