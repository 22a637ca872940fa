"""Every edit in the administration is an audit entry: which fields, never what was in them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest

from cjops.core import auditing
from cjops.core.admin_history import edits_of

# Of more rows only the number is kept.
MOST_IDS = 200
# It tells of each row by itself.
TELLING = "delete_selected"


class Audited(admin.ModelAdmin):
    """Writes down who added, changed or deleted what, in the transaction that does so; and shows
    how a row came to be what it is."""

    object_history_template = "admin/history.html"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Who changed what of it, and of the rows that belong to it."""
        answer = super().history_view(request, object_id, extra_context)
        told = getattr(answer, "context_data", None)
        # Whoever may not look was sent away by now.
        if told is not None and "object" in told:
            told["edits"] = edits_of(self, told["object"], request.user)
        return answer

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Keep the names of the fields: Django's message has their labels."""
        request._audited = _changed(form, formsets or ())  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A row is new."""
        _note("admin.added", request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A row, or one that belongs to it, is another."""
        _note("admin.changed", request, obj)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Rows go."""
        for obj in queryset:
            _note("admin.deleted", request, obj)
        return super().log_deletions(request, queryset)

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **said: Any) -> Any:
        """What else was done to rows that were ticked."""
        answer = super().response_action(request, queryset, *args, **said)
        name = request.POST.get("action", "")
        if name and name != TELLING and name in self.get_actions(request):
            ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
            told = {
                "model": self.model._meta.label_lower,
                "action": name,
                "rows": len(ticked),
                "ids": [one for one in ticked if one.isdecimal()][:MOST_IDS],
                "all": request.POST.get("select_across") == "1",
            }
            auditing.note("admin.acted", actor=request.user, data=told)  # type: ignore[arg-type]
        return answer


def _note(action: str, request: HttpRequest, obj: Any) -> None:
    said = {"model": obj._meta.label_lower, **getattr(request, "_audited", {})}
    # Sessions and the like are not numbered.
    about = obj if isinstance(obj.pk, int) else None
    auditing.note(action, actor=request.user, about=about, data=said)  # type: ignore[arg-type]


def _changed(form: Any, formsets: Any) -> dict[str, Any]:
    """Names of the fields, and for each kind of row that belongs to it what became of how many."""
    found: dict[str, Any] = {"fields": sorted(form.changed_data)}
    inlines: dict[str, dict[str, Any]] = {}
    for formset in formsets:
        changed = [
            {"id": row.pk if isinstance(row.pk, int) else None, "fields": sorted(fields)}
            for row, fields in formset.changed_objects
        ]
        said = {
            "added": len(formset.new_objects),
            "changed": changed,
            "deleted": [row.pk for row in formset.deleted_objects if isinstance(row.pk, int)],
        }
        if any(said.values()):
            inlines[formset.model._meta.label_lower] = said
    return {**found, "inlines": inlines} if inlines else found
