"""What other open changes would break or conflict together with one."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import refusals
from governance.api import outputs, rows
from governance.api.changes import ChangeApi
from governance.clashes import Clash, clashes_of
from governance.models import Change
from governance.subjects import subject_of
from governance.transitions import State
from people.models import User

KINDS = ("remove", "point", "fill", "enter", "use", "retire", "share", "touch")


class OtherChangeOut(outputs.Out):
    """Another open change."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    subject = outputs.SubjectOut()
    author = outputs.PersonOut()
    more = serializers.IntegerField(help_text="Further places in which it clashes, less badly.")


class OpenClashOut(outputs.Out):
    """One place in which another open change stands against this one."""

    change = serializers.IntegerField(help_text="The number of the other one.")
    kind = serializers.ChoiceField(
        KINDS,
        help_text="What this change does there: removes or leads to a step, fills a slot, lets an "
        "audience in, shows or retires an asset, sets shares, or merely edits (touch).",
    )
    severity = serializers.ChoiceField(
        ("breaks", "overlaps"),
        help_text="breaks: with both live something no longer holds; overlaps: both edit it.",
    )
    is_conflict = serializers.BooleanField(
        help_text="Of an overlap: whether merging the two needs a decision."
    )
    place = serializers.CharField(help_text="In words.")
    sentence = serializers.CharField(help_text="What comes of it, in words.")
    fields = serializers.ListField(  # type: ignore[assignment]
        child=serializers.CharField(), help_text="What both want otherwise, in words."
    )
    element = serializers.CharField(
        allow_null=True, help_text="Of this change's hunk it is about; empty for the header."
    )
    key = serializers.CharField(allow_null=True)


class ClashesOut(outputs.Position):
    """What clashes with a change."""

    breaking = serializers.IntegerField(help_text="How many of the clashes break something.")
    left_out = serializers.IntegerField(help_text="Changes that clash less and are not listed.")
    is_cut = serializers.BooleanField(help_text="There are more than were looked at.")
    changes = OtherChangeOut(many=True)
    clashes = OpenClashOut(many=True)


class ChangeClashes(ChangeApi):
    """Clashes with other changes that are open too."""

    @extend_schema(
        operation_id="changes_clashes",
        responses={200: ClashesOut, **refusals(404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """Other open changes that edit the same, or break something only together with this one.

        The worst come first. Changes of subjects that you do not see are left out.
        """
        change = self.change(request, number)
        found = clashes_of(change, cast(User, request.user))
        return Response(
            {
                **rows.position(change),
                "breaking": found.breaking,
                "left_out": found.left_out,
                "is_cut": found.is_cut,
                "changes": [
                    _other(other, found.more.get(other.pk, 0)) for other, _ in found.by_change
                ],
                "clashes": [_clash(clash) for clash in found.items],
            }
        )


def _other(change: Change, more: int) -> dict[str, Any]:
    subject = subject_of(change)
    return {
        "number": change.number,
        "title": change.title,
        "state": change.state,
        "subject": {"kind": change.kind, "key": subject.key, "name": subject.name},
        "author": rows.person(change.author),
        "more": more,
    }


def _clash(clash: Clash) -> dict[str, Any]:
    element, key = clash.hunk or (None, None)
    return {
        "change": clash.other.number,
        "kind": clash.kind,
        "severity": clash.severity,
        "is_conflict": clash.is_conflict,
        "place": clash.place,
        "sentence": clash.sentence,
        "fields": list(clash.fields),
        "element": element,
        "key": key,
    }
