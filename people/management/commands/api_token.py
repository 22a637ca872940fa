"""`api_token EMAIL`: print a new API token of that person, and nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cjops.core.errors import DomainError
from cjops.core.scopes import Scope
from people import services
from people.models import User


class Command(BaseCommand):
    help = "Print a new API token of that person. It is shown once and cannot be read again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address the person signs in with")
        parser.add_argument("--name", default="", help="what the token is for")
        parser.add_argument(
            "--scopes",
            default=",".join(Scope.values),
            help="what it allows: read, propose, review, publish, parted by commas (all)",
        )
        parser.add_argument("--days", type=int, default=90, help="how long it lives (90)")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        person = User.objects.filter(email=email).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {email}.")
        try:
            token = services.issue_token(
                user=person,
                name=options["name"],
                scopes=[scope.strip() for scope in options["scopes"].split(",") if scope.strip()],
                days=options["days"],
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(token)
