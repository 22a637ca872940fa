"""Windows on changes and the ledger."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cjops.core.admin import Window
from governance.models import Change, ChangeRevision, LedgerEntry, Requirement, Review


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
class ChangeWindow(Window):
    """A change, its revisions, and who decided."""

    list_display = ("number", "title", "kind", "state", "author", "updated_at")
    list_filter = ("state", "kind")
    search_fields = ("number", "title")
    list_select_related = ("author",)
    show_full_result_count = False
    inlines = (RevisionInline, RequirementInline, ReviewInline)


@admin.register(LedgerEntry)
class LedgerWindow(Window):
    """Who did what, when and why."""

    list_display = ("at", "actor", "action", "change", "from_state", "to_state", "short_digest")
    list_filter = ("action", "kind")
    search_fields = ("change__number", "change__title", "actor__email")
    list_select_related = ("actor", "change")
    show_full_result_count = False

    @admin.display(description=_("digest"))
    def short_digest(self, entry: LedgerEntry) -> str:
        return entry.digest[:12]
