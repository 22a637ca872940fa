"""What admins set for the checks and previews of content; `content.rulebook` reads it."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cjops.core.schema.fields import KEY_LENGTH, VARIABLE_PATTERN
from content.kinds import CHOICES
from content.validation.wording import pattern

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class VariableType(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    LINK = "link", _("Link")
    TRUTH = "truth", _("Yes or no")


class Variable(models.Model):
    """A value that the systems which send content fill in for each customer."""

    name = models.CharField(
        _("name"),
        max_length=KEY_LENGTH,
        unique=True,
        validators=[RegexValidator(VARIABLE_PATTERN)],
        help_text=_("As it stands between double braces, such as first_name or card.last4."),
    )
    label = models.CharField(_("label"), max_length=120, help_text=_("What the picker calls it."))
    type = models.CharField(
        _("type"), max_length=10, choices=VariableType.choices, default=VariableType.TEXT
    )
    is_always_there = models.BooleanField(
        _("always there"),
        default=False,
        help_text=_("Every customer has a value, so content needs no fallback for it."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("variable of content")
        verbose_name_plural = _("variables of content")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SampleProfile(models.Model):
    """A made-up customer, for previews."""

    key = models.SlugField(_("key"), max_length=KEY_LENGTH, unique=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("Such as “Maya, new customer”."))
    persona = models.CharField(_("persona"), max_length=120, blank=True)
    values = models.JSONField(
        _("values"),
        default=dict,
        help_text=_('By language and variable: {"en": {"first_name": "Maya"}}.'),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("sample profile")
        verbose_name_plural = _("sample profiles")
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Texts by language and variable. Raises `ValidationError`."""
        values = self.values
        is_right = isinstance(values, dict) and all(
            isinstance(of, dict) and all(isinstance(one, str) for one in of.values())
            for of in values.values()
        )
        if not is_right:
            raise ValidationError(
                {"values": _("Write a text for each variable of each language, in braces.")}
            )


class Use(models.TextChoices):
    FORBIDDEN = "forbidden", _("Forbidden")
    REQUIRED = "required", _("Required")


class Weight(models.TextChoices):
    ERROR = "error", _("Blocks submitting")
    WARNING = "warning", _("Is told")
    OFF = "off", _("Is not looked at")


class Wording(models.Model):
    """Words that content must not say, or must: by market, language and kind."""

    words = models.CharField(_("words"), max_length=200)
    use = models.CharField(_("use"), max_length=10, choices=Use.choices, default=Use.FORBIDDEN)
    weight = models.CharField(
        _("severity"), max_length=10, choices=Weight.choices[:2], default=Weight.ERROR
    )
    market = models.CharField(_("market"), max_length=200, blank=True, help_text=_("Empty: any."))
    language = models.CharField(
        _("language"), max_length=20, blank=True, help_text=_("Such as zh-Hans. Empty: any.")
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=CHOICES, blank=True, help_text=_("Empty: any.")
    )
    instead = models.CharField(_("write instead"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("word rule")
        verbose_name_plural = _("word rules")
        ordering = ("words", "pk")

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Words that can be looked for, in a language that there is. Raises `ValidationError`."""
        if pattern(self.words) is None:
            raise ValidationError({"words": _("Write the words to look for.")})
        if self.language and not LANGUAGE.fullmatch(self.language):
            raise ValidationError(
                {"language": _("Write a language tag such as en or zh-Hans, or leave it empty.")}
            )


class Severity(models.Model):
    """How grave a check is, where that is not what it is from the start."""

    code = models.CharField(_("check"), max_length=40, unique=True)
    weight = models.CharField(_("severity"), max_length=10, choices=Weight.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("severity of a check")
        verbose_name_plural = _("severities of checks")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code
