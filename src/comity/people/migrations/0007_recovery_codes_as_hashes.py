"""Recovery codes lay encrypted; of those still unused only hashes are kept from now on. Nothing leads back.

A code that the key of this instance cannot read opened nothing before, and is left out.
"""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import InvalidToken
from django.db import migrations
from django.utils.crypto import salted_hmac


def _unused(row):
    try:
        return RecoveryCodes(row).get_unused_codes()
    except InvalidToken:
        return []


def _hash(row, code):
    told = f"{row.user.public_id} {code}"
    return salted_hmac("comity.people.recovery-code", told, algorithm="sha256").hexdigest()


def hashed(apps, schema_editor):
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes").select_related("user"):
        if "hashes" not in row.data:
            row.data = {"hashes": [_hash(row, code) for code in _unused(row)]}
            row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_seats_given_before_are_accepted"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(hashed)]
