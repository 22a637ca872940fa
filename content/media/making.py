"""Smaller pictures and pages of PDFs, made in the worker: the only writer of drawings."""

import io
from hashlib import sha256

import structlog
from django.db import transaction
from django.utils import timezone
from PIL import Image

from cjops.core.reactions import send_after_commit
from content.media import storage
from content.media.drawing import BROKEN, Drawn
from content.media.papers import PDF, NotDrawn, drawn_page
from content.models import Drawing, DrawingSize, DrawingState, MediaFile

log = structlog.get_logger(__name__)
# Pixels of the longer side.
LONGEST = {DrawingSize.THUMB: 320, DrawingSize.THUMB_2X: 640, DrawingSize.PAGE: 1_400}
MOST_ATTEMPTS = 3
# Where it is not the file that is wrong: storage that is away for a while comes back.
MOST_UNEXPECTED = 30
TASK = "content.tasks.draw"


@transaction.atomic(savepoint=False)
def ask_for(*, file: MediaFile) -> None:
    """Have everything drawn that is wanted of a file; what is there already stays."""
    pages = range(1, file.frames + 1) if file.media_type == PDF else (1,)
    wanted = [(DrawingSize.THUMB, 1), (DrawingSize.THUMB_2X, 1)]
    wanted += [(DrawingSize.PAGE, page) for page in pages]
    now = timezone.now()
    Drawing.objects.bulk_create(
        [Drawing(file=file, size=size, page=page, asked_at=now) for size, page in wanted],
        ignore_conflicts=True,
    )
    send_after_commit(TASK, file=file.pk)


def draw_all(*, file_id: int) -> int:
    """Draw what waits of a file; how many were drawn. Safe to run twice, and side by side."""
    waiting = Drawing.objects.filter(file=file_id, state=DrawingState.WAITING)
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        try:
            done += _draw_one(pk=pk)
        except Exception:
            # A bucket has errors of its own; whatever it is, the others are drawn.
            log.exception("drawing_failed_unexpectedly", drawing=pk)
            _count_failure(pk=pk)
    return done


@transaction.atomic(durable=True)
def _count_failure(*, pk: int) -> None:
    drawings = Drawing.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    drawing = drawings.filter(pk=pk, state=DrawingState.WAITING).first()
    if drawing is None:
        return
    drawing.attempts += 1
    if drawing.attempts >= MOST_UNEXPECTED:
        drawing.state = DrawingState.FAILED
    drawing.save(update_fields=["attempts", "state"])


@transaction.atomic(durable=True)
def _draw_one(*, pk: int) -> bool:
    """Draw one under its row lock; False where another worker has or had it, or it failed."""
    drawing = (
        Drawing.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("file")
        .filter(pk=pk, state=DrawingState.WAITING)
        .first()
    )
    if drawing is None:
        return False
    try:
        made = _made(drawing)
    except (NotDrawn, FileNotFoundError, *BROKEN) as error:
        drawing.attempts += 1
        if drawing.attempts >= MOST_ATTEMPTS:
            drawing.state = DrawingState.FAILED
        drawing.save(update_fields=["attempts", "state"])
        log.warning("drawing_failed", drawing=pk, reason=str(error)[:200])
        return False
    digest = sha256(made.data).hexdigest()
    # The file first and its row last, as for uploads.
    storage.store(digest, made.data)
    drawing.state, drawing.sha256, drawing.media_type = DrawingState.DRAWN, digest, made.media_type
    drawing.bytes, drawing.width, drawing.height = len(made.data), made.width, made.height
    drawing.save()
    return True


def _made(drawing: Drawing) -> Drawn:
    longest = LONGEST[DrawingSize(drawing.size)]
    with storage.stored(drawing.file.sha256) as file:
        if drawing.file.media_type == PDF:
            return drawn_page(file, drawing.page, longest)
        return smaller(file.read(), longest)


def smaller(data: bytes, longest: int) -> Drawn:
    """A picture that the portal wrote, at most that large; of an animation its first frame."""
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
        picture.draft("RGB", (longest, longest))
        picture.load()
        is_clear = picture.mode in ("RGBA", "LA") or "transparency" in picture.info
        plain = picture.convert("RGBA" if is_clear else "RGB")
    plain.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    if is_clear:
        plain.save(target, "WEBP", quality=85, method=3)
    else:
        plain.save(target, "JPEG", quality=85, optimize=True)
    kind = "image/webp" if is_clear else "image/jpeg"
    return Drawn(target.getvalue(), kind, plain.width, plain.height, 1)
