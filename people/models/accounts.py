"""Users, teams, channels and the roles that can be granted on an object."""

import datetime
import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cjops.core.models import KEY_LENGTH
from cjops.core.scopes import Scope, every_scope

valid_key = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use lower-case letters, digits and single hyphens.")
)


def valid_time_zone(value: str) -> None:
    """Refuse a name that is not in the IANA database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Use a time zone name such as Europe/Berlin or Asia/Shanghai."))


def monday_to_friday() -> list[int]:
    """The working days of most."""
    return [1, 2, 3, 4, 5]


class UserAccounts(BaseUserManager["User"]):
    """Creates accounts; looks e-mail addresses up without regard to case."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person who signs in with `email`."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may do everything, admin included."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Locale(models.TextChoices):
    EN = "en", "English"
    ZH_HANS = "zh-hans", "简体中文"
    ZH_HANT = "zh-hant", "繁體中文"


class Mails(models.TextChoices):
    EACH = "each", _("Each message by itself")
    DAILY = "daily", _("One digest every morning")


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    locale = models.CharField(
        _("language"), max_length=10, choices=Locale.choices, default=Locale.EN
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[valid_time_zone]
    )
    uses_keys = models.BooleanField(_("keyboard shortcuts"), default=True)
    mails = models.CharField(_("e-mails"), max_length=8, choices=Mails.choices, default=Mails.EACH)
    # The local day of the last digest; the end of the last delegation that names them, so that
    # nobody who acts for nobody costs a query.
    digest_sent_on = models.DateField(null=True, blank=True, editable=False)
    acts_for_others_until = models.DateTimeField(null=True, blank=True, editable=False)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    history = HistoricalRecords(
        excluded_fields=["password", "last_login", "digest_sent_on", "acts_for_others_until"],
        m2m_fields=["user_permissions"],
    )
    objects: ClassVar[UserAccounts] = UserAccounts()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_ignores_case"),
        ]
        permissions = [("see_everything", _("Can see every journey, asset and change"))]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @property
    def initials(self) -> str:
        """Up to two letters that stand for the person where a name does not fit."""
        words = self.name.split()
        if len(words) > 1:
            return (words[0][0] + words[-1][0]).upper()
        return (self.name or self.email)[:2].upper()


def label_here() -> Combinable:
    """The `label` of a `Named` as a column."""
    language = (translation.get_language() or "en").replace("-", "_")
    if language not in ("zh_hans", "zh_hant"):
        return models.F("name")
    return Coalesce(NullIf(f"name_{language}", models.Value("")), "name")


class Named(models.Model):
    """A name in each of the portal's languages; `label` is the reader's."""

    name = models.CharField(_("name"), max_length=120)
    name_zh_hans = models.CharField(_("name in Simplified Chinese"), max_length=120, blank=True)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, or the English one."""
        language = (translation.get_language() or "en").replace("-", "_")
        return getattr(self, f"name_{language}", "") or self.name


class WorkingCalendar(Named):
    """When people work: the hours of their weekdays in their time zone, and the days off.

    Hours to decide are counted on it. A team without one uses the default; without any, the clock.
    """

    key = models.SlugField(_("key"), max_length=40, unique=True, validators=[valid_key])
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[valid_time_zone]
    )
    # ISO: Monday is 1.
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("working days"), default=monday_to_friday
    )
    starts = models.TimeField(_("work begins"), default=datetime.time(9))
    ends = models.TimeField(_("work ends"), default=datetime.time(17))
    is_default = models.BooleanField(_("for teams without a calendar"), default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        ordering = ("key",)
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="workingcalendar_one_default",
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")),
                name="workingcalendar_ends_after_start",
            ),
        ]


class Holiday(models.Model):
    """Days on which nobody of a calendar works, the first and the last included."""

    calendar = models.ForeignKey(WorkingCalendar, models.CASCADE, related_name="holidays")
    name = models.CharField(_("name"), max_length=120)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ("first_day",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="holiday_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Channel(Named):
    """A way to reach a customer: e-mail, SMS, branch ..."""

    key = models.SlugField(_("key"), max_length=40, unique=True, validators=[valid_key])
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    carries_content = models.BooleanField(
        _("carries content"),
        default=True,
        help_text=_("Steps on this channel need content in a slot."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("position", "key")


class TeamKind(models.TextChoices):
    JOURNEY_OPERATIONS = "journey_operations", _("Journey operations")
    CHANNEL = "channel", _("Channel")
    PRODUCT_LINE = "product_line", _("Product line")
    ANALYSIS = "analysis", _("Analysis")
    LEGAL = "legal", _("Legal")
    DATA = "data", _("Data")


class Team(Named):
    """People who own steps and content together, and the channels they steward.

    Its rights on objects hang on `group`, which `people.services` keeps equal to the members.
    """

    key = models.SlugField(_("key"), max_length=KEY_LENGTH, unique=True, validators=[valid_key])
    kind = models.CharField(_("kind"), max_length=20, choices=TeamKind.choices)
    channels = models.ManyToManyField(
        Channel,
        related_name="steward_teams",
        blank=True,
        verbose_name=_("channels it stewards"),
        help_text=_("Its leads decide on every change that touches these channels."),
    )
    calendar = models.ForeignKey(
        WorkingCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="teams",
        verbose_name=_("working calendar"),
        help_text=_("Hours to decide are counted on it."),
    )
    group = models.OneToOneField(Group, models.PROTECT, editable=False, related_name="team")
    history = HistoricalRecords(m2m_fields=[channels])

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)


class MembershipRole(models.TextChoices):
    LEAD = "lead", _("Lead")
    CONTRIBUTOR = "contributor", _("Contributor")


class Membership(models.Model):
    """One person's place in one team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=MembershipRole.choices,
        default=MembershipRole.CONTRIBUTOR,
    )
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="membership_once_per_team"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"


class Role(Named):
    """A named set of permissions that can be granted on an object, e.g. journey manager."""

    key = models.SlugField(_("key"), max_length=40, unique=True, validators=[valid_key])
    permissions = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("permissions"),
        default=list,
        blank=True,
        help_text=_("Permission codes, separated by commas, e.g. view_journey, propose_journey."),
    )
    is_owner = models.BooleanField(
        _("names an owner"),
        default=False,
        help_text=_("Shown among the people who answer for the journey."),
    )
    requires_second_factor = models.BooleanField(
        _("needs a second factor"),
        default=False,
        help_text=_("Whoever holds it has to set up a passkey or an app before anything else."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("position", "key")


class ApiToken(models.Model):
    """A key by which a program acts for a person; only its SHA-256 is kept."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="api_tokens", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(
        models.CharField(max_length=12, choices=Scope.choices),
        verbose_name=_("allowed"),
        default=every_scope,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Empty: made before tokens expired.
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def scope_labels(self) -> list[str]:
        """What it allows, in words."""
        return [str(scope.label) for scope in Scope if scope in self.scopes]
