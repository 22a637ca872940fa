"""`rebuild_claims [--check]`: what open changes lay hands on, or whether it is written down."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from governance.models import Change, Claim
from governance.proposals import proposal_of
from governance.services.claiming import claims_of, drop_claims
from governance.transitions import OPEN_STATES


class Command(BaseCommand):
    help = (
        "Write down anew what each open change lays hands on, from its newest revision, and take "
        "away what ended changes left. With --check nothing is written; exit code 1 says that "
        "something differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only")

    def handle(self, *args: Any, **options: Any) -> None:
        check = options["check"]
        differing = [number for number in numbers() if not rebuilt(number, check=check)]
        if check and differing:
            shown = ", ".join(f"CR-{number}" for number in differing[:20])
            raise CommandError(f"The claims of {len(differing)} changes differ: {shown}.")
        self.stdout.write(f"Changes whose claims were rewritten: {len(differing)}.")


def numbers() -> Iterator[int]:
    """Open changes, and ended ones that have claims."""
    claimed = Claim.objects.order_by().values("change")
    changes = Change.objects.filter(models.Q(state__in=OPEN_STATES) | models.Q(pk__in=claimed))
    return changes.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=2_000)


@transaction.atomic(durable=True)
def rebuilt(number: int, *, check: bool) -> bool:
    """Whether the claims of a change were right; they are afterwards, unless only to be checked.

    Whoever edits it meanwhile waits.
    """
    change = (
        Change.objects.select_for_update(of=("self",), no_key=True)
        .select_related("journey", "asset", "taxonomy")
        .get(pk=number)
    )
    wanted = claims_of(change, proposal_of(change)) if change.state in OPEN_STATES else []
    found = {(one.kind, one.name): one.detail for one in change.claims.all()}
    if found == {(one.kind, one.name): one.detail for one in wanted}:
        return True
    if not check:
        drop_claims(change=change)
        Claim.objects.bulk_create(wanted)
    return False
