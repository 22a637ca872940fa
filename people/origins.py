"""From where a request comes, as its person may recognise it."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from people.notices import Where

MOST_OF_AN_AGENT = 200


def where(request: HttpRequest) -> Where:
    """The address that limits count as well, and what the browser calls itself."""
    adapter = get_adapter(request)
    agent = str(adapter.get_http_user_agent(request))[:MOST_OF_AN_AGENT]
    # A browser may call itself anything; PostgreSQL stores no NUL, and a mail shows no controls.
    return Where(
        str(adapter.get_client_ip(request)),
        "".join(sign if sign.isprintable() else " " for sign in agent),
    )
