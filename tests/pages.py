"""What a reader finds on a page."""

import re


def text_of(answer):
    """The words of a page, without the reference of the request."""
    text = re.sub(
        r"<[^>]+>|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", " ", answer.content.decode()
    )
    return re.sub(r"\s+", " ", text)
