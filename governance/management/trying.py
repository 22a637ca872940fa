"""`policies test` and `policies replay`: trying policies from the command line."""

from argparse import ArgumentParser
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from cjops.core.errors import DomainError
from cjops.core.moments import is_in_range, range_sentence
from governance import queries
from governance.models import Change, Replay
from governance.presenting.replays import KeyWords, desks_of, sentence
from governance.presenting.trial import Trial, trial_of
from governance.ruling.nested import MAX_LENGTH
from governance.ruling.wording import Said
from governance.services import replaying
from governance.trying.candidates import text_candidate
from people.models import User

FAILED = 1
SINCE = timedelta(days=90)


class Trying(BaseCommand):
    """The two sub-commands, for `policies`."""

    # --- test -----------------------------------------------------------------------------------

    def add_test(self, commands: Any) -> None:
        testing = commands.add_parser("test", help="say who would decide on a change, and why")
        testing.add_argument("change", type=int, help="its number")
        testing.add_argument("--file", type=Path, help="policies in place of those in force (YAML)")
        testing.add_argument("--only", action="store_true", help="no others than those of the file")
        testing.add_argument("--revision", type=int, help="default: the newest")
        testing.add_argument("--now", action="store_true", help="by the facts as they are now")

    def run_test(self, options: dict[str, Any]) -> None:
        number = options["change"]
        change = Change.objects.select_related("author", "journey", "asset", "taxonomy")
        found = change.filter(pk=number).first()
        if found is None:
            raise CommandError(f"There is no change {number}.")
        ruling = queries.ruling()
        if path := options["file"]:
            text = read_text(path)
            ruling = refused(
                path, lambda: text_candidate(text, path.name, only=options["only"]).ruling
            )
        trial = trial_of(
            found, ruling, reader=None, revision=options["revision"], computed=options["now"]
        )
        self._show_trial(trial)
        if trial.is_blocked:
            raise CommandError(trial.blocked, returncode=FAILED)

    def _show_trial(self, trial: Trial) -> None:
        self._show_facts(trial)
        for policy in trial.policies:
            self.stdout.write(f"{_mark(policy.asks)} {policy.name} ({policy.key})")
            self._explain(policy.said, 1)
            for part in policy.parts:
                self.stdout.write(f"  {_mark(part.holds)} {part.names}")
                self._explain(part.said, 2)
        for one in trial.outcomes:
            count = f"{one.quorum} of: " if one.quorum > 1 else ""
            stuck = " (cannot be met)" if one.is_stuck else ""
            self.stdout.write(f"{one.label}: {count}{one.people or 'nobody'}{stuck} - {one.parts}")
        for name in trial.uncovered:
            self.stdout.write(f"Nobody is asked about: {name}")
        self._show_then(trial)

    def _show_facts(self, trial: Trial) -> None:
        by = "as kept when people were asked" if trial.taken_at else "computed now"
        self.stdout.write(f"{trial.change} (revision {trial.revision}, facts {by})")
        for group in trial.groups:
            for line in group.lines:
                if not line.is_nothing:
                    self.stdout.write(f"  {line.label}: {line.value}")

    def _show_then(self, trial: Trial) -> None:
        if trial.then and not trial.then.is_same:
            said = (("more", trial.then.added), ("less", trial.then.removed),
                    ("otherwise", trial.then.altered))  # fmt: skip
            for word, names in said:
                if names:
                    self.stdout.write(f"Than was asked then, {word}: {', '.join(names)}")

    def _explain(self, said: Said, depth: int) -> None:
        found = f" [{said.found}]" if said.found else ""
        self.stdout.write(f"{'  ' * depth}{_mark(bool(said.holds))} {said.text}{found}")
        for part in said.parts:
            self._explain(part, depth + 1)

    # --- replay ---------------------------------------------------------------------------------

    def add_replay(self, commands: Any) -> None:
        replay: ArgumentParser = commands.add_parser(
            "replay", help="say what a YAML file would have asked about changes of the past"
        )
        replay.add_argument("file", type=Path)
        replay.add_argument("--only", action="store_true", help="no others than those of the file")
        replay.add_argument("--since", help="first day, as 2026-01-31; default: 90 days ago")
        replay.add_argument("--until", help="last day; default: today")
        replay.add_argument(
            "--as", required=True, dest="user", metavar="USER", help="e-mail address of who asks"
        )

    def run_replay(self, options: dict[str, Any]) -> None:
        actor = User.objects.filter(email=options["user"].strip().lower(), is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody signs in with {options['user']}.")
        path: Path = options["file"]
        text, now = read_text(path), timezone.now()
        since = day_of(options["since"]) if options["since"] else now - SINCE
        until = day_of(options["until"]) + timedelta(days=1) if options["until"] else now
        replay = refused(
            path,
            lambda: replaying.start_replay(
                candidate=replaying.candidate_from_text(text, only=options["only"]),
                since=since,
                until=until,
                title=path.name,
                actor=actor,
                queued=False,
            ),
        )
        done = replaying.run_replay(id=replay.pk)
        if done is None or done.state != Replay.State.DONE:
            raise CommandError(done.error if done and done.error else "The replay was stopped.")
        self._show_replay(done)
        if done.summary["gaps"] or done.summary["deadlocks"]:
            raise CommandError("There are gaps, or decisions nobody could make.")

    def _show_replay(self, replay: Replay) -> None:
        self.stdout.write(sentence(replay))
        words = KeyWords(replay.candidate)
        for row in replay.rows.select_related("change").order_by("pk")[:20]:
            said = row.difference
            told = [
                f"{sign}{words(key)}"
                for sign, name in (("+", "added"), ("-", "removed"), ("~", "altered"))
                for key in said[name]
            ]
            told += ["GAP"] if row.gap else []
            told += ["DEADLOCK"] if row.deadlock else []
            self.stdout.write(f"  CR-{row.change_id}: {', '.join(told)}")
        for desk in desks_of(replay):
            self.stdout.write(f"  {desk.month} {desk.name}: +{desk.extra:g} -{desk.saved:g}")


def _mark(holds: bool) -> str:
    return "[x]" if holds else "[ ]"


def day_of(text: str) -> datetime:
    """Midnight of a day; raises `CommandError` for what is none."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"{text} is no day; write it as 2026-01-31.")
    if not is_in_range(day):
        raise CommandError(range_sentence())
    return timezone.make_aware(datetime.combine(day, time()))


def read_text(path: Path) -> str:
    """What a file holds; raises `CommandError`."""
    try:
        if path.stat().st_size > MAX_LENGTH:
            raise CommandError(f"{path} is larger than {MAX_LENGTH} bytes.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not text in UTF-8.") from error


def refused(path: Path, do: Any) -> Any:
    """What `do` returns; a refusal as `CommandError`, a line for each thing that is wrong."""
    try:
        return do()
    except DomainError as error:
        found = error.extra.get("findings", ())
        sentences = [one for said in error.errors.values() for one in said]
        lines = [f"  {one}" for one in (*(finding.message for finding in found), *sentences)]
        raise CommandError("\n".join([f"{path}: {error.message}", *lines])) from error
