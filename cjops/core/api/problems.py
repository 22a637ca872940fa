"""Refusals as RFC 9457 problems, in answers and in the API's own description."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers

from cjops.core.api.rendering import dump
from cjops.core.errors import DomainError, Invalid, NotFound
from cjops.core.http import TITLES, problem_body, translated
from cjops.core.scopes import Scope

PROBLEM_TYPE = "application/problem+json"
MOST_ERRORS = 100


def problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Every refusal as `application/problem+json`; a bug stays a bug.

    A plain response, so that it is the same whatever the view would have rendered.
    """
    refusal, headers = as_refusal(error)
    if refusal is None:
        return None
    return HttpResponse(
        dump(problem_body(refusal)),
        status=refusal.status,
        content_type=PROBLEM_TYPE,
        headers=headers,
    )


def as_refusal(error: Exception) -> tuple[DomainError | None, dict[str, str]]:
    """Translate what Django and DRF raise into the portal's own refusals, with their headers."""
    if isinstance(error, exceptions.APIException):
        return _from_drf(error)
    return _from_django(error), {}


def _from_django(error: Exception) -> DomainError | None:
    return nothing_here() if isinstance(error, Http404) else translated(error)


def nothing_here() -> NotFound:
    """The refusal for what is missing or invisible: one sentence for both."""
    return NotFound(_("There is nothing at this address that you can see."))


def _from_drf(error: exceptions.APIException) -> tuple[DomainError, dict[str, str]]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) or 1)
    if isinstance(error, exceptions.NotFound):
        return nothing_here(), headers
    if isinstance(error, exceptions.ValidationError):
        return Invalid(_("Some values are not right."), errors=_flat(error.detail)), headers
    refusal = DomainError(str(error.detail), code=str(error.default_code))
    refusal.status = error.status_code
    return refusal, headers


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as one level: field path to sentences; at most `MOST_ERRORS` of them."""
    if isinstance(detail, list) and all(isinstance(item, str) for item in detail):
        return {path or "non_field_errors": [str(item) for item in detail]}
    pairs = detail.items() if isinstance(detail, dict) else enumerate(detail)
    found: dict[str, list[str]] = {}
    for name, inner in pairs:
        found |= _flat(
            inner if isinstance(inner, dict | list) else [str(inner)],
            f"{path}.{name}" if path else str(name),
        )
        if len(found) >= MOST_ERRORS:
            break
    return found


class FindingOut(serializers.Serializer[Any]):
    """One problem at one place of a document."""

    severity = serializers.ChoiceField(["error", "warning"])
    code = serializers.CharField(help_text="For programs; never changes.")
    pointer = serializers.CharField(help_text="RFC 6901 JSON pointer into the document.")
    message = serializers.CharField(help_text="In the language of the request.")
    element = serializers.CharField(help_text="The collection; empty for the header.")
    key = serializers.CharField(help_text="The element's key; empty for the header.")


class Problem(serializers.Serializer[Any]):
    """A refusal (RFC 9457)."""

    type = serializers.CharField(help_text="urn:cjops:problem: and the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="Why, in the language of the request.")
    code = serializers.CharField(help_text="For programs; never changes.")
    request_id = serializers.CharField(help_text="Finds the log lines of this request.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by field, where input is wrong.",
    )
    findings = FindingOut(many=True, required=False)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices),
        required=False,
        help_text="Where a token is not allowed the call (scope_missing): one of these is needed.",
    )


def refusals(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """What the description says of an endpoint's refusals; those every endpoint has are added."""
    return {
        (status, PROBLEM_TYPE): OpenApiResponse(Problem, description=TITLES[status])
        for status in sorted({*statuses, 401, 406, 429})
    }
