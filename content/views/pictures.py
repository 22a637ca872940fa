"""Pictures of an asset: the list with its form, and each picture for whoever sees the asset."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cjops.core.errors import Conflict, Invalid, NotFound, TooLarge
from cjops.core.forms import page_of, take_errors
from content import policies, queries
from content.forms import PictureForm
from content.media import storage
from content.media.services import upload_picture
from content.models import Asset
from people.models import User

# Nothing in it may run or be fetched, should a browser ever take it for a page.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
ON_A_PAGE = 24


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest, key: str) -> HttpResponse:
    """All pictures of an asset; a form adds one."""
    user = cast(User, request.user)
    asset = queries.get_asset_for(user=user, key=key)
    form, status = PictureForm(), 200
    if request.method == "POST":
        form, status = PictureForm(request.POST, request.FILES), 422
        policies.can_write(user, asset).require()
        if form.is_valid() and upload(request, asset, form):
            return redirect(f"{reverse('asset-detail', args=[key])}#pictures")
    context = {
        "asset": asset,
        "page": page_of(request, queries.pictures_of(asset), ON_A_PAGE),
        "upload": form,
        "may_write": policies.can_write(user, asset),
    }
    return render(request, "content/pictures.html", context, status=status)


def upload(request: HttpRequest, asset: Asset, form: PictureForm) -> bool:
    """Upload the file of a valid form; False where it is refused, with the reason in the form."""
    sent = form.cleaned_data["file"]
    try:
        picture, is_new = upload_picture(
            asset=asset,
            file=sent.file,
            name=sent.name,
            declared=sent.content_type or "",
            actor=cast(User, request.user),
        )
    except (Invalid, TooLarge, Conflict) as error:
        take_errors(form, error)
        return False
    words = (
        _("The picture “%(name)s” is uploaded.")
        if is_new
        else _("The asset has this picture already, as “%(name)s”.")
    )
    messages.success(request, words % {"name": picture.name})
    return True


@login_required
@require_GET
def picture(request: HttpRequest, key: str, sha256: str) -> HttpResponse | FileResponse:
    """The picture or PDF, locked up like everything that came from outside; with `?size=` a smaller
    picture of it, of a PDF of its `?page=`, as far as that is drawn.

    The browser keeps it and yet asks each time: sight of an asset can end.
    """
    found = queries.get_picture_for(user=cast(User, request.user), key=key, sha256=sha256)
    page = request.GET.get("page", "")
    is_page = page.isascii() and page.isdigit() and len(page) < 4
    stored = queries.drawn(found, request.GET.get("size", ""), int(page) if is_page else 1)
    tag = f'"{stored.sha256}"'
    answer: HttpResponse | FileResponse
    if tag in request.headers.get("If-None-Match", ""):
        answer = HttpResponseNotModified()
    else:
        try:
            data = storage.stored(stored.sha256)
        except FileNotFoundError:
            raise NotFound(_("The file of this picture is lost. Ask an admin.")) from None
        answer = FileResponse(
            data, as_attachment=True, filename=found.name, content_type=stored.media_type
        )
        answer.headers["Content-Length"] = str(stored.size)
    for name, value in {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }.items():
        answer.headers[name] = value
    return answer


@login_required
@require_GET
def drawing(request: HttpRequest, key: str, sha256: str) -> HttpResponse:
    """Whether smaller pictures of it are still being drawn (204); a page that waits comes anew."""
    found = queries.get_picture_for(user=cast(User, request.user), key=key, sha256=sha256)
    if queries.is_being_drawn(found):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})
