"""What every answer tells the browser beside the page, and what browsers report back."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cjops.core.paths import REPORTS

log = structlog.get_logger(__name__)

# A browser's report is some hundred bytes; several may come together.
MOST_BYTES = 16 * 1024
MOST_REPORTS = 10
# All browsers together; beyond that reports say nothing new.
MOST_A_MINUTE = 120
SHOWN = 200
# What nobody needs here, so that no script that slips in gets it.
NOT_NEEDED = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NOT_NEEDED),
    "Reporting-Endpoints": f'csp="{REPORTS}"',
    "X-Permitted-Cross-Domain-Policies": "none",
}


class HardeningMiddleware:
    """Headers that no view has to think of; what a view has set stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if _is_personal(request, response):
            # A shared computer keeps no page of somebody who has signed out.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether it was made for somebody: static files are the same for all."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    return signed_in and not request.path.startswith(settings.STATIC_URL)


@csrf_exempt
@require_POST
def violation_reports(request: HttpRequest) -> HttpResponse:
    """Violations of the content policy as browsers send them, each as one line of the log.

    Anybody may send them, so nothing is believed, stored or answered.
    """
    if _too_many():
        return HttpResponse(status=429)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    for report in _reports(request.read(MOST_BYTES)):
        log.warning("csp_violation", **report)
    return HttpResponse(status=204)


def _too_many() -> bool:
    minute = f"csp-reports:{timezone.now():%Y%m%d%H%M}"
    cache.add(minute, 0, timeout=120)
    try:
        return cache.incr(minute) > MOST_A_MINUTE
    except ValueError:
        # Forgotten between the two calls.
        return False


def _reports(body: bytes) -> Iterable[dict[str, str]]:
    """The reports in either of the two formats; none where it is something else."""
    try:
        raw: Any = json.loads(body)
    except (ValueError, RecursionError):
        return
    for one in (raw if isinstance(raw, list) else [raw])[:MOST_REPORTS]:
        found = one.get("csp-report") or one.get("body") if isinstance(one, dict) else None
        if isinstance(found, dict):
            yield _line(found)


def _line(report: Mapping[str, Any]) -> dict[str, str]:
    def said(*names: str) -> str:
        value = next((report[name] for name in names if isinstance(report.get(name), str)), "")
        return value[:SHOWN]

    return {
        "directive": said("effective-directive", "effectiveDirective", "violated-directive"),
        "blocked": without_query(said("blocked-uri", "blockedURL")),
        "page": without_query(said("document-uri", "documentURL")),
        "source": without_query(said("source-file", "sourceFile")),
        "disposition": said("disposition"),
    }


def without_query(address: str) -> str:
    """An address without what may be secret in it: parameters, fragment, name and password."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not parts.netloc:
        return parts.path
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@require_safe
@never_cache
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report what is not safe (RFC 9116); not there until an operator says where."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {timezone.now() + timedelta(days=90):%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en, zh",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
