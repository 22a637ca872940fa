"""The door for a web server."""

import os

from django.core.wsgi import get_wsgi_application

import cjops.celery  # noqa: F401 - else what is queued here would look for a broker of its own

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjops.settings")
application = get_wsgi_application()
