"""The head that was signed last, kept beside the key: the database has to go on from it.

Whoever has rights in the database alone could delete the end of the log, alter a row, and wait for
the next round to sign it anew. The file is a guard of this host: others have their own. It may be
older than the database, by what others sealed, or where a process died before it was written.
"""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from cjops.core.errors import Invalid
from cjops.core.models import TreeHead
from cjops.core.sealing.heads import Anchor, anchor_of, as_anchor, is_signed
from cjops.core.sealing.keys import Verifier
from cjops.core.sealing.merkle import Frontier
from cjops.core.sealing.proofs import Tree
from cjops.core.sealing.verify import goes_on

logger = structlog.get_logger(__name__)
SUFFIX = ".head"


def file() -> Path:
    """Where it is kept: beside the key of the settings."""
    return Path(f"{settings.LEDGER_KEY_FILE}{SUFFIX}")


def last_kept() -> Anchor | None:
    """The head of the file; None where there is no file. Raises `Invalid` where it is none."""
    if not settings.LEDGER_KEY_FILE:
        return None
    try:
        found = anchor_of(file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        found = None
    if found is None:
        raise Invalid(_("%(path)s is no tree head that this key signed.") % {"path": file()})
    return found


def check(last: TreeHead | None, key: Verifier) -> None:
    """Raise `Invalid` unless the log under the database's last head goes on from the kept one.

    A file that is missing is made of what the database shows.
    """
    try:
        _check(last, key)
    except Invalid as refusal:
        # Whoever watches the log hears of it each round.
        logger.error("ledger_refused", reason=refusal.message, path=str(file()))
        raise


def _check(last: TreeHead | None, key: Verifier) -> None:
    known = last_kept()
    if known is None:
        if last is not None:
            keep(last)
        return
    if known.key == key.id and not is_signed(key, known):
        raise Invalid(_("%(path)s is no tree head that this key signed.") % {"path": file()})
    if last is None or not _goes_on(known, last):
        words = {"size": known.size, "at": known.at.isoformat(timespec="seconds")}
        raise Invalid(
            _(
                "The ledger in the database does not go on from the head over %(size)d entries of "
                "%(at)s that was signed last: somebody cut or altered it, or an old backup was "
                "restored. Nothing is signed until that is cleared up (docs/ledger.md)."
            )
            % words
        )


def _goes_on(known: Anchor, last: TreeHead) -> bool:
    try:
        # New leaves are added to these peaks, whatever the root says.
        if Frontier(last.size, bytes(last.peaks)).root.hex() != last.root:
            return False
        proof = Tree().consistency(known.size, last.size)
    except (ValueError, LookupError):
        return False
    head = {"size": last.size, "root": last.root}
    return goes_on(known.size, known.root, head, [one.hex() for one in proof])


def keep(head: TreeHead, *, anew: bool = False) -> None:
    """Write the head into the file, unless a later one is there; `anew`: whatever is there.

    A file that cannot be written is said in the log, and keeps nobody from sealing.
    """
    try:
        with _alone():
            known = None if anew else last_kept()
            if known is None or known.size < head.size:
                _replace(file(), as_anchor(head) + "\n")
    except OSError as error:
        logger.error("ledger_head_not_kept", path=str(file()), error=error.strerror)


def forget() -> None:
    """Take the file away: for demos that start over."""
    if settings.LEDGER_KEY_FILE:
        file().unlink(missing_ok=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One process of this host at a time, by a lock on the key."""
    with open(settings.LEDGER_KEY_FILE, "rb") as key:
        fcntl.flock(key, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: str) -> None:
    """All of it or nothing, for the owner alone, also when the power fails."""
    # Its mode is 0600.
    number, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as target:
            target.write(text)
            target.flush()
            os.fsync(target.fileno())
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
