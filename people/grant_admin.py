"""Roles and who holds them on what, as an admin edits them. Every write goes through
`people.granting`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cjops.core.admin import Discreet, LooksUp
from people import granting, rights
from people.models import NAMES_JOURNEY, NAMES_PLACE, Grant, Role, Scope

NEEDED = {
    **dict.fromkeys(NAMES_PLACE, ("place",)),
    **dict.fromkeys(NAMES_JOURNEY, ("journey",)),
    Scope.STEP: ("journey", "step"),
    Scope.ASSET: ("asset",),
    Scope.TAXONOMY: ("taxonomy",),
    Scope.EVERYTHING: (),
}
PLACES = ("place", "journey", "step", "asset", "taxonomy")


class GrantForm(forms.ModelForm):
    """A role for one person or one team, on what `scope` says."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=100,
        help_text=_("It stands in the history, for whoever asks later."),
    )

    class Meta:
        model = Grant
        fields = ("role", "user", "team", "scope", *PLACES, "ends_at")
        help_texts = {
            "place": _("As journeys have it, for a market or a product line."),
            "step": _("The key of the step, for one step of the journey."),
            "ends_at": _("Empty: until it is taken back."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "user" in self.fields and bool(cleaned.get("user")) == bool(cleaned.get("team")):
            raise ValidationError(_("Choose one person or one team."))
        scope = cleaned.get("scope")
        if scope:
            for name in PLACES:
                # Beside a journey that is edited there is no choice of journeys.
                if name in self.fields:
                    self._check_place(name, bool(cleaned.get(name)), name in NEEDED[Scope(scope)])
        return cleaned

    def _check_place(self, name: str, is_said: bool, is_needed: bool) -> None:
        if is_needed and not is_said:
            self.add_error(name, _("Say which one."))
        elif is_said and not is_needed:
            self.add_error(name, _("Leave this empty, or choose another reach above."))

    def _get_validation_exclusions(self) -> set[str]:
        """Without the constraints: told above in words, or minded by the service."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"scope", "role"}


class ReachFilter(admin.SimpleListFilter):
    """Whether grants are in force."""

    title = _("in force")
    parameter_name = "force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("In force")), ("ending", _("With an end")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Grant]) -> QuerySet[Grant]:
        if self.value() == "yes":
            return queryset.filter(is_over=False)
        if self.value() == "ending":
            return queryset.filter(is_over=False, ends_at__isnull=False)
        return queryset.filter(is_over=True) if self.value() == "over" else queryset


@admin.register(Grant)
class GrantAdmin(Discreet):
    """Who holds which role on what. A grant is given and taken back; only its end is edited."""

    form = GrantForm
    fields = ("role", "user", "team", "scope", *PLACES, "ends_at", "reason", "why")
    autocomplete_fields = ("role", "user", "team", "journey", "asset", "taxonomy")
    list_display = ("role", "user", "team", "scope", "on_what", "ends_at", "is_over", "granted_at")
    list_filter = (ReachFilter, "scope", "role")
    list_select_related = ("role", "user", "team", "journey", "asset", "taxonomy")
    search_fields = (
        *("user__email", "user__name", "team__key", "team__name", "place"),
        *("journey__key", "journey__name", "asset__key", "taxonomy__key"),
    )
    show_full_result_count = False
    actions = None

    @admin.display(description=_("what"))
    def on_what(self, grant: Grant) -> str:
        """The name of what it is on."""
        return grant.reach

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Nothing is chosen that the person does not see: it is refused like what is not there."""
        if db_field.name in ("journey", "asset", "taxonomy"):
            rows = db_field.related_model._default_manager
            kwargs["queryset"] = rows.visible_to(request.user).order_by()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Grant | None = None) -> Any:
        """Another reach or holder is another grant."""
        return ("role", "user", "team", "scope", *PLACES, "why") if obj else ("why",)

    @admin.display(description=_("rights explained"))
    def why(self, grant: Grant) -> str:
        """Where all that its holder may do there is told, if it is one person on one thing."""
        if grant.user is None or grant.subject is None:
            return "–"
        kind = grant.subject._meta.model_name
        asked = {"person": grant.user.email, "subject": f"{kind}:{grant.subject.key}"}
        address = reverse("why", query=asked)
        return format_html('<a href="{}">{}</a>', address, _("What they may do there, and why"))

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: bool) -> None:
        actor: Any = request.user
        columns = {name: getattr(obj, name) for name in PLACES if getattr(obj, name)}
        given = granting.give(
            role=obj.role,
            on=granting.Reach(obj.scope, columns),
            user=obj.user,
            team=obj.team,
            ends_at=form.cleaned_data.get("ends_at"),
            reason=form.cleaned_data.get("reason", ""),
            actor=actor,
        )
        obj.pk = given.pk

    def delete_model(self, request: HttpRequest, obj: Grant) -> None:
        granting.take_back(grant=obj, actor=request.user)  # type: ignore[arg-type]


class GrantInline(LooksUp, admin.TabularInline):
    """The roles granted on a journey, on it with its parts, or on a step of it."""

    model = Grant
    form = GrantForm
    fields = ("role", "user", "team", "scope", "step", "ends_at")
    autocomplete_fields = ("role", "user", "team")
    extra = 0

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only what reaches this journey."""
        if db_field.name == "scope":
            kwargs["choices"] = [(one.value, one.label) for one in NAMES_JOURNEY]
            kwargs["initial"] = Scope.JOURNEY
        return super().formfield_for_choice_field(db_field, request, **kwargs)


def save_grants(formset: Any, actor: Any) -> None:
    """Give and take back what was edited beside a journey, each by its service."""
    formset.save(commit=False)
    edited = [grant for grant, _fields in formset.changed_objects]
    # As stored, since the form has written the new values onto its own instance.
    stored = Grant.objects.select_related("role", "journey").in_bulk(
        [grant.pk for grant in (*formset.deleted_objects, *edited)]
    )
    for grant in stored.values():
        granting.take_back(grant=grant, actor=actor)
    for grant in (*formset.new_objects, *edited):
        columns = {"journey": grant.journey} | ({"step": grant.step} if grant.step else {})
        granting.give(
            role=grant.role,
            on=granting.Reach(grant.scope, columns),
            user=grant.user,
            team=grant.team,
            ends_at=grant.ends_at,
            actor=actor,
        )


class RoleForm(forms.ModelForm):
    """A role, its rights as boxes to tick."""

    permissions = forms.MultipleChoiceField(
        choices=[
            (label, [(right.codename, right.label) for right in rights.of_kind(kind)])
            for kind, label in rights.KINDS.items()
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Permissions"),
    )

    class Meta:
        model = Role
        fields = (
            "key",
            "name",
            "name_zh_hans",
            "name_zh_hant",
            "permissions",
            "requires_second_factor",
            "is_owner",
            "position",
        )

    def clean_permissions(self) -> list[str]:
        """Whoever may do anything with a subject sees it."""
        return rights.complete(set(self.cleaned_data["permissions"]))


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    """Roles; whoever holds one gets the rights it has now."""

    form = RoleForm
    list_display = ("name", "key", "is_owner", "requires_second_factor", "position")
    search_fields = ("key", "name")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> tuple[str, ...]:
        """Rules name roles by their key."""
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        granting.save_role(role=obj, actor=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Role) -> None:
        granting.delete_role(role=obj, actor=request.user)  # type: ignore[arg-type]
