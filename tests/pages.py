"""What a reader finds on a page."""

import re
from html.parser import HTMLParser


def text_of(answer):
    """The words of a page, without the reference of the request."""
    text = re.sub(
        r"<[^>]+>|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", " ", answer.content.decode()
    )
    return re.sub(r"\s+", " ", text)


class _Counter(HTMLParser):
    count = 0

    def handle_starttag(self, tag, attrs):
        self.count += 1


def nodes_of(answer):
    """How many elements a page has, as `document.querySelectorAll("*")` counts them."""
    counter = _Counter()
    counter.feed(answer.content.decode())
    counter.close()
    return counter.count
