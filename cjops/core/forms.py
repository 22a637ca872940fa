"""What forms of all apps share: refused filters, refusals of services, pages of a list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cjops.core.errors import DomainError
from cjops.core.models import KEY_LENGTH

PAGE = 50
# No list counts further: an exact count costs more than the page.
COUNTED = 1_000


def refused_values(form: forms.Form) -> list[str]:
    """What a filter form does not understand, in words; those filters are left out of it.

    A filter comes from an address, and addresses grow old: an unknown value is no error.
    """
    form.is_valid()
    words = [
        _("The filter “%(name)s” is not understood and was left out.")
        % {"name": form.fields[name].label or name}
        for name in form.errors
        if name in form.fields
    ]
    refused = [name for name in form.errors if name in form.fields]
    if refused:
        # Bound again without them, so that the bar above the list shows what is in effect.
        form.data = {name: value for name, value in form.data.items() if name not in refused}
        form.full_clean()
    return words


def made_key(name: str) -> str:
    """A key made from a name; "" where the name holds no letter a to z and no digit."""
    return slugify(name)[:KEY_LENGTH].replace("_", "-").strip("-")


def take_errors(form: forms.Form, error: DomainError) -> None:
    """Put the refusal of a service where the form shows it: at its fields, or above them."""
    placed = False
    for name, sentences in error.errors.items():
        if name in form.fields:
            form.add_error(name, sentences)
            placed = True
    if not placed:
        rest = [sentence for sentences in error.errors.values() for sentence in sentences]
        form.add_error(None, [error.message, *rest] if error.message else rest)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is set: its name, its value as people read it, and the list without it."""

    label: str
    value: str
    url: str


def chosen_filters(request: HttpRequest, form: forms.Form) -> list[Chosen]:
    """The filters in effect, in the order of the form, which is valid."""
    return [
        Chosen(
            str(form.fields[name].label or name), _shown(form, name, value), _without(request, name)
        )
        for name, value in form.cleaned_data.items()
        if value
    ]


def _shown(form: forms.Form, name: str, value: str) -> str:
    choices = getattr(form.fields[name], "choices", ())
    return str(dict(choices).get(value, value))


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    for dropped in (name, "page"):
        query.pop(dropped, None)
    pairs = [(key, value) for key, values in query.lists() for value in values if value]
    return f"{request.path}?{urlencode(pairs)}" if pairs else request.path


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, where its neighbours are, and how many there are in all."""

    rows: Sequence[Any]
    previous: str
    next: str
    summary: str
    total: str


def page_of(request: HttpRequest, rows: models.QuerySet[Any], size: int = PAGE) -> Page:
    """The page that `?page=` asks for; two queries, neither of which counts beyond `COUNTED`.

    A page that is not there is the nearest one that is.
    """
    count = len(rows.order_by().values_list("pk", flat=True)[: COUNTED + 1])
    number = _number(request.GET.get("page", ""))
    if count <= COUNTED:
        number = min(number, max((count + size - 1) // size, 1))
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    total = number_format(min(count, COUNTED), force_grouping=True)
    if count > COUNTED:
        total = _("more than %(count)s") % {"count": total}
    shown = found[:size]
    return Page(
        rows=shown,
        previous=_address(request, number - 1) if number > 1 else "",
        next=_address(request, number + 1) if len(found) > size else "",
        summary=_("%(first)s–%(last)s of %(total)s")
        % {"first": start + 1, "last": start + len(shown), "total": total}
        if shown
        else "",
        total=total,
    )


def page_of_ids(
    request: HttpRequest,
    ids: Sequence[int],
    load: Callable[[Sequence[int]], Sequence[Any]],
    total: str = "",
    size: int = PAGE,
) -> Page:
    """The same of rows whose ids are known in their order; `load` reads those of one page."""
    number = min(_number(request.GET.get("page", "")), max((len(ids) + size - 1) // size, 1))
    start = (number - 1) * size
    rows = list(load(ids[start : start + size])) if ids else []
    counted = total or number_format(len(ids), force_grouping=True)
    return Page(
        rows=rows,
        previous=_address(request, number - 1) if number > 1 else "",
        next=_address(request, number + 1) if start + size < len(ids) else "",
        summary=_("%(first)s–%(last)s of %(total)s")
        % {"first": start + 1, "last": start + len(rows), "total": counted}
        if rows
        else "",
        total=counted,
    )


def list_answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page with a list; for htmx its `results` alone, under an address without empty filters."""
    if not getattr(request, "htmx", False):
        return render(request, template, context)
    response = render(request, f"{template}#results", context)
    response.headers["HX-Push-Url"] = _without(request, "")
    return response


def _number(text: str) -> int:
    """A page number; 1 for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) < 8
    return max(min(int(text), 100_000), 1) if is_number else 1


def _address(request: HttpRequest, page: int) -> str:
    address = _without(request, "page")
    if page == 1:
        return address
    return f"{address}{'&' if '?' in address else '?'}page={page}"
