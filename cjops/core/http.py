"""Refusals as pages: `DomainError` becomes an answer a person can act on."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cjops.core.errors import DomainError

TEMPLATES = {403: "403.html", 404: "404.html"}


def request_id() -> str:
    """The id that ties an answer, its log lines and its tasks together."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


class DomainErrorMiddleware:
    """Turn a refusal that a view let through into a page, or a fragment for htmx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a `DomainError`; leave everything else to Django."""
        if not isinstance(exception, DomainError):
            return None
        return refusal(request, exception)


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
}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from elsewhere."""
    error = DomainError(
        _("This page was open for too long, or your sign-in changed. Reload it and try again."),
        code="csrf",
    )
    error.status = 403
    return refusal(request, error)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The address leads nowhere; the same answer as for what the person may not see."""
    return refusal(request, _status(DomainError("", code="not_found"), 404))


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
