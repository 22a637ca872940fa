"""A rendition as the e-mail that customers get, addressed to whoever tries it out."""

import base64
import html
import re
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _

from content.looking import Asked, look_at
from content.models import SentTest
from content.preview import email
from content.preview.embedding import STORED
from content.preview.filling import filled
from content.preview.look import Look
from content.reading import words_of
from people.models import User

DOMAIN = "cjops.invalid"
_BODY = re.compile(r"""<body(?:[^<>"']|"[^"]*+"|'[^']*+')*+>""", re.IGNORECASE)
_SOURCE = re.compile(rf"""(["'])({STORED.pattern})\1""")
_HIDDEN = '<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">{}</div>'


def compose(*, test: SentTest, reader: User) -> EmailMultiAlternatives:
    """The message in full: text, HTML and its pictures. Raises `LiquidFault` and `Nothing`.

    It goes to the address of the reader's own account, whatever the content says.
    """
    document = test.message or {}
    rendition = document["renditions"][0]
    look = look_at(reader, document, Asked(rendition=rendition["key"], profile=test.profile))
    markup = email.markup_of(rendition, look)
    if rendition["preheader"]:
        markup = _with_preheader(markup, filled(rendition["preheader"], rendition, look))
    text = filled(rendition["text"], rendition, look) or words_of(markup)
    subject = " ".join(filled(rendition["subject"], rendition, look).split())
    with translation.override(reader.locale):
        prefixed = _("[Test] %(subject)s") % {"subject": subject}
    markup, pictures = _attached(markup, look)
    mail = EmailMultiAlternatives(
        subject=prefixed,
        body=text,
        from_email=_sender(rendition["sender"]),
        to=[reader.email],
        # The same over retries, so that a mail server can drop a repeat.
        headers={"Message-ID": f"<test-{test.pk}@{DOMAIN}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(markup, "text/html")
    if pictures:
        mail.mixed_subtype = "related"  # type: ignore[attr-defined]  # missing in its stubs
        for picture in pictures:
            mail.attach(picture)
    return mail


def _sender(name: str) -> str:
    """The portal's own address under the name that customers read."""
    own, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    written = " ".join(name.split())
    return formataddr((parseaddr(written)[0] or written.replace('"', "") or own, address))


def _with_preheader(markup: str, preheader: str) -> str:
    hidden = _HIDDEN.format(html.escape(" ".join(preheader.split())))
    body = _BODY.search(markup)
    at = body.end() if body else 0
    return markup[:at] + hidden + markup[at:]


def _attached(markup: str, look: Look) -> tuple[str, list[MIMEImage]]:
    """The message with stored pictures named by their parts, and these parts."""
    found: dict[str, MIMEImage] = {}

    def named(match: re.Match[str]) -> str:
        sha256 = match.group(3)
        address = look.pictures.get(sha256)
        if address is None:
            return match.group()
        if sha256 not in found:
            found[sha256] = _part(sha256, address)
        return f"{match.group(1)}cid:{_id_of(sha256)}{match.group(1)}"

    return _SOURCE.sub(named, markup), list(found.values())


def _id_of(sha256: str) -> str:
    """Short enough for one line of a header: not all clients read on."""
    return f"{sha256[:32]}@{DOMAIN}"


def _part(sha256: str, address: str) -> MIMEImage:
    kind, _comma, data = address.partition(";base64,")
    part = MIMEImage(base64.b64decode(data), _subtype=kind.rpartition("/")[2])
    part.add_header("Content-ID", f"<{_id_of(sha256)}>")
    part.add_header("Content-Disposition", "inline")
    return part
