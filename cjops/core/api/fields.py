"""What a call may send. Stricter than DRF's own: no value is turned into one of another type."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cjops.core.models import KEY_LENGTH
from cjops.core.moments import is_in_range, range_sentence

MAX_INTEGER = 2**31 - 1
UNKNOWN_SHOWN = 20
TITLE_LENGTH, TEXT_LENGTH = 200, 10_000


class Input(serializers.Serializer[Any]):
    """The body of a call; a field it does not declare is refused."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The declared fields; raises `ValidationError` for unknown ones."""
        if not isinstance(data, Mapping):
            value: dict[str, Any] = super().to_internal_value(data)
            return value
        strangers = [name for name in data if name not in self.fields][:UNKNOWN_SHOWN]
        errors: dict[str, Any] = {
            str(name)[:KEY_LENGTH]: [_("There is no field of this name here.")]
            for name in strangers
        }
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            fields = cast(dict[str, Any], error.detail)
            raise serializers.ValidationError({**fields, **errors}) from None
        if errors:
            raise serializers.ValidationError(errors)
        return value


class Text(serializers.CharField):
    """Text; a number or a truth value is not text."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The text without surrounding space."""
        # Before DRF looks for blanks: it does so in the text form of whatever was sent.
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)


class Title(Text):
    """A line that must say something."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", TITLE_LENGTH)
        super().__init__(**kwargs)


class Words(Text):
    """Text that may be left out or empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "allow_blank": True,
                "default": "",
                "max_length": TEXT_LENGTH,
                **kwargs,
            }
        )


class Key(Text):
    """A key, as it is; whether anything has it is for the domain to say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": KEY_LENGTH, "trim_whitespace": False, **kwargs})


class Whole(serializers.IntegerField):
    """A whole number from 1; "1", 1.0 and true are none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": MAX_INTEGER, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    """true or false; "yes", 1 and null are neither."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Digest(serializers.RegexField):
    """A SHA-256 in hexadecimal."""

    def __init__(self, **kwargs: Any) -> None:
        # \Z, because `$` also stands before a line feed at the end.
        super().__init__(r"^[0-9a-f]{64}\Z", **{"trim_whitespace": False, **kwargs})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The digest, or a refusal of anything else."""
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)


class Moment(serializers.DateTimeField):
    """A date and time in ISO 8601 with its offset from UTC, in the years 2000 to 2200."""

    default_error_messages = {
        "no_offset": gettext_lazy("Give a date and time with its time zone."),
    }

    def to_internal_value(self, value: Any) -> dt.datetime:
        """The moment; never one without a time zone."""
        try:
            moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss+hh:mm")
        if moment.tzinfo is None:
            self.fail("no_offset")
        if not is_in_range(moment):
            raise serializers.ValidationError(range_sentence(), code="out_of_range")
        return moment


@extend_schema_field(OpenApiTypes.OBJECT)
class DocumentField(serializers.Field[Any, Any, Any, Any]):
    """A document; what is in it, its own schema checks."""

    default_error_messages = {"invalid": gettext_lazy("A document must be a JSON object.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value
