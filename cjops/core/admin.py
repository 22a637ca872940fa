"""The administration site, and the window through which governed rows are looked at."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from cjops.core.admin_audit import Audited
from cjops.core.errors import Forbidden


class CJOpsAdminSite(admin.AdminSite):
    """Django's own administration with the portal's name; people sign in at the portal's door."""

    site_title = _("CJOps administration")
    site_header = _("CJOps administration")
    index_title = _("Administration")
    site_url = reverse_lazy("inbox")  # type: ignore[assignment]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Whoever wrote the class: what is edited with it is written down."""
        known = admin_class or admin.ModelAdmin
        missing = tuple(one for one in (Audited, LooksUp) if not issubclass(known, one))
        if missing:
            members = {"__module__": known.__module__, "__doc__": known.__doc__}
            known = type(known.__name__, (*missing, known), members)
        super().register(model_or_iterable, known, **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """One sign-in with one rate limit, instead of a second form beside it."""
        if request.user.is_authenticated:
            raise Forbidden(str(_("You may not open the administration.")))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


class LookUp(AutocompleteSelect):
    """A row that is looked up by name; shown again with what was sent, if that can be a key."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        """Django asks the database for whatever was sent, and fails on what is no number."""
        keys = [one for one in value if str(one).isascii() and str(one).isdecimal()]
        return super().optgroups(name, [one for one in keys if len(str(one)) < 19], attrs)


class LooksUp(BaseModelAdmin):
    """Its rows that are looked up by name stand anything that is sent; for inlines too."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LookUp(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class Discreet(admin.ModelAdmin):
    """Rows that somebody of the staff may see: lists, pages and what is looked up by name."""

    def seen(self, rows: Any, user: Any) -> Any:
        """Those of the rows that the person sees."""
        return rows.visible_to(user)

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.seen(super().get_queryset(request), request.user)


class Window(admin.ModelAdmin):
    """Read-only: what governance decides is looked at here, never written."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
