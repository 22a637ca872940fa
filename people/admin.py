"""Teams, calendars and channels: what an admin sets up. Every write goes through the services."""

import zoneinfo
from collections.abc import Iterable
from datetime import date
from typing import Any

import allauth.account.admin
import allauth.usersessions.admin  # noqa: F401 - they register what is taken off below
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

import people.grant_admin
import people.person_admin  # noqa: F401 - and this one accounts
from cjops.core.admin import LooksUp
from people import scheduling, services
from people.models import ApiToken, Channel, Holiday, Membership, Team, WorkingCalendar

# A team's group is kept equal to its members by the services; nobody edits it beside them.
admin.site.unregister(Group)
# A person has one address, the one on the account.
admin.site.unregister(EmailAddress)
# Sessions are ended by the person, at their preferences, and by deactivating them.
admin.site.unregister(UserSession)


class MembershipInline(LooksUp, admin.TabularInline):
    """The people of a team."""

    model = Membership
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Teams with their people and the channels they steward."""

    fields = ("key", "name", "name_zh_hans", "name_zh_hant", "kind", "channels", "calendar")
    filter_horizontal = ("channels",)
    list_display = ("name", "key", "kind")
    list_filter = ("kind", "channels")
    search_fields = ("key", "name")
    inlines = (MembershipInline,)
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Team | None = None) -> tuple[str, ...]:
        """Journeys name teams by their key."""
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        services.save_team(team=obj, actor=request.user)  # type: ignore[arg-type]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        actor: Any = request.user
        services.set_channels(
            team=form.instance, channels=form.cleaned_data["channels"], actor=actor
        )
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Who came, went or changed role, each by its service."""
        actor: Any = request.user
        formset.save(commit=False)
        changed = [membership for membership, _fields in formset.changed_objects]
        # As stored: the form has written the new person onto its own instance.
        stored = Membership.objects.select_related("team", "user").in_bulk(
            [membership.pk for membership in (*formset.deleted_objects, *changed)]
        )
        staying = {membership.pk: membership.user_id for membership in changed}
        for membership in stored.values():
            if staying.get(membership.pk) != membership.user_id:
                services.remove_membership(team=membership.team, user=membership.user, actor=actor)
        for membership in (*formset.new_objects, *changed):
            services.set_membership(
                team=form.instance, user=membership.user, role=membership.role, actor=actor
            )


class CalendarForm(forms.ModelForm):
    """When people work."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        coerce=int,
        # Django counts from Monday, 0; ISO and we from Monday, 1.
        choices=[(day + 1, label) for day, label in sorted(WEEKDAYS.items())],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody is expected to decide on the other days."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
        help_text=_("The hours below are told by the clocks there, summer time included."),
    )

    class Meta:
        model = WorkingCalendar
        fields = (
            *("key", "name", "name_zh_hans", "name_zh_hant", "time_zone"),
            *("weekdays", "starts", "ends", "is_default"),
        )
        help_texts = {
            "ends": _("Hours to decide are counted between the two times."),
            "is_default": _("One calendar at most: it takes this from the one that has it now."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        told = {name: cleaned.get(name) for name in ("weekdays", "starts", "ends")}
        asked = WorkingCalendar(**told)
        for name, sentences in scheduling.calendar_errors(asked).items():
            if name in cleaned:
                self.add_error(name, [str(sentence) for sentence in sentences])
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Without the constraints: told above in words, or minded by the service."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"is_default", "ends"}


class HolidayFormSet(forms.BaseInlineFormSet):
    """The holidays of a calendar, checked beside each other."""

    def clean(self) -> None:
        super().clean()
        beside: list[tuple[str, date, date]] = []
        for form in self.forms:
            told = getattr(form, "cleaned_data", {})
            if told.get("DELETE") or not (told.get("first_day") and told.get("last_day")):
                continue
            days = (told.get("name", ""), told["first_day"], told["last_day"])
            for name, sentences in scheduling.holiday_errors(*days, beside).items():
                form.add_error(name, ValidationError([str(sentence) for sentence in sentences]))
            beside.append(days)


class HolidayForm(forms.ModelForm):
    """Days off."""

    class Meta:
        model = Holiday
        fields = ("name", "first_day", "last_day")

    def _get_validation_exclusions(self) -> set[str]:
        """Without the constraint: the formset says it in words."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"last_day"}


class HolidayInline(admin.TabularInline):
    """The days on which nobody of a calendar works."""

    model = Holiday
    form = HolidayForm
    formset = HolidayFormSet
    fields = ("name", "first_day", "last_day")
    extra = 0


@admin.register(WorkingCalendar)
class WorkingCalendarAdmin(admin.ModelAdmin):
    """On what the hours to decide are counted."""

    form = CalendarForm
    list_display = ("name", "key", "time_zone", "starts", "ends", "is_default")
    search_fields = ("key", "name")
    inlines = (HolidayInline,)
    actions = None

    def get_readonly_fields(
        self, request: HttpRequest, obj: WorkingCalendar | None = None
    ) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def has_delete_permission(
        self, request: HttpRequest, obj: WorkingCalendar | None = None
    ) -> bool:
        """Teams count on it; a calendar that is not wanted any more is chosen by none."""
        return False

    def save_model(
        self, request: HttpRequest, obj: WorkingCalendar, form: Any, change: bool
    ) -> None:
        scheduling.save_calendar(calendar=obj, actor=request.user)  # type: ignore[arg-type]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        actor: Any = request.user
        saved: Iterable[Holiday] = formset.save(commit=False)
        scheduling.save_holidays(
            calendar=form.instance,
            saved=list(saved),
            removed=list(formset.deleted_objects),
            actor=actor,
        )


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
    """Channels."""

    fields = ("key", "name", "name_zh_hans", "name_zh_hant", "icon", "carries_content", "position")
    list_display = ("name", "key", "carries_content", "position")
    search_fields = ("key", "name")
    actions = None

    def get_readonly_fields(
        self, request: HttpRequest, obj: Channel | None = None
    ) -> tuple[str, ...]:
        """Journeys name channels by their key."""
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        services.save_channel(channel=obj, actor=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Channel) -> None:
        services.delete_channel(channel=obj, actor=request.user)  # type: ignore[arg-type]


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Who acts through a program. People make their own in their preferences; deleting ends one."""

    list_display = ("user", "name", "scopes", "created_at", "expires_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "name")
    fields = readonly_fields = (
        *("user", "name", "scopes", "created_at", "expires_at", "last_used_at"),
    )
    actions = None

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        services.end_token(token=obj.pk, owner=None, actor=request.user)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False
