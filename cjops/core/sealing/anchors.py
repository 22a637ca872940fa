"""Tree heads kept where whoever runs the database cannot alter them: in a file, in mailboxes."""

import os
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import Invalid
from cjops.core.models import TreeHead
from cjops.core.sealing import kept
from cjops.core.sealing.heads import as_anchor
from cjops.core.sealing.log import seal

ANCHORED = "ledger.anchored"
RESTORED = "ledger.restored"


def newest_head() -> TreeHead | None:
    """The head over all that was recorded by now; None where nothing was."""
    while seal() is not None:
        pass
    return TreeHead.objects.order_by("-size").first()


def anchor() -> TreeHead | None:
    """Keep the newest head everywhere the settings name; None where there is none, or no place.

    Raises `Invalid` where the file cannot be written, and what sending mail raises.
    """
    file, mails = settings.LEDGER_ANCHOR_FILE, settings.LEDGER_ANCHOR_MAILS
    head = newest_head() if file or mails else None
    if head is None:
        return None
    # The file first: it is there even when nobody takes mail.
    if file:
        append(head, file)
    if mails:
        mail(head, mails)
    return head


def accept_restore(head: TreeHead) -> None:
    """Let this host sign on from a head, whatever it signed before; written down."""
    said = {"size": head.size, "root": head.root, "key": head.key}
    with transaction.atomic(durable=True):
        auditing.note(RESTORED, actor=None, data=said)
    kept.keep(head, anew=True)


def append(head: TreeHead, path: str | Path) -> None:
    """Add the head to a file as one line. Raises `Invalid` where that cannot be done."""
    line = f"{as_anchor(head)}\n".encode()
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        words = {"path": path, "reason": error.strerror}
        raise Invalid(_("Cannot write %(path)s: %(reason)s.") % words) from None
    note(head, "file")


def mail(head: TreeHead, addresses: list[str]) -> None:
    """Send the head to people who keep it."""
    words = {"size": head.size, "at": head.at.isoformat(timespec="seconds")}
    subject = _("Ledger: %(size)s entries on %(at)s") % words
    text = _(
        "This is what the ledger comes to. Keep this message: it shows later whether anybody "
        "rewrote what was recorded until now. Save the attached line in a file with those of other "
        "days, and check it with “verify_ledger --anchor FILE” or with the verify.py of an "
        "evidence bundle."
    )
    line = as_anchor(head)
    message = EmailMessage(subject, f"{text}\n\n{line}\n", to=addresses)
    message.attach(f"tree-head-{head.size}.jsonl", f"{line}\n", "application/jsonl")
    message.send()
    note(head, "mail")


@transaction.atomic(savepoint=False)
def note(head: TreeHead, where: str) -> None:
    """Write down that a head is kept elsewhere; bundles prove that they go on from it."""
    said = {"size": head.size, "root": head.root, "key": head.key, "where": where}
    auditing.note(ANCHORED, actor=None, data=said)
