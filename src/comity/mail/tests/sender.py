"""A process of its own that sends what waits, for tests that kill it: the mail room alone, on a database file.

``python -m comity.mail.tests.sender DATABASE PORT LETTERS`` writes so many letters first.
"""

import sys
from datetime import UTC, datetime

import django
from django.conf import settings
from django.core.management import call_command


def main(database: str, port: str, letters: str) -> None:
    """Write, send, and say what happened."""
    settings.configure(
        INSTALLED_APPS=["comity.mail.apps.MailRoom"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        EMAIL_BACKEND="comity.mail.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=int(port),
        MAIL_FROM="Comity <no-reply@party.eu>",
        MAIL_BOUNCES="bounces@party.eu",
        MAIL_DOMAIN="party.eu",
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    from comity.mail.actions import write
    from comity.mail.jobs import send_waiting

    for n in range(int(letters)):
        write(to=f"reader{n}@party.eu", language="en", subject="A date", body="Open it.", at=datetime.now(UTC))
    print(*send_waiting(), sep="\n", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
