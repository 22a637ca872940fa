"""What a change says about itself: its title, why, and what is expected of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cjops.core.errors import DomainError
from cjops.core.forms import take_errors
from governance import services
from governance.forms import DescribeForm
from governance.subjects import subject_of
from governance.views.editing import editable


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_describe(request: HttpRequest, number: int) -> HttpResponse:
    """The form of title and reasons, for as long as the change may be edited."""
    user, change, _proposal = editable(request, number, kinds=("journey", "asset", "taxonomy"))
    form = DescribeForm(request.POST if request.method == "POST" else None, change=change)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                services.describe_change(number=number, actor=user, **form.cleaned_data)
            except DomainError as error:
                if error.status in (403, 404):
                    raise
                take_errors(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect("change-detail", number)
    context = {"change": change, "subject": subject_of(change), "form": form}
    return render(request, "governance/change_describe.html", context, status=status)
