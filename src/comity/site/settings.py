"""Settings of an instance, read from the environment; docs/settings.md names each."""

import os
from pathlib import Path

from comity.plain.languages import CODES
from comity.plain.languages import LANGUAGES as SPOKEN

CHECKOUT = Path(__file__).resolve().parents[3]
HOME = Path(os.environ.get("COMITY_HOME", CHECKOUT / "var"))

DEMO = os.environ.get("COMITY_DEMO") == "1"
DEBUG = False
SECRET_KEY = os.environ.get("COMITY_SECRET_KEY", "")
ALLOWED_HOSTS = os.environ.get("COMITY_HOSTS", "localhost 127.0.0.1 [::1]").split()

ROOMS = (
    "record",
    "mail",
    "registry",
    "people",
    "visibility",
    "files",
    "rules",
    "decisions",
    "engagements",
    "agreements",
    "deliberation",
    "texts",
    "commitments",
    "site",
)
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(f"comity.{room}.apps.{room.capitalize()}Room" for room in ROOMS),
]
AUTH_USER_MODEL = "people.Person"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "comity.site.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "comity.site.middleware.Unchanged",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "comity.site.middleware.Place",
    "comity.site.middleware.Refusals",
]
ROOT_URLCONF = "comity.site.urls"
WSGI_APPLICATION = "comity.site.wsgi.application"
SILENCED_SYSTEM_CHECKS = ["templates.W003"]
"""The library ``i18n`` is in two places on purpose: ``site.templatetags.constant`` stands in for Django's."""
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"i18n": "comity.site.templatetags.constant"},
            "builtins": ["comity.site.templatetags.comity", "comity.site.templatetags.sharing"],
            "context_processors": [
                "django.template.context_processors.request",
                "comity.site.context.place",
            ],
        },
    }
]


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        from urllib.parse import parse_qsl, unquote, urlsplit

        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host", parts.hostname or ""),
            "PORT": str(parts.port or query.get("port", "")),
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("COMITY_DATABASE", str(HOME / "comity.sqlite3")),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }


def _way_out_for_mail() -> dict[str, object]:
    """From ``smtp://user:password@host:port`` (STARTTLS where the port is 587) or ``smtps://`` what Django asks for."""
    from urllib.parse import unquote, urlsplit

    way = urlsplit(os.environ.get("COMITY_SMTP", ""))
    if way.scheme not in {"smtp", "smtps"}:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend" if DEMO else ""}
    port = way.port or (465 if way.scheme == "smtps" else 587)
    return {
        "EMAIL_BACKEND": "comity.mail.smtp.EmailBackend",
        "EMAIL_HOST": way.hostname or "localhost",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(way.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(way.password or ""),
        "EMAIL_USE_SSL": way.scheme == "smtps",
        "EMAIL_USE_TLS": way.scheme == "smtp" and port == 587,
        "EMAIL_TIMEOUT": 20,
    }


globals().update(_way_out_for_mail())
MAIL_FROM = os.environ.get("COMITY_MAIL_FROM", "Comity <no-reply@localhost>")
MAIL_BOUNCES = os.environ.get("COMITY_MAIL_BOUNCES", MAIL_FROM)
"""The sender on the envelope, to whom other servers return what they cannot deliver."""
MAIL_DOMAIN = MAIL_FROM.rpartition("@")[2].rstrip("> ")

DATABASES = {"default": {**_database(), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
PAGE_MEMORY = int(os.environ.get("COMITY_PAGE_MEMORY", "32")) * 1024 * 1024
"""Bytes of each worker that keep answers for readers without a session; 0 keeps none."""

LANGUAGE_CODE = "en"
LANGUAGES = [(language.code, language.name) for language in SPOKEN]
LANGUAGE_CODES = CODES
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
FRONTEND = Path(os.environ.get("COMITY_FRONTEND", HOME / "frontend"))
STATICFILES_DIRS = [path for path in (FRONTEND,) if path.is_dir()]
UPLOADS = Path(os.environ.get("COMITY_UPLOADS", HOME / "uploads"))
FILE_UPLOAD_HANDLERS = ["comity.files.incoming.Bounded"]
UPLOAD_MOST = int(os.environ.get("COMITY_UPLOAD_MB", "20")) * 1_000_000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

HTTPS = os.environ.get("COMITY_HTTPS") == "1"
SESSION_ENGINE = "comity.people.accounts.sessions"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
TRUSTED_PROXIES = os.environ.get("COMITY_TRUSTED_PROXIES", "127.0.0.1 ::1").split()
"""Networks of the proxies in front: from these, and no others, the forwarded address of a reader is believed."""

PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
"""Seconds for which an invitation, or the link of a recovery, holds."""
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "comity.people.accounts.factors.Factors"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Comity"


def _identity_providers() -> list[dict[str, str]]:
    """The organisations' identity providers, from a JSON file that holds their secrets; none where there is no file."""
    import json

    path = Path(os.environ.get("COMITY_IDENTITY_PROVIDERS", HOME / "identity-providers.json"))
    if not path.is_file():
        return []
    found: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    asked = {"id", "name", "organisation", "issuer", "client_id", "client_secret"}
    for one in found:
        if missing := asked - set(one):
            raise SystemExit(f"{path}: an identity provider names no {', '.join(sorted(missing))}")
    return found


IDENTITY_PROVIDERS = _identity_providers()
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
RECORD_ORIGIN = os.environ.get("COMITY_ORIGIN", "localhost/record")
RECORD_ORIGIN_FICTION = f"{RECORD_ORIGIN.removesuffix('/record')}/fiction/record"
RECORD = Path(os.environ.get("COMITY_RECORD", HOME / "record"))
HEADS = Path(os.environ.get("COMITY_HEADS", HOME / "heads"))
"""The signed heads: never restored together with the database."""
KEYS = Path(os.environ.get("COMITY_KEYS", HOME / "keys"))
POLICIES = Path(os.environ.get("COMITY_POLICIES", HOME / "record-policy"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
"""Faults go to stderr, where whoever runs the instance collects them; no mail is sent about them."""
