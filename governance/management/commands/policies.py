"""`policies show|export|import|test|replay`: the policies of this portal, in words and as YAML.

A sub-command is a method `run_<name>` and its arguments in `add_<name>`.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from cjops.core.errors import DomainError
from governance.drafting import tell
from governance.management.trying import Trying
from governance.models import Policy
from governance.naming import Labels
from governance.queries.policies import all_policies, definitions_in_force, proposal_of
from governance.ruling.nested import MAX_LENGTH
from governance.ruling.texts import dump
from governance.ruling.wording import Said
from governance.services.ruling import import_policies
from people.models import User


class Command(Trying):
    help = "Show the policies of this portal, write them as YAML, or take them over from it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        for name in ("show", "export", "import", "test", "replay"):
            getattr(self, f"add_{name}")(commands)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"run_{options['command']}")(options)

    # --- show -----------------------------------------------------------------------------------

    def add_show(self, commands: Any) -> None:
        show = commands.add_parser("show", help="say in words what is in force")
        show.add_argument("key", nargs="?", default="", help="only the policy of this key")

    def run_show(self, options: dict[str, Any]) -> None:
        found = all_policies()
        if options["key"]:
            found = found.filter(key=options["key"])
            if not found:
                raise CommandError(f"There is no policy {options['key']}.")
        labels = Labels(None)
        for policy in found:
            self._show(policy, labels)
        if not found:
            self.stdout.write("There are no policies.")

    def _show(self, policy: Policy, labels: Labels) -> None:
        state = f"in force, version {policy.active.number}" if policy.active else "not in force"
        if proposal := proposal_of(policy):
            state += f"; version {proposal.number} is proposed"
        self.stdout.write(f"{policy.key}: {policy.label} ({state})")
        if policy.active is None or policy.active.definition is None:
            return
        told = tell(policy.active.definition, labels)
        if told.when:
            self._say(told.when, 1)
        for need in told.needs:
            self.stdout.write(f"  {need.name}")
            for sentence in need.sentences:
                self.stdout.write(f"    {sentence}")

    def _say(self, said: Said, depth: int) -> None:
        self.stdout.write("  " * depth + said.text)
        for part in said.parts:
            self._say(part, depth + 1)

    # --- export ---------------------------------------------------------------------------------

    def add_export(self, commands: Any) -> None:
        export = commands.add_parser("export", help="write what is in force as YAML")
        export.add_argument("file", nargs="?", type=Path, help="default: standard output")

    def run_export(self, options: dict[str, Any]) -> None:
        definitions = definitions_in_force()
        text = dump(definitions)
        path: Path | None = options["file"]
        if path is None:
            self.stdout.write(text, ending="")
            return
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from error
        self.stdout.write(f"Wrote {len(definitions)} policies to {path}.")

    # --- import ---------------------------------------------------------------------------------

    def add_import(self, commands: Any) -> None:
        reading = commands.add_parser("import", help="propose what a YAML file says, or all of it")
        reading.add_argument("file", type=Path)
        reading.add_argument("--activate", action="store_true", help="put it into force at once")
        reading.add_argument("--comment", default="", help="why")
        reading.add_argument(
            "--as", required=True, dest="user", metavar="USER", help="e-mail address of the author"
        )

    def run_import(self, options: dict[str, Any]) -> None:
        actor = User.objects.filter(email=options["user"].strip().lower(), is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody signs in with {options['user']}.")
        try:
            done = import_policies(
                text=_text(options["file"]),
                comment=options["comment"],
                actor=actor,
                activate=options["activate"],
            )
        except DomainError as error:
            raise CommandError(_told(options["file"], error)) from error
        for one in done:
            self.stdout.write(f"{one.key}: version {one.number} {one.outcome}")
        count = sum(one.outcome != "unchanged" for one in done)
        self.stdout.write(f"{count} of {len(done)} policies taken over.")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_LENGTH:
            raise CommandError(f"{path} is larger than {MAX_LENGTH} bytes.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not text in UTF-8.") from error


def _told(path: Path, error: DomainError) -> str:
    """One line for each thing that is wrong, or the one sentence of the refusal."""
    findings = error.extra.get("findings", ())
    if not findings:
        return error.message
    return "\n".join([f"{path}: {error.message}", *(f"  {one.message}" for one in findings)])
