"""Settings: one module, everything that differs between machines comes from the environment.

`.env.example` lists each variable; a test holds that list against this file.
"""

import logging
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from cjops import filing
from cjops.beat import SCHEDULE
from cjops.core import logs
from cjops.core.paths import REPORTS
from cjops.describing import DESCRIPTION
from cjops.embedded import broker, places, postgres

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=True)
TESTING = "pytest" in sys.modules

# --- what production must say for itself ------------------------------------------------------
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
DATABASE_URL = env("DATABASE_URL", default="")
if not DEBUG:
    missing = [
        name
        for name, value in (
            ("SECRET_KEY", SECRET_KEY),
            ("ALLOWED_HOSTS", ALLOWED_HOSTS),
            ("DATABASE_URL", DATABASE_URL),
        )
        if not value
    ]
    if missing:
        raise ImproperlyConfigured(
            "With DEBUG off, set these in the environment first: " + ", ".join(missing)
        )
else:
    # Signs nothing worth stealing: the server listens on the loopback address only.
    SECRET_KEY = SECRET_KEY or "development-only-not-a-secret-0123456789abcdefghijklmnop"
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]

# Encrypts what second factors keep. The first is used, all of them open what is there.
SECOND_FACTOR_KEYS = env.list("SECOND_FACTOR_KEYS", default=[]) or [SECRET_KEY]

CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_NAME = "CJOps"

# --- applications, from the ground up ---------------------------------------------------------
INSTALLED_APPS = [
    "cjops.core",
    "people",
    "tags",
    "content",
    "journeys",
    "governance",
    "cjops.demo",
    "cjops.admin.CJOpsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "people.apps.SessionsConfig",
    "guardian",
    "simple_history",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "csp",
    "django_celery_beat",
    "django_structlog",
    "django_prometheus",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cjops.core.hardening.HardeningMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "people.middleware.EndedGrantsMiddleware",
    "people.middleware.PersonalSettingsMiddleware",
    "people.middleware.SeenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "people.middleware.SessionAgeMiddleware",
    "people.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cjops.core.http.DomainErrorMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "cjops.urls"
WSGI_APPLICATION = "cjops.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Widgets of our own have their templates beside all others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "governance.context.portal",
            ],
        },
    },
]

# --- database and broker ----------------------------------------------------------------------
EMBEDDED_DATABASE = not DATABASE_URL
if EMBEDDED_DATABASE:
    DATABASE_URL = postgres.url()
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
# The native pool: persistent connections under threads leak, a new one costs 3 ms.
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = (
    False if TESTING else {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8)}
)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
ATOMIC_REQUESTS = False

# Signs what the log comes to (see `cjops.core.sealing`); in the database it would prove nothing.
LEDGER_KEY_FILE = env("LEDGER_KEY_FILE", default="") or (
    str(places.var() / "ledger.pem") if EMBEDDED_DATABASE and not TESTING else ""
)

# Where tree heads are kept beside the database, once a day.
LEDGER_ANCHOR_FILE = env("LEDGER_ANCHOR_FILE", default="")
LEDGER_ANCHOR_MAILS = env.list("LEDGER_ANCHOR_MAILS", default=[])

# For how many days things are kept that prove nothing; 0 is for ever (see docs/operations.md).
RETENTION_DAYS = {
    "notifications": env.int("RETENTION_NOTIFICATIONS", default=365),
    "sessions": env.int("RETENTION_SESSIONS", default=7),
    "history": env.int("RETENTION_HISTORY", default=0),
    "drafts": env.int("RETENTION_DRAFTS", default=30),
}

CELERY_BROKER_URL = env("BROKER_URL", default="") or broker.url(DATABASE_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = broker.options(CELERY_BROKER_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 330
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# What happens elsewhere when something has changed (see `cjops.core.reactions`).
REACTIONS = {
    "places": ["governance.schedules.mind_places"],
    "left": ["governance.schedules.hand_over"],
}
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- people and sign-in -----------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "people.backends.AccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
# OWASP ASVS 5, level 2: long, not common, not one's own name or address; nothing about which signs.
RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{RULES}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{RULES}.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("inbox")
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey that its person has unlocked is two factors by itself.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "CJOps"
MFA_ADAPTER = "people.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "people.second_factor_forms.AuthenticateForm",
    "reauthenticate": "people.second_factor_forms.ReauthenticateForm",
    "activate_totp": "people.second_factor_forms.ActivateForm",
    "add_webauthn": "people.second_factor_forms.AddPasskeyForm",
    "edit_webauthn": "people.second_factor_forms.EditPasskeyForm",
    "login_webauthn": "people.second_factor_forms.SignInPasskeyForm",
    "authenticate_webauthn": "people.second_factor_forms.SecondStepPasskeyForm",
    "reauthenticate_webauthn": "people.second_factor_forms.ReauthenticatePasskeyForm",
}
# An admin gives the address: nobody has to prove that it is theirs.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = {"webauthn_login": ""}  # Counted by `people.devices`, and only what fails.
ACCOUNT_LOGOUT_ON_GET = False
# How long a link to choose a password works, invitations among them.
PASSWORD_RESET_TIMEOUT = 3 * 86400
ACCOUNT_SESSION_REMEMBER = None
# Counted by `people.devices` before a password is hashed. All tries from an address; failures of
# strangers, by address and account; failures in a browser where the person signed in before.
SIGN_IN_LIMITS = {
    "tries": "60/m/ip",
    "stranger": "10/m/ip,5/5m/key,100/d/key",
    "known": "10/5m/key",
    "nameless": "20/m/ip",
}
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "reset_password": "10/m/ip,3/m/key",
    "change_password": "5/m/user",
}
# Whose address the limits count: that many of our own proxies add to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# The organisation's identity provider (OpenID Connect); none without an issuer.
OIDC = {
    "NAME": env("OIDC_NAME", default="SSO"),
    "ISSUER": env("OIDC_ISSUER", default=""),
    "CLIENT_ID": env("OIDC_CLIENT_ID", default=""),
    "CLIENT_SECRET": env("OIDC_CLIENT_SECRET", default=""),
}
# A provider on this machine needs no TLS.
DEBUG_OR_TESTING = DEBUG or TESTING
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

# --- caches: rate limits must be shared by all web processes -------------------------------------
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Rate limits live here: with the default of 300 rows the first would soon be forgotten.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- languages --------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = ["cjops.formats"]

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
# Tests find static files where they are written; nothing is collected for them.
STATIC_ROOT = None if TESTING else BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What people upload; no address leads there, each file goes through a view that asks who sees it.
MEDIA_ROOT = env("MEDIA_ROOT", default=str(places.var() / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "media": filing.media(
        env("MEDIA_STORAGE", default="folder"),
        bucket=env("MEDIA_S3_BUCKET", default=""),
        endpoint=env("MEDIA_S3_ENDPOINT", default=""),
        region=env("MEDIA_S3_REGION", default=""),
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
# A governed document may be 10 MB; a larger body is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Django counts no files among them: this one does. What is not small goes to a temporary file.
FILE_UPLOAD_HANDLERS = [
    "cjops.core.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- mail -------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="CJOps <cjops@localhost>")
EMAIL_TIMEOUT = 20

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "cjops.core.api.scoping.AllowedByToken",
    ],
    "DEFAULT_RENDERER_CLASSES": ["cjops.core.api.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["cjops.core.api.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["cjops.core.api.throttling.SharedRate"],
    "DEFAULT_THROTTLE_RATES": {"user": env("API_RATE", default="1200/min")},
    "EXCEPTION_HANDLER": "cjops.core.api.problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = DESCRIPTION

# --- security ---------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "script-src-attr": [NONE],
        "style-src-attr": [NONE],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [NONE],
        "worker-src": [NONE],
        # `cjops.core.hardening` says where that is, and logs what comes.
        "report-to": "csp",
        "report-uri": [REPORTS],
    }
}
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", default=60) * 60
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cjops.core.http.csrf_failure"
if not DEBUG:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    # A probe inside the container speaks plain HTTP.
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # A list in browsers that a domain does not get off for months: whoever owns it decides.
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    # With that prefix browsers take them from this host alone, over HTTPS, for all paths.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# --- forms, history, logs ---------------------------------------------------------------------
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
LOG_FORMAT = env("LOG_FORMAT", default="console" if DEBUG else "json")
LOGGING = logs.configuration(LOG_FORMAT)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# One line for each request and task: that it ended says that it began.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG

CJOPS = {
    # How long what went live unapproved is looked at, and how long “I am looking at it” holds.
    "HOURS_TO_LOOK_BACK": 48,
    "HOURS_PICKED_UP": 4,
    "HEARTBEAT_MAX_AGE": 90,
    "MAIL_RETRY_AFTER": 60,
    "TOKEN_DAYS": 365,  # No API token lives longer.
    **filing.LIMITS,
}
