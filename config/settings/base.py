"""
The settings of a deployment.

What differs between deployments comes from the environment; docs/how-to/settings.md explains each variable.
"""

import tomllib

import bootstrap_wrapper
import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env

# Lets a class say what it is generic over, FormView[ReviewForm], at run time too.
django_stubs_ext.monkeypatch()

BASE_DIR = env.REPOSITORY
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True)

VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]
DEBUG = False
DEMO = env.flag("DEMO", default=True)
DEMO_PASSWORD = env.text("DEMO_PASSWORD")
CLOCK = env.clock("CLOCK", allowed=DEMO)
SECRET_KEY = env.secret_key("SECRET_KEY", kept_in=DATA_DIR / "secret_key")
HTTPS = env.flag("HTTPS", default=False)
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, low=1, high=65535)
WEB_WORKERS = env.number("WEB_WORKERS", 2, low=1, high=64)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", [])
# Where a link in a mail leads.
SITE_URL = env.site_address(CSRF_TRUSTED_ORIGINS, hosts=ALLOWED_HOSTS, port=PORT, https=HTTPS)

# Ours first: our templates take the place of those of the same name in the packages below.
INSTALLED_APPS = [
    "workflows",
    "documents",
    "core",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "config.staticfiles.ServedFilesConfig",
    "viewflow",
    "viewflow.workflow",
    "guardian",
    "django_q",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "lucide",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "viewflow.middleware.SiteMiddleware",
    "core.middleware.RequestContextMiddleware",
]
# The engine would append its middlewares unasked: the one it needs is listed above.
VIEWFLOW = {"AUTOREGISTER": False}

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.page",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": env.database("DATABASE_URL", data_dir=DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Files, so that the web processes count wrong passwords together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "cache"),
    }
}

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = [
    "config.authentication.AccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
TIME_ZONE = env.ZONE.key
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("bootstrap", str(bootstrap_wrapper.get_bootstrap_dir()))]
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.staticfiles.GzippedManifestStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o640
MAX_ATTACHMENT_BYTES = env.number("MAX_ATTACHMENT_BYTES", 20 * 1024 * 1024, low=1, high=1024**3)

EMAIL_BACKEND = "config.mail.EmlFolderBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail" / "out"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "phat-ngon@localhost")
globals().update(env.mail_server("EMAIL_URL"))
MAIL_IN = env.text("MAIL_IN")
DEFAULT_AGENCY = env.text("DEFAULT_AGENCY")

QUEUE_WORKERS = env.number("QUEUE_WORKERS", 2, low=1, high=64)
Q_CLUSTER = {
    **env.queue_broker("QUEUE_BROKER"),
    "name": "phat-ngon",
    "workers": QUEUE_WORKERS,
    # Prefetched tasks grow old in memory and would be presented a second time.
    "queue_limit": QUEUE_WORKERS,
    "timeout": 120,
    "retry": 180,
    "max_attempts": 3,
    "ack_failures": False,
    "catch_up": False,
    "save_limit": 1000,
    "recycle": 200,
    "max_rss": 400_000,
    "poll": 0.5,
    "time_zone": TIME_ZONE,
    "log_level": "WARNING",
}

# Functions that say how a case's state follows from its trail, as dotted paths.
TRAIL_FOLDS: tuple[str, ...] = ()

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap's stylesheet draws its arrows and check marks from data: images.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.WordlessFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
