"""`encrypt_second_factors`: put all second factors under the first key of SECOND_FACTOR_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people import encryption, second_factor


class Command(BaseCommand):
    help = "Encrypt all second factors with the first of the keys; the others can go then."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = second_factor.encrypt_all()
        except encryption.Unreadable:
            raise CommandError(
                "A second factor is under a key that SECOND_FACTOR_KEYS does not name."
            ) from None
        self.stdout.write(f"Encrypted anew: {count}.")
