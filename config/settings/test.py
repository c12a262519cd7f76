"""The settings of the tests: a folder thrown away afterwards, English sentences, and no wait for the disk."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

TEST_FOLDER = Path(tempfile.mkdtemp(prefix="phat-ngon-test-"))
atexit.register(shutil.rmtree, TEST_FOLDER, ignore_errors=True)
os.environ.update({"DATA_DIR": str(TEST_FOLDER), "SECRET_KEY": "for-the-tests-only-" + "x" * 40})
for name in (
    "CLOCK",
    "DEMO",
    "HTTPS",
    "EMAIL_URL",
    "MAIL_IN",
    "QUEUE_BROKER",
    "WEB_POOL",
    "DATABASE_URL",
):
    os.environ.pop(name, None)
# Playwright keeps an event loop in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from config import env  # noqa: E402
from config.settings.base import *  # noqa: E402, F403
from config.settings.base import DATABASES, STORAGES  # noqa: E402

LANGUAGE_CODE = "en"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: two processes and a live server must meet the same locks as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_FOLDER / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = env.SQLITE_PRAGMAS.replace("NORMAL", "OFF")
DATABASES["default"]["CONN_MAX_AGE"] = 0
