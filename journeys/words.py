"""What a change of a journey says, in words: the door to labels, values and summaries.

A change page opens with `summarise`; its tables show `format_value` under `field_label`. Nowhere
a key, a rank or JSON where there is a name for it.
"""

from cjops.core.wording import listing
from journeys.durations import duration_words
from journeys.labels import choice_label, element_label, field_label, kind_label
from journeys.summary import summarise
from journeys.values import Names, element_name, format_value, name_of, names_in, place_of

__all__ = [
    "Names",
    "choice_label",
    "duration_words",
    "element_label",
    "element_name",
    "field_label",
    "format_value",
    "kind_label",
    "listing",
    "name_of",
    "names_in",
    "place_of",
    "summarise",
]
