"""How the API's description shows what calls answer about who decides, and who stands in."""

from rest_framework import serializers

from governance.api.outputs import ChangeOut, Out, PersonOut, Position


class GivenOut(PersonOut):
    """Somebody who approved."""

    on_behalf_of = PersonOut(allow_null=True, help_text="Whose word it counts as, if not theirs.")


class RequirementOut(Out):
    """A decision that the change needs."""

    key = serializers.CharField()
    label = serializers.CharField(help_text="What it is called.")  # type: ignore[assignment]
    reason = serializers.CharField(
        help_text="“policy”; of what was asked before there were policies: steward, owner, "
        "operations, roll_back."
    )
    why = serializers.CharField(help_text="In words.")
    policy = serializers.CharField(allow_null=True, help_text="The key of the policy that asks.")
    version = serializers.IntegerField(allow_null=True, help_text="Of that policy.")
    round = serializers.IntegerField(help_text="Later rounds wait for earlier ones.")
    is_open = serializers.BooleanField(help_text="Whether its round has come.")
    is_stuck = serializers.BooleanField(help_text="Nobody may decide, or too few.")
    hunks = serializers.ListField(child=serializers.CharField())
    quorum = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)
    met_at = serializers.DateTimeField(allow_null=True)
    escalated_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when others are asked as well, because it is late."
    )
    people = PersonOut(many=True, help_text="Who may decide.")
    given_by = GivenOut(many=True, help_text="Whose approval covers all of it.")


class WithoutOut(Out):
    """What would be left out: all edits of a kind, or one element."""

    kind = serializers.CharField(allow_null=True)
    element = serializers.CharField(help_text="The collection; empty for the header or a kind.")
    key = serializers.CharField()


class SavingOut(Out):
    """What would not be needed if the change were smaller."""

    why = serializers.CharField(help_text="In words.")
    without = WithoutOut()
    requirements = serializers.ListField(child=serializers.CharField(), help_text="Their keys.")


class RequirementsOut(Position):
    """Who must decide, and why."""

    is_preview = serializers.BooleanField(help_text="Not submitted yet: who would have to.")
    blocked = serializers.CharField(help_text="Why submitting would be refused, or empty.")
    requirements = RequirementOut(many=True)
    smaller = SavingOut(
        many=True, help_text="Of a preview: what would take fewer decisions, most first."
    )


class LookingOut(Out):
    """Somebody who is looking at a change."""

    name = serializers.CharField()
    until = serializers.DateTimeField()


class InboxDecisionOut(Out):
    """A decision that waits for you."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    why = serializers.CharField(help_text="In words.")
    policy = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    round = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)
    is_open = serializers.BooleanField()
    is_stuck = serializers.BooleanField()
    escalated_at = serializers.DateTimeField(allow_null=True)


class InboxOut(ChangeOut):
    """Something that waits for you."""

    wants = serializers.ChoiceField(["decision", "after-review", "publication", "revision"])
    why = serializers.ListField(child=serializers.CharField())
    requirements = serializers.ListField(child=serializers.CharField())
    decisions = InboxDecisionOut(many=True, help_text="The same decisions with what they are.")
    looked_at_by = LookingOut(many=True, help_text="Who says that they are looking at it.")


class PickUpOut(Position):
    """Who says that they are looking at a change."""

    looked_at_by = LookingOut(many=True)


class DelegationOut(Out):
    """Somebody decides for somebody else for a time."""

    id = serializers.IntegerField()
    giver = PersonOut(help_text="For whom.")
    taker = PersonOut(help_text="Who decides.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    channel = serializers.CharField(allow_null=True, help_text="Only on this channel.")
    team = serializers.CharField(allow_null=True, help_text="Only what this team is asked.")
    journey = serializers.CharField(allow_null=True, help_text="Only on this journey.")
    is_journey_hidden = serializers.BooleanField(
        help_text="It is on one journey, which you do not see; `journey` is null then."
    )
    reason = serializers.CharField()
