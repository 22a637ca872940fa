"""Forms of the life of a change."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cjops.core.errors import DomainError
from cjops.core.moments import check_range
from governance.models import Change, Halt
from governance.transitions import State
from people.models import Channel
from people.proving import AskingForm


class OpenForm(forms.Form):
    """What a new change is about."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("What changes, in a few words. For example: Warmer welcome e-mail."),
    )
    rationale = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=10_000
    )
    hypothesis = forms.CharField(
        label=_("What we expect"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=10_000,
        help_text=_("For example: 4 % more completed identity checks in 30 days."),
    )
    emergency = forms.BooleanField(
        label=_("This is an emergency"),
        required=False,
        help_text=_(
            "Only where customers are harmed while it waits. Policies may then ask other people, "
            "with less time, and everybody sees that it was one: here, in lists and in the ledger."
        ),
    )


class RestoreForm(OpenForm):
    """Why an earlier version comes back, and how much of it."""

    WHOLE, PARTS = "whole", "parts"

    hypothesis = None  # type: ignore[assignment]
    emergency = None  # type: ignore[assignment]
    extent = forms.ChoiceField(choices=[(WHOLE, WHOLE), (PARTS, PARTS)])

    field_order = ("extent", "title", "rationale")


class DescribeForm(OpenForm):
    """What a change is about, once it is open."""

    def __init__(self, data: Any = None, *, change: Change) -> None:
        initial = {name: getattr(change, name) for name in ("title", "rationale", "hypothesis")}
        super().__init__(data, initial={**initial, "emergency": change.is_emergency})
        # Those of the API need not say why, and must not be kept from the rest by that.
        self.fields["rationale"].required = bool(change.rationale)


class DecisionForm(forms.Form):
    """What somebody says with a step, and which document they looked at."""

    comment = forms.CharField(
        label=_("Comment"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=10_000,
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class AppointForm(DecisionForm):
    """Whom to let decide where nobody may, and why."""

    requirement = forms.ChoiceField(label=_("Which decision"))
    person = forms.EmailField(
        label=_("Who is to decide"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("An e-mail address. They must see it, and must not have edited this change."),
    )

    field_order = ("requirement", "person", "comment")

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(choices)
        self.fields["requirement"].choices = found  # type: ignore[attr-defined]
        if len(found) == 1:
            self.fields["requirement"].initial = found[0][0]
            self.fields["requirement"].widget = forms.HiddenInput()
        self.fields["comment"].label = _("Why this person")
        self.fields["comment"].required = True


class BreakGlassForm(AskingForm, DecisionForm):
    """Why this cannot wait for the approvals; with the second factor of those who have one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].label = _("Why this cannot wait")
        self.fields["comment"].required = True


class SuggestForm(DecisionForm):
    """Why somebody suggests an edit, and which document they looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].label = _("Why you suggest it")
        self.fields["comment"].help_text = _("The author reads this beside your edit.")


class DeclineForm(forms.Form):
    """Why a suggestion is not taken up."""

    comment = forms.CharField(
        label=_("Why not"), widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000
    )


class RemarkForm(forms.Form):
    """A comment on a passage of content; `do` keeps it back or sends it."""

    passage = forms.CharField(widget=forms.HiddenInput, max_length=40)
    text = forms.CharField(
        label=_("What you think of it"), widget=forms.Textarea(attrs={"rows": 4}), max_length=10_000
    )
    do = forms.ChoiceField(
        choices=[("send", ""), ("keep", "")], required=False, widget=forms.HiddenInput
    )


class AheadField(forms.IntegerField):
    """The number of a change to wait for, 0 for none; `kept` also takes `KEPT` for an answer."""

    KEPT = "kept"
    widget = forms.Select

    kept = False

    def clean(self, value: Any) -> Any:
        """The number, or `KEPT` where that was among the choices."""
        return value if self.kept and value == self.KEPT else super().clean(value)


class QueueForm(DecisionForm):
    """Which change to wait for; what it waits for now is among the choices, and chosen at first."""

    after = AheadField(
        label=_("Publish after"),
        min_value=0,
        max_value=2**63 - 1,
        help_text=_("It goes live only after that one, however early people decide on it."),
    )

    def __init__(
        self,
        *args: Any,
        others: Iterable[Change] = (),
        ahead: Change | None = None,
        waits: bool = False,
        **kwargs: Any,
    ) -> None:
        """`ahead` is what it waits for now as far as the person sees it, `waits` whether it does.

        Of one they do not see they learn nothing here, and can leave it as it is.
        """
        super().__init__(*args, **kwargs)
        del self.fields["comment"]
        field = cast(AheadField, self.fields["after"])
        field.kept = waits and ahead is None
        choices: list[tuple[object, object]] = [(0, _("no other change"))]
        if field.kept:
            choices.append((AheadField.KEPT, _("the change it waits for now")))
        field.initial = AheadField.KEPT if field.kept else 0
        found = {change.number: change for change in others}
        if ahead is not None:
            field.initial = ahead.number
            found = {ahead.number: ahead} | found
        choices += [(number, f"CR-{number} {one.title}") for number, one in found.items()]
        field.widget.choices = choices


class ScheduleForm(DecisionForm):
    """When to publish, in the person's own time zone; no time where it waits for another change."""

    def __init__(self, *args: Any, may_wait: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_wait:
            self.fields["publish_at"].required = False
            self.fields["publish_at"].help_text = _(
                "Leave it empty to publish right after the change that this one waits for."
            )

    publish_at = forms.DateTimeField(
        label=_("Publish at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[check_range],
    )

    def clean_publish_at(self) -> datetime | None:
        """Refuse the past here already, so that the form comes back with the field marked."""
        value: datetime | None = self.cleaned_data["publish_at"]
        if value is not None and value <= timezone.now():
            raise forms.ValidationError(_("Choose a time in the future."))
        return value


class ResumeForm(forms.Form):
    """Why what is halted goes on."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=10_000,
        help_text=_("Colleagues read it beside the halt."),
    )


class HaltForm(ResumeForm):
    """What of a live journey to halt, and how."""

    step = forms.ChoiceField(label=_("What"), required=False)
    kind = forms.ChoiceField(
        label=_("How"),
        widget=forms.RadioSelect,
        initial=Halt.Kind.PAUSE,
        choices=[
            (Halt.Kind.PAUSE, _("Pause: nobody goes on, everybody stays where they are")),
            (Halt.Kind.STOP, _("Stop: nobody goes on, and whoever is inside leaves")),
        ],
    )

    field_order = ("step", "kind", "reason")
    # A browser would take the whole, which is chosen by nothing, for no choice.
    use_required_attribute = False

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = self.fields["step"]
        step.choices = choices  # type: ignore[attr-defined]
        # Without the whole among the choices an empty answer names nothing.
        step.required = True
        if not all(key for key, _name in choices):
            step.empty_values = [None]


class ChangeFilterForm(forms.Form):
    """Filters of the list of changes; what it does not know it ignores."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    mine = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[
            ("", _("everybody’s")),
            ("author", _("opened by me")),
            ("decide", _("for me to decide")),
            ("reviewed", _("decided by me")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("open ones")),
            ("all", _("all")),
            *State.choices,
        ]
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            ("", _("all channels")),
            *((channel.key, channel.label) for channel in Channel.objects.all()),
        ]


class ContentForm(forms.Form):
    """Content for one slot of a step: a version that exists, or a new one written here."""

    NEW = "new"

    version = forms.ChoiceField(label=_("Which wording"))
    into = forms.ChoiceField(
        label=_("Part of"),
        required=False,
        help_text=_("Put what belongs together into one change: it is decided together."),
    )
    rationale = forms.CharField(
        label=_("Why this change"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        help_text=_("The people who decide read this first."),
    )
    hypothesis = forms.CharField(
        label=_("What we expect"),
        required=False,
        max_length=10_000,
        help_text=_("For example: 4 % more completed identity checks in 30 days."),
    )
    as_draft = forms.BooleanField(
        label=_("Keep it as a draft; I will submit it later"), required=False
    )

    def __init__(
        self,
        *args: Any,
        versions: list[int],
        bound: int | None,
        may_write: bool,
        drafts: Sequence[Change] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        own = [(str(one.number), f"CR-{one.number} · {one.title}") for one in drafts]
        self.fields["into"].choices = [("", _("A change of its own")), *own]  # type: ignore[attr-defined]
        # A draft has said why.
        said = self.data if self.is_bound else self.initial
        self.fields["rationale"].required = not said.get("into")
        choices: list[tuple[str, Any]] = []
        if may_write:
            choices.append((self.NEW, _("A new version, written below")))
        for number in versions:
            label = _("Version %(number)s, as it is") % {"number": number}
            if number == bound:
                label = _("Version %(number)s, which the step shows now") % {"number": number}
            choices.append((str(number), label))
        self.fields["version"].choices = choices  # type: ignore[attr-defined]
        self.fields["version"].initial = choices[0][0] if choices else None


def not_said() -> str:
    """What somebody reads whose form did not say which document it was about."""
    return str(
        _(
            "This page did not say which version you looked at. What you typed is still here. "
            "Look at the change once more, then press the button again."
        )
    )


def explain(form: forms.Form, error: DomainError) -> None:
    """The refusal and its details, on top of the form."""
    form.add_error(None, error.message)
    details = [sentence for sentences in error.errors.values() for sentence in sentences]
    details += [finding.message for finding in error.extra.get("findings", [])]
    for sentence in details:
        form.add_error(None, sentence)


class RetireForm(forms.Form):
    """Why content is to go out of use."""

    rationale = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those who decide read it."),
    )
