"""Channels as small pieces of HTML, made once for a page that shows them on every row."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from cjops.core.templatetags.parts import chan
from people.models import Channel


def chips(channels: Iterable[Channel]) -> dict[str, SafeString]:
    """The chip of each channel, by its key."""
    return {channel.key: chan(channel) for channel in channels}
