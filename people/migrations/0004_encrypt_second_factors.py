"""Keys of authenticator apps and recovery codes are encrypted from here on."""

from django.db import migrations

from people import encryption

# Rows that are read at a time.
AT_ONCE = 500


def encrypt(apps, _editor):
    rows = apps.get_model("mfa", "Authenticator").objects
    for row in rows.exclude(type="webauthn").iterator(chunk_size=AT_ONCE):
        rows.filter(pk=row.pk).update(data=encryption.encrypted(row.data))


def decrypt(apps, _editor):
    rows = apps.get_model("mfa", "Authenticator").objects
    for row in rows.exclude(type="webauthn").iterator(chunk_size=AT_ONCE):
        rows.filter(pk=row.pk).update(data=encryption.decrypted(row.data))


class Migration(migrations.Migration):
    dependencies = [("people", "0003_api_token_scopes"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(encrypt, decrypt, elidable=True)]
