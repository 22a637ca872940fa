"""`api_token EMAIL [--name N]`: print a new API token of that person, and nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cjops.core.errors import DomainError
from people import services
from people.models import User


class Command(BaseCommand):
    help = "Print a new API token of that person. It is shown once and cannot be read again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address the person signs in with")
        parser.add_argument("--name", default="", help="what the token is for")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        person = User.objects.filter(email=email).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {email}.")
        try:
            self.stdout.write(services.issue_token(user=person, name=options["name"]))
        except DomainError as error:
            raise CommandError(error.message) from error
