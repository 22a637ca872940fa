"""`why USERNAME KIND:KEY [ACTION]`: what somebody may see and do there, grant by grant."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cjops.core.errors import DomainError
from governance import explaining

REFUSED = 1


class Command(BaseCommand):
    """The same answer as on the page, for whoever runs the portal: nothing is withheld."""

    help = (
        "Say what a person may see and do with a journey, an asset, a taxonomy or a change, and "
        "which grants stand behind it. With ACTION exit 0 if it is allowed and 1 if it is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, where and what."""
        parser.add_argument("username", help="the address they sign in with")
        parser.add_argument("subject", help="journey:KEY, asset:KEY, taxonomy:KEY or CR-12")
        parser.add_argument("action", nargs="?", default="", help="see, propose, publish, ...")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print all answers, or that about the one action."""
        try:
            person = explaining.find_person(options["username"])
            about = explaining.find(options["subject"], reader=None)
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        found = explaining.explain(person=person, about=about, reader=None)
        answers, wanted = list(found.answers), options["action"]
        if wanted:
            answers = [answer for answer in answers if answer.code == wanted]
            if not answers:
                known = ", ".join(answer.code for answer in found.answers)
                raise CommandError(
                    _("There is no such action here. Use %(known)s.") % {"known": known}
                )
        lines = [f"{person.name} <{person.email}> · {about.called} · {about.subject}"]
        lines += [f"! {note}" for note in found.notes]
        for answer in answers:
            lines += ["", *_lines(answer)]
        if not wanted and found.grants:
            lines += ["", _("Grants that reach it:")]
            lines += [
                f"  {'' if one.is_in_force else '× '}{one} · {one.gives}" for one in found.grants
            ]
        self.stdout.write("\n".join(lines))
        if wanted and not answers[0].verdict:
            sys.exit(REFUSED)


def _lines(answer: explaining.Answer) -> Iterator[str]:
    ruled = _("allowed") if answer.verdict else _("refused")
    yield f"{answer.code} ({answer.label}): {ruled}"
    if answer.verdict.reason:
        yield f"  {answer.verdict.reason}"
    yield from (f"  + {words}" for words in answer.because)
    yield from (f"  + {grant}" for grant in answer.grants)
    yield from (f"  × {grant}" for grant in answer.over)
    if answer.lacks:
        yield "  - " + _("What is missing is the right: %(right)s.") % {"right": answer.lacks}
        if answer.roles:
            yield "    " + _("Roles that give it: %(roles)s.") % {"roles": ", ".join(answer.roles)}
