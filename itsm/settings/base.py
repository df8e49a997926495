"""
Everything that differs between installations comes from the environment; `.env.example` lists it.

Capability is set here; policy (who may do what, how fast we answer) lives in the database.
"""

from pathlib import Path

import environ

from itsm.embedded import location

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
environ.Env.read_env(BASE_DIR / ".env")

STEWARD_HOME = location.home()

DEBUG = env.bool("STEWARD_DEBUG", default=False)
SECRET_KEY = env.str("STEWARD_SECRET_KEY", default="") or location.secret_key()
BASE_URL = env.str("STEWARD_BASE_URL", default="http://127.0.0.1:" + env.str("PORT", default="8000"))
ALLOWED_HOSTS = env.list("STEWARD_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("STEWARD_TRUSTED_ORIGINS", default=[BASE_URL])
SERVED_OVER_TLS = BASE_URL.startswith("https://")

# -- Apps ---------------------------------------------------------------------------------------------------------
from itsm.practices import PRACTICES  # noqa: E402 - a plain list; nothing of Django is imported by it

# Practices from elsewhere that this installation offers, too: importable apps, without a line of ours changed.
ADDED_PRACTICES: list[str] = env.list("STEWARD_PRACTICES", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "common",
    "calendars",
    "people",
    "audit",
    "services",
    "services.specifications",
    "records",
    "approvals",
    "measurement",
    "measurement.catalog",
    "measurement.own",
    "measurement.ledger",
    "measurement.explorer",
    "measurement.dashboards",
    "measurement.schedules",
    "measurement.pivots",
    "measurement.following",
    "measurement.notes",
    "notifications",
    "search",
    "slm",
    "slm.simulator",
    "slm.availability",
    "slm.standings",
    "slm.breaches",
    "slm.reports",
    "slm.forecasts",
    "slm.walls",
    "slm.specifications",
    "procedures",
    *PRACTICES,
    *ADDED_PRACTICES,
    "frameworks",
    "itsm",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "itsm.sessions.middleware.SignInEndMiddleware",
    "people.middleware.PersonalSettingsMiddleware",
    "audit.middleware.ActMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "itsm.shell.refusals.RefusalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "itsm.urls"
WSGI_APPLICATION = "itsm.wsgi.application"
ASGI_APPLICATION = "itsm.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "itsm.shell.context.shell",
            ],
            "builtins": ["common.templatetags.steward"],
        },
    }
]

# -- Stores -------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or location.database_url())}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": env.bool("STEWARD_BEHIND_PGBOUNCER", default=False),
}
DATABASES["default"].setdefault("OPTIONS", {})
if "host" in DATABASES["default"]["OPTIONS"]:
    # The folder of a socket; `manage.py dbshell` looks for it here only.
    DATABASES["default"]["HOST"] = DATABASES["default"]["OPTIONS"].pop("host")
DATABASES["default"]["OPTIONS"] |= {
    "options": (
        f"-c statement_timeout={env.int('STEWARD_STATEMENT_TIMEOUT_MS', default=30_000)}"
        f" -c lock_timeout={env.int('STEWARD_LOCK_TIMEOUT_MS', default=10_000)}"
        " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC -c jit=off"
        # Helpers of a statement take longer to start than most of ours to run; only long ones get them.
        " -c parallel_setup_cost=20000"
    ),
}

REDIS_URL = env.str("REDIS_URL", default="") or location.redis_url()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": location.as_cache_url(REDIS_URL),
        "KEY_PREFIX": "steward",
    },
    # Parts of pages that are the same for everybody of a language; kept in each process.
    "template_fragments": {
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "__Host-steward" if SERVED_OVER_TLS else "steward"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("STEWARD_SESSION_HOURS", default=12) * 3600

# -- Background work ----------------------------------------------------------------------------------------------
CELERY_BROKER_URL = location.as_broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A process that a large task left larger than this, pages that it shares included, ends after it; a fresh one forks.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("STEWARD_WORKER_TASK_MB", default=128) * 1024
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# -- People and sign-in -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backends.PeopleBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "people.adapters.LocalAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "itsm.shell.forms.SignInForm",
    "change_password": "itsm.shell.forms.ChangePasswordForm",
    "set_password": "itsm.shell.forms.SetPasswordForm",
    "reset_password": "itsm.shell.forms.ResetPasswordForm",
    "reset_password_from_key": "itsm.shell.forms.ResetPasswordKeyForm",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SERVED_OVER_TLS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("STEWARD_TRUSTED_PROXIES", default=0)

# -- API ----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.authentication.TokenAuthentication",
        "people.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["people.authentication.DenyByDefault"],
    "DEFAULT_THROTTLE_CLASSES": ["common.api.throttling.PerPersonThrottle"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "common.api.parsing.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "itsm.api.schema.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.parsing.StrictJSONParser"],
    "EXCEPTION_HANDLER": "common.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
}
# Requests of one person in one minute; 0 takes any number.
API_REQUESTS_PER_MINUTE: int = env.int("STEWARD_API_REQUESTS_PER_MINUTE", default=3000)
SPECTACULAR_SETTINGS = {
    "TITLE": "Steward",
    "DESCRIPTION": "Everything the pages do, for other systems. The same acts, the same rules.",
    "ENUM_NAME_OVERRIDES": {
        "ClockKind": "slm.declarations.clock_choices",
        "ClockState": "slm.enums.ClockState",
        "SegmentKind": "slm.enums.SegmentKind",
        "Grain": "measurement.models.Grain",
        "MeasureUnit": "measurement.declarations.Unit",
        "OwnMeasureUnit": "measurement.own.models.UNITS",
        "MeasureDirection": "measurement.declarations.Direction",
        "MeasureState": "measurement.values.State",
        "ScheduleEvery": "measurement.schedules.enums.Every",
        "AlertWhen": "measurement.following.enums.When",
        "NoteAudience": "measurement.notes.enums.Audience",
        "LetterOutcome": "measurement.schedules.enums.Outcome",
        "MeasureDimension": "measurement.dashboards.enums.By",
        "TileKind": "measurement.dashboards.enums.Kind",
        "ExportWhat": "measurement.explorer.enums.What",
        "ExportFormat": "measurement.explorer.enums.Format",
        "ExportState": "measurement.explorer.enums.State",
        "Visibility": "records.api.representation.VISIBILITIES",
        "ProblemType": "common.api.shapes.PROBLEM_TYPES",
        "Phase": "records.enums.Phase",
        "Source": "records.enums.Source",
        "LinkKind": "records.enums.LinkKind",
        "Level": "records.enums.Level",
        "Priority": "records.enums.Priority",
        "TaskState": "records.enums.TaskState",
        "ApprovalState": "approvals.enums.State",
        "RiskBand": "changes.enums.Band",
        "WindowKind": "changes.enums.WindowKind",
        "WindowRepeats": "changes.enums.Repeats",
        "MeetingState": "changes.board.enums.MeetingState",
        "DeploymentState": "changes.pipelines.enums.State",
        "OutageState": "slm.availability.enums.OutageState",
        "BreachState": "slm.breaches.enums.BreachState",
        "ReportState": "slm.reports.enums.State",
        "ReportRemarkKind": "slm.reports.enums.RemarkKind",
        "CreditPromise": "slm.reports.enums.Promise",
        "SimulationState": "slm.simulator.enums.State",
        "ImprovementState": "improvement.enums.State",
        "ImprovementOrigin": "improvement.enums.Origin",
        "ImprovementSize": "improvement.enums.Size",
        "ImprovementVerdict": "improvement.enums.Word",
        "ImprovementAspect": "improvement.enums.Aspect",
        "ClusterState": "problems.finding.enums.ClusterState",
        "BurstField": "problems.finding.api.bursts.FIELD_CHOICES",
        "ReleaseType": "releases.enums.Type",
        "AgreementType": "slm.enums.AgreementType",
        "AgreementState": "slm.enums.AgreementState",
        "SignerRole": "releases.permissions.SIGNER_CHOICES",
        "ApprovalStepState": "approvals.enums.StepState",
        "VoteChoice": "approvals.enums.Choice",
        "Quorum": "approvals.enums.Quorum",
        "ApproverKind": "approvals.enums.ApproverKind",
        "StepExpiry": "approvals.enums.Expiry",
        "Comparison": "approvals.enums.Comparison",
        "HoldReason": "incidents.enums.HoldReason",
        "ProblemMethod": "problems.enums.Method",
        "CauseMethod": "problems.enums.CauseMethod",
        "CauseGroup": "problems.enums.CauseGroup",
        "ProblemOrigin": "problems.enums.Origin",
        "Criticality": "services.models.Criticality",
        "ItemStatus": "services.models.ItemStatus",
        "NewItemStatus": "itsm.configuration.api.shapes.NEW_STATUSES",
        "ResolutionCode": "incidents.enums.ResolutionCode",
        "ArticleState": "knowledge.enums.State",
        "ArticleAudience": "knowledge.enums.Audience",
        "SearchPlace": "knowledge.enums.Place",
    },
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}

# -- Content ------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = env.str("STEWARD_TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STEWARD_STATIC_ROOT", default=str(STEWARD_HOME / "static")))
STATICFILES_DIRS = [("steward", BASE_DIR / "static")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "itsm.staticfiles.HashedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
MEDIA_ROOT = STEWARD_HOME / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
ATTACHMENT_MAX_BYTES = env.int("STEWARD_ATTACHMENT_MAX_MB", default=25) * 1024 * 1024

# -- Security -----------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "itsm.shell.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_OVER_TLS else 0
if env.int("STEWARD_TRUSTED_PROXIES", default=0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# -- Mail and log -------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("STEWARD_EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("STEWARD_MAIL_FROM", default="Steward <steward@localhost>")

LOG_LEVEL = env.str("STEWARD_LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "common.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "holidays": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
