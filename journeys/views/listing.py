"""The list of journeys."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from cjops.core.forms import chosen_filters, list_answer, page_of, refused_values
from journeys import listing
from journeys.forms import JourneyFilterForm
from journeys.models import Journey, JourneyRole
from journeys.views.chips import chips
from people.models import Channel, User

# More chips than this in a row say "many channels" no better than a number.
CHIPS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One journey in the list."""

    journey: Journey
    manager: JourneyRole | None
    more_managers: int
    chips: list[SafeString]
    more_chips: int


@login_required
@require_GET
@vary_on_headers("HX-Request")
def journey_list(request: HttpRequest) -> HttpResponse:
    """The journeys the reader sees, narrowed by the filters in the address."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    channels = list(Channel.objects.all())
    markets, product_lines = listing.places(user)
    form = JourneyFilterForm(
        request.GET,
        markets=markets,
        product_lines=product_lines,
        channels=[(channel.key, channel.label) for channel in channels],
    )
    ignored = refused_values(form)
    wanted = form.cleaned_data
    page = page_of(request, listing.journey_rows(user, wanted))
    context = {
        "form": form,
        "ignored": ignored,
        "chosen": chosen_filters(request, form),
        "page": page,
        "journeys": page.rows,
        "rows": rows_of(page.rows, channels),
    }
    return list_answer(request, "journeys/journey_list.html", context)


def rows_of(journeys: Any, channels: list[Channel]) -> list[Row]:
    """The journeys with their managers and channels, in one more query."""
    managers = listing.managers_of(journeys)
    by_key = chips(channels)
    rows = []
    for journey in journeys:
        grants = managers.get(journey.pk, [])
        known = [by_key[key] for key in by_key if key in journey.channels]
        rows.append(
            Row(
                journey=journey,
                manager=grants[0] if grants else None,
                more_managers=max(len(grants) - 1, 0),
                chips=known[:CHIPS],
                more_chips=max(len(known) - CHIPS, 0),
            )
        )
    return rows
