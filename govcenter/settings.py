"""One file for every place: the environment decides, nonsense is refused at start.

Without DATABASE_URL this is the embedded installation of `make run`; with it, production.
"""

from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from govcenter import embedded, env, gateways

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = embedded.data_folder()
DATABASE_URL = env.secret("DATABASE_URL")
PRODUCTION = bool(DATABASE_URL)

# Security

SECRET_KEY = env.secret("SECRET_KEY")
if not SECRET_KEY and PRODUCTION:
    raise ImproperlyConfigured("DATABASE_URL is set, so SECRET_KEY or SECRET_KEY_FILE must be too.")
SECRET_KEY = SECRET_KEY or embedded.kept_secret(DATA_DIR / "secret-key")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY is too short; give at least 32 characters.")

DATA_KEYS = env.keys("DATA_KEY")  # organization.sealed: the first encrypts, each of them opens
if not DATA_KEYS and PRODUCTION:
    raise ImproperlyConfigured("DATABASE_URL is set, so DATA_KEY or DATA_KEY_FILE must be too.")
DATA_KEYS = DATA_KEYS or (embedded.kept_secret(DATA_DIR / "data-key"),)

DEBUG = env.flag("DEBUG", False)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("DEBUG shows secrets to everybody; unset it or unset DATABASE_URL.")

ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.origins("TRUSTED_ORIGINS")
HTTPS = env.flag("HTTPS", PRODUCTION)
PROXIES = env.number("PROXIES", 0, most=5)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * env.number("SESSION_MINUTES", 120, least=5, most=60 * 24 * 30)

PORT = env.number("PORT", 8000, least=1, most=65534)
STREAM_PORT = env.number("STREAM_PORT", 0 if PRODUCTION else PORT + 1, most=65535)
STREAM_PATH = "/stream/"
# The beginning of links that are sent to residents.
PUBLIC_URL = env.public_url("PUBLIC_URL", ALLOWED_HOSTS, "" if HTTPS else f":{PORT}")
TILE_URL = env.text("TILE_URL")
TILE_ATTRIBUTION = env.text("TILE_ATTRIBUTION")
TILE_ORIGINS = env.origins("TILE_ORIGINS")
if TILE_URL and not TILE_ORIGINS:
    raise ImproperlyConfigured("TILE_URL is set, so TILE_ORIGINS must name where tiles come from.")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'", "data:"],
        "img-src": ["'self'", "data:", "blob:", *TILE_ORIGINS],
        "connect-src": ["'self'", *embedded.origins(ALLOWED_HOSTS, STREAM_PORT)],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# Parts

INSTALLED_APPS = [
    "command",
    "whistle",
    "grids",
    "workflow",
    "organization",
    "govcenter.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "leaflet",
    "rest_framework",
    "rest_framework.authtoken",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "govcenter.sessions.KeepSession",
    "workflow.live_views.LiveMark",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "govcenter.urls"
WSGI_APPLICATION = "govcenter.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workflow.live_views.live",
                "command.frame.frame",
            ],
        },
    },
]

# Database, cache and queue

DATABASES = {"default": env.database(DATABASE_URL or embedded.database_url(DATA_DIR))}
if password := env.secret("DATABASE_PASSWORD"):
    DATABASES["default"]["PASSWORD"] = password
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis_url("REDIS_URL", f"unix://{embedded.redis_socket(DATA_DIR)}?db=0")
CACHES = {
    "default": {
        "BACKEND": "govcenter.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "govcenter",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    },
    # What every page asks for and nearly never changes: no way to Redis for it.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

CELERY_BROKER_URL = env.broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.1}
CELERY_TASK_TIME_LIMIT = 3600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3700, "socket_connect_timeout": 2}
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = {
    name: {"task": f"govcenter.tasks.{name}", "schedule": every, "options": {"expires": every}}
    for name, every in {
        "tick": 15,
        "run_clock": 15,
        "change_policy": 5,
        "deliver_outbox": 10,
        "take_hotline_files": 5,
        "make_thumbs": 20,
        "live_past": 20,
        "sum_days": 60,
        "find_stranded": 60,
        "check_logs": 60,
        "forget": 6 * 3600,
    }.items()
}

# People

AUTH_USER_MODEL = "organization.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATORS}.NumericPasswordValidator"},
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # a whole office shares one address: lock the name only
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "workflow.proof.lock_out"
AXES_CLIENT_IP_CALLABLE = "govcenter.sessions.client_address"
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_VERBOSE = False
DEMO = env.flag("DEMO", not PRODUCTION)
DEMO_FIRST = 150  # orders of the simulated past before the first page; the worker lives the rest
DEMO_ORDERS, DEMO_WHISTLES = 1000, 190
DEMO_PASSWORD_FILE = DATA_DIR / "demo-password"

# Messages that leave the house

GATEWAYS = {
    channel: found
    for channel, name in {"sms": "SMS", "voice": "VOICE"}.items()
    if (found := gateways.gateway(name))
}
RECEIPT_SECRET = gateways.receipt_secret()
EMAIL_HOST = env.text("MAIL_HOST")
EMAIL_PORT = env.number("MAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.text("MAIL_USER")
EMAIL_HOST_PASSWORD = env.secret("MAIL_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = env.flag("MAIL_TLS", True) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = gateways.mail_sender(EMAIL_HOST)
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"

# Languages, times and files

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None  # else served from the source
MEDIA_ROOT = Path(env.text("MEDIA_ROOT") or DATA_DIR / "media")
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "jpg", "gif", "webp", "woff2", "gz", "br"]
HASHED_FILES = "govcenter.storage.HashedFiles"
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": HASHED_FILES if PRODUCTION else PLAIN_FILES},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILES_ACCEL = env.text("FILES_ACCEL")  # nginx's internal location that sends files of MEDIA_ROOT
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

# API and map

GROUND_CHECK_SECONDS = 2

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": [
        "workflow.parsers.JSONObjectParser",
        "rest_framework.parsers.MultiPartParser",
        "rest_framework.parsers.FormParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "workflow.api_errors.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "GovCenter",
    "VERSION": "1",
    "DESCRIPTION": "Work orders, whistles, responses and verifications; every verb is an action. "
    "Errors have one shape: code, message, fields.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
LEAFLET_CONFIG = {
    "TILES": [(_("Base map"), TILE_URL, TILE_ATTRIBUTION)] if TILE_URL else [],
    "DEFAULT_CENTER": (32.02, 118.81),
    "DEFAULT_ZOOM": 13,
    "MIN_ZOOM": 9,
    "MAX_ZOOM": 19,
    "RESET_VIEW": False,
    "ATTRIBUTION_PREFIX": "",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"fontTools": {"level": "WARNING"}},  # it tells of every table of a font
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL") or "INFO"},
}
