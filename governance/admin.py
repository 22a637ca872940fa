"""Windows on changes and the ledger."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cjops.core.admin import Discreet, Window
from governance.drafting.building import built, saved_sentence
from governance.freezes import freezes_seen
from governance.models import (
    Change,
    ChangeRevision,
    FreezeWindow,
    Halt,
    LedgerEntry,
    Policy,
    Requirement,
    Review,
)
from governance.queries.policies import all_policies, proposal_of
from governance.services.freezing import freeze_errors, remove_freeze, save_freeze
from governance.stewardship import can_manage
from governance.trying.bench import try_out
from journeys.models import Journey
from people.models import User


class RevisionInline(admin.TabularInline):
    """The revisions, without their documents: those are looked at in the portal."""

    model = ChangeRevision
    fields = ("number", "digest", "author", "created_at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RequirementInline(admin.TabularInline):
    """Who has to decide."""

    model = Requirement
    fields = ("revision", "key", "quorum", "due_at", "met_at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReviewInline(admin.TabularInline):
    """What was said."""

    model = Review
    fields = ("revision", "reviewer", "verdict", "comment", "created_at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Change)
class ChangeWindow(Discreet, Window):
    """A change, its revisions, and who decided."""

    list_display = ("number", "title", "kind", "state", "author", "updated_at")
    list_filter = ("state", "kind")
    search_fields = ("number", "title")
    list_select_related = ("author",)
    show_full_result_count = False
    inlines = (RevisionInline, RequirementInline, ReviewInline)


@admin.register(LedgerEntry)
class LedgerWindow(Discreet, Window):
    """Who did what, when and why."""

    list_display = ("at", "actor", "action", "about", "from_state", "to_state", "short_digest")
    list_filter = ("action", "kind")
    search_fields = ("change__number", "change__title", "actor__email")
    list_select_related = ("actor", "change", "journey", "asset", "taxonomy", "policy")
    show_full_result_count = False

    def seen(self, rows: Any, user: Any) -> Any:
        """Entries about what the person sees; those on policies, and on stand-ins that are or may
        be on a journey, are for people who see everything."""
        return rows if user.has_perm("people.see_everything") else rows.visible_to(user)

    @admin.display(description=_("about"))
    def about(self, entry: LedgerEntry) -> str:
        """The change, or what it was done to without one."""
        return str(entry.change or getattr(entry, entry.kind))

    @admin.display(description=_("digest"))
    def short_digest(self, entry: LedgerEntry) -> str:
        return entry.digest[:12]


class FreezeForm(forms.ModelForm):
    """A freeze; what is wrong with it stands at its field."""

    class Meta:
        model = FreezeWindow
        fields = (
            *("key", "name", "name_zh_hans", "name_zh_hant", "reason", "starts_at", "ends_at"),
            *("market", "channel", "journey", "scheduled"),
        )
        help_texts = {
            "reason": _("People read it where the freeze keeps them from publishing."),
            "market": _("As journeys name it. Leave all three empty: it holds everywhere."),
            "scheduled": _("What becomes of a change whose time lies in the freeze."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        names = ("starts_at", "ends_at", "market", "channel", "journey")
        asked = FreezeWindow(**{name: cleaned[name] for name in names if name in cleaned})
        for name, sentences in freeze_errors(asked).items():
            if name in cleaned:
                self.add_error(name, [str(sentence) for sentence in sentences])
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Without the constraints: told above in words."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"ends_at", "market"}


@admin.register(FreezeWindow)
class FreezeAdmin(Discreet):
    """When nothing is published. A freeze that is over stays as it was."""

    form = FreezeForm
    list_display = ("name", "starts_at", "ends_at", "market", "channel", "journey", "scheduled")
    list_select_related = ("channel", "journey")
    search_fields = ("key", "name")
    autocomplete_fields = ("journey",)
    actions = None

    def seen(self, rows: Any, user: Any) -> Any:
        """All but those of journeys that the person does not see."""
        return rows & freezes_seen(user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """One of the journeys that the person sees."""
        if db_field.name == "journey":
            user: Any = request.user
            kwargs["queryset"] = Journey.objects.visible_to(user).order_by()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("key",) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_over(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_over(obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_freeze(window=obj, actor=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        remove_freeze(window=obj, actor=request.user)  # type: ignore[arg-type]


def _is_over(window: FreezeWindow | None) -> bool:
    return window is not None and window.ends_at <= timezone.now()


@admin.register(Halt)
class HaltWindow(Discreet, Window):
    """What was paused or stopped, by whom, and until when."""

    list_display = ("journey", "step", "kind", "by", "at", "ended_by", "ended_at")
    list_filter = ("kind",)
    search_fields = ("journey__key", "journey__name", "step")
    list_select_related = ("journey", "by", "ended_by")
    show_full_result_count = False

    def seen(self, rows: Any, user: Any) -> Any:
        """Halts of journeys that the person sees."""
        return rows.filter(journey__in=Journey.objects.visible_to(user).order_by())


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    """Policies: written in the form of the portal, by its rules."""

    list_display = ("key", "label", "version", "since", "proposed")
    list_display_links = ("key", "label")
    list_select_related = ("active",)
    search_fields = ("key", "name")
    actions = None

    @admin.display(description=_("name"))
    def label(self, policy: Policy) -> str:
        return policy.label

    @admin.display(description=_("in force"))
    def version(self, policy: Policy) -> str:
        return f"v{policy.active.number}" if policy.active else ""

    @admin.display(description=_("since"))
    def since(self, policy: Policy) -> Any:
        return policy.active.decided_at if policy.active else None

    @admin.display(description=_("proposed"))
    def proposed(self, policy: Policy) -> str:
        proposal = proposal_of(policy)
        return f"v{proposal.number}" if proposal else ""

    def get_queryset(self, request: HttpRequest) -> Any:
        return all_policies()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(can_manage(cast(User, request.user)))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A policy ends by a version that says so.
        return False

    def get_urls(self) -> list[URLPattern]:
        """With the portal's test bench, before what takes any word for a key."""
        bench = self.admin_site.admin_view(self.test_view)
        return [path("test/", bench, name="governance_policy_test"), *super().get_urls()]

    def test_view(self, request: HttpRequest) -> HttpResponse:
        """Who would have to decide on a change, and why."""
        sent = request.POST.dict() if request.method == "POST" else None
        tried = try_out(cast(User, request.user), request.GET.dict(), sent, request.FILES)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Test bench"),
            **tried.context,
        }
        return render(request, "admin/governance/policy/test.html", context, status=tried.status)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The portal's form, between the administration's own header and footer."""
        return self._written(request, None)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """The same for a policy that is there."""
        policy = self.get_object(request, object_id)
        if policy is None:
            raise Http404
        return self._written(request, policy)

    def _written(self, request: HttpRequest, policy: Policy | None) -> HttpResponse:
        if not self.has_module_permission(request):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else None
        done = built(sent, policy, cast(User, request.user))
        if done.version is not None:
            messages.success(request, saved_sentence(done.version))
            return redirect("admin:governance_policy_changelist")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": policy.label if policy else _("New policy"),
            "cancel_url": reverse("admin:governance_policy_changelist"),
            **done.context,
        }
        template = "admin/governance/policy/write.html"
        if getattr(request, "htmx", False):
            template = "governance/policies/_builder_answer.html"
        return render(request, template, context, status=done.status)
