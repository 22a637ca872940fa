"""Every address of the portal; assembly only."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

import people.oidc_views
import people.views
from cjops.core import hardening, health

handler400 = "cjops.core.http.bad_request"
handler403 = "cjops.core.http.permission_denied"
handler404 = "cjops.core.http.page_not_found"
handler500 = "cjops.core.http.server_error"
# Asked for by django-allauth, when somebody tries a form too often.
handler429 = "cjops.core.http.too_many_requests"

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", health.metrics, name="metrics"),
    path("security/reports/", hardening.violation_reports, name="csp-reports"),
    path(".well-known/security.txt", hardening.security_txt, name="security-txt"),
    path("language/", people.views.set_language, name="set_language"),
    # The address on the account is an admin's to change: nobody proves that a new one is theirs.
    path("accounts/email/", RedirectView.as_view(pattern_name="preferences")),
    # Passkeys stand among the other second factors.
    path("accounts/2fa/webauthn/", RedirectView.as_view(pattern_name="mfa_index")),
    path("accounts/oidc/login/", people.oidc_views.start, name="oidc-start"),
    path("accounts/oidc/callback/", people.oidc_views.callback, name="oidc-callback"),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="session-list")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("cjops.api")),
    path("", include("people.urls")),
    path("", include("journeys.urls")),
    path("", include("content.urls")),
    path("", include("governance.urls")),
]
