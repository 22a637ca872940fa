"""Refusals as pages: `DomainError` becomes an answer a person can act on."""

from collections.abc import Callable

import structlog
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _

from cjops.core.errors import DomainError, Forbidden, NotFound, TooLarge
from cjops.core.logs import request_id

TEMPLATES = {403: "403.html", 404: "404.html"}
UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError)
log = structlog.get_logger(__name__)


class DomainErrorMiddleware:
    """Turn a refusal that a view let through into a page, or a fragment for htmx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse a form that cannot be read before anything else reads it.

        With DEBUG on, Django has pages of its own for that and for addresses that lead nowhere.
        """
        if request.method == "POST" and not request.path.startswith("/api/"):
            try:
                request.POST  # noqa: B018  (reads the body)
            except UNREADABLE as error:
                # Whoever looks again, such as a template, finds an empty form.
                request._mark_post_parse_error()  # type: ignore[attr-defined]
                return refusal(request, translated(error) or DomainError())
        response = self.get_response(request)
        if response.status_code == 404 and request.resolver_match is None:
            return refusal(request, NotFound())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal, ours or Django's; a bug stays a bug."""
        error = translated(exception)
        return None if error is None else refusal(request, error)


def translated(error: Exception) -> DomainError | None:
    """What Django refuses as a refusal of ours; None for a bug."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return Forbidden(_("You may not do this."))
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("The body is larger than 10 MB. Send a smaller document."))
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent):
        return DomainError(
            _("The form has more fields than the portal takes. Send it in smaller parts."),
            code="bad_request",
        )
    if isinstance(error, UNREADABLE):
        return DomainError(
            _("The portal cannot read this request. Go back, reload the page and try again."),
            code="bad_request",
        )
    if isinstance(error, DataError):
        # The admin hands filters to the database as they stand in the address.
        log.warning("value_refused_by_database", exc_info=error)
        return DomainError(
            _("A value cannot be stored or looked for. Check what you entered and try again."),
            code="bad_request",
        )
    return None


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for a refusal, with its status, its reason and the request's id."""
    if request.path.startswith("/api/"):
        return JsonResponse(
            problem_body(error), status=error.status, content_type="application/problem+json"
        )
    context = {"error": error, "request_id": request_id()}
    template = TEMPLATES.get(error.status, "refused.html")
    if getattr(request, "htmx", False):
        template = "components/refusal.html"
    return render(request, template, context, status=error.status)


def problem_body(error: DomainError) -> dict[str, object]:
    """A refusal as an RFC 9457 problem."""
    body: dict[str, object] = {
        "type": f"urn:cjops:problem:{error.code}",
        "title": TITLES.get(error.status, ""),
        "status": error.status,
        "detail": error.message,
        "code": error.code,
        "request_id": request_id(),
    }
    if error.errors:
        body["errors"] = error.errors
    if "findings" in error.extra:
        body["findings"] = [finding_body(finding) for finding in error.extra["findings"]]
    for name in ("conflicts", "scopes"):
        if name in error.extra:
            body[name] = error.extra[name]
    return body


def finding_body(finding: object) -> dict[str, object]:
    """A finding as the API shows it."""
    names = ("severity", "code", "pointer", "message", "element", "key")
    return {name: getattr(finding, name) for name in names}


# RFC 9457: the title names the kind of problem and does not change from case to case.
TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "Precondition failed",
    413: "Too large",
    415: "Unsupported media type",
    422: "The document does not hold",
    428: "Precondition required",
    429: "Too many requests",
    500: "Internal error",
    503: "Busy",
}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from elsewhere."""
    error = DomainError(
        _("This page was open for too long, or your sign-in changed. Reload it and try again."),
        code="csrf",
    )
    error.status = 403
    return refusal(request, error)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django gave up on before it reached a page."""
    return refusal(request, translated(exception) or DomainError(code="bad_request"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same page as for a refusal of ours."""
    return refusal(request, translated(exception) or Forbidden())


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Sign-in, or another form that is tried again and again."""
    error = DomainError(_("Too many tries. Wait a few minutes, then try again."), code="throttled")
    return refusal(request, _status(error, 429))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The address leads nowhere; the same answer as for what the person may not see."""
    return refusal(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug; the id finds its log lines."""
    if request.path.startswith("/api/"):
        error = _status(DomainError(_("Something went wrong on our side."), code="bug"), 500)
        return JsonResponse(
            problem_body(error), status=500, content_type="application/problem+json"
        )
    return render(request, "500.html", {"request_id": request_id()}, status=500)


def _status(error: DomainError, status: int) -> DomainError:
    error.status = status
    return error
