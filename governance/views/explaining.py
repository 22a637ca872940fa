"""Why somebody may see and do something, or may not."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cjops.core.errors import NotFound
from governance import explaining, queries
from governance.why_forms import WhyForm
from people.models import User


@login_required
@require_GET
def why(request: HttpRequest) -> HttpResponse:
    """Ask about oneself or, where one may, about others; the answer below the form."""
    user = cast(User, request.user)
    about_others = explaining.can_ask_about_others(user)
    person, subject = request.GET.get("person", ""), request.GET.get("subject", "")
    asked = {"person": person or user.email, "subject": subject}
    form = WhyForm(asked if subject else None, about_others=about_others, initial=asked)
    found, status = None, 200
    if person and not about_others and person.strip().lower() != user.email:
        # Before anything is looked up: it makes no difference who there is.
        explaining.can_ask(user, User()).require()
    if form.is_bound:
        found = _answer(form, user)
        status = 200 if found else 404
    context = {
        "form": form,
        "found": found,
        "is_me": found is not None and found.person == user,
        "may_see_grants": user.is_staff and user.has_perm("people.view_grant"),
        "colleagues": queries.colleagues(user) if about_others else (),
    }
    return render(request, "governance/why.html", context, status=status)


def _answer(form: WhyForm, user: User) -> explaining.Explanation | None:
    """The explanation; None where the form says what was not found."""
    if not form.is_valid():
        return None
    person = user
    if "person" in form.fields:
        try:
            person = explaining.find_person(form.cleaned_data["person"])
        except NotFound as error:
            form.add_error("person", error.message)
    try:
        about = explaining.find(form.cleaned_data["subject"], reader=user)
    except NotFound as error:
        form.add_error("subject", error.message)
    if form.errors:
        return None
    explaining.can_ask(user, person).require()
    return explaining.explain(person=person, about=about, reader=user)
