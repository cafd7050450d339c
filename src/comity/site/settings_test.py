"""Settings under test: a fast hasher, and no WhiteNoise, which would rescan every file for each test client."""

import os
import tempfile
from pathlib import Path

from comity.site.settings import *  # noqa: F403 - all of them, then what differs
from comity.site.settings import MIDDLEWARE

SECRET_KEY = "only-for-tests"  # noqa: S105 - signs nothing outside tests
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PAGE_MEMORY = 0
"""Tests roll back what they wrote, which no stamp of the database tells; the tests of the memory turn it on."""
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PUBLISHED = Path(tempfile.gettempdir()) / f"comity-published-{os.getpid()}"
"""What a test publishes lies here, apart from what other processes publish; gone before the next test."""
RECORD, HEADS, KEYS, POLICIES = (PUBLISHED / name for name in ("record", "heads", "keys", "record-policy"))
