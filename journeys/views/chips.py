"""Channels as small pieces of HTML, rendered once for a page that shows them on every row."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from people.models import Channel


def chips(channels: Iterable[Channel]) -> dict[str, SafeString]:
    """The chip of each channel, by its key."""
    return {
        channel.key: render_to_string("components/chan.html", {"channel": channel})
        for channel in channels
    }
