"""Where Django looks for its administration: the app, and the site it serves."""

from django.contrib.admin.apps import AdminConfig


class CJOpsAdminConfig(AdminConfig):
    """Puts our site in place of Django's own."""

    default_site = "cjops.core.admin.CJOpsAdminSite"
