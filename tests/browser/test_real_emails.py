"""Real e-mails in our preview, beside the same files opened in the browser itself.

Pictures are the same grey boxes on both sides, since nothing is fetched; the rest has to look alike
at the width of a desktop and of a phone.
"""

import html
import io
import re
import statistics
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from PIL import Image, ImageChops, ImageStat

from content import definition
from content.sanitising import placeholder
from tests.factories import AssetFactory, TeamFactory, UserFactory
from tests.real import real_path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real_data,
    pytest.mark.django_db(transaction=True),
]
WIDTHS = {"desktop": 1024, "mobile": 390}
# Measured: the worst are 1.96 and 3.72 of 255 (buttons of forms are words), 0.3 % of the height;
# the median is 0.2. Without its style sheet a message comes to more than ten times that.
MOST_DIFFERENCE, MOST_HEIGHT, MEDIAN = 5.0, 0.02, 1.0
_SOURCE = re.compile(r"<img\b[^>]*?\bsrc=[\"']([^\"']+)", re.IGNORECASE)


def emails() -> list[Path]:
    return sorted(real_path("email").glob("*/*.html"))


@pytest.fixture
def assets(db: None) -> Any:
    """Each of the files as an asset, and whoever sees them."""
    owner = UserFactory()
    team = TeamFactory(members=[owner])
    keys = {}
    for number, path in enumerate(emails()):
        rendition = {"key": "en", "subject": path.stem, "body": path.read_text(), "format": "html"}
        document = definition.complete(
            {"name": path.stem, "kind": "email", "renditions": [rendition]}
        )
        asset = AssetFactory(key=f"real-{number}", team=team, document=document)
        keys[path] = asset.key
    client = Client()
    client.force_login(owner)
    return keys, client.cookies["sessionid"].value


def grey(route: Any, pictures: set[str]) -> None:
    """No network: pictures are what the preview shows in their place, all else is missing."""
    url = route.request.url
    if url.startswith("file:"):
        route.continue_()
    elif url in pictures:
        picture = unquote(placeholder(url).partition(",")[2])
        route.fulfill(body=picture, content_type="image/svg+xml")
    else:
        route.abort()


def directly(context: Any, path: Path) -> Image.Image:
    named = {html.unescape(one) for one in _SOURCE.findall(path.read_text())}
    page = context.new_page()
    page.route("**/*", lambda route: grey(route, named | {f"{one}/" for one in named}))
    page.goto(path.as_uri())
    return _taken(page)


def previewed(context: Any, url: str) -> Image.Image:
    page = context.new_page()
    answer = page.goto(url)
    assert answer.ok
    assert "sandbox" in answer.headers["content-security-policy"]
    return _taken(page)


def _taken(page: Any) -> Image.Image:
    data = page.screenshot(full_page=True)
    page.close()
    return Image.open(io.BytesIO(data)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of their colours, 0 to 255, at a quarter of the size."""
    width, height = max(one.width, other.width), max(one.height, other.height)
    small = []
    for picture in (one, other):
        whole = Image.new("RGB", (width, height), "white")
        whole.paste(picture, (0, 0))
        small.append(whole.resize((width // 4, height // 4), Image.Resampling.BOX))
    return statistics.mean(ImageStat.Stat(ImageChops.difference(*small)).mean)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_real_email_looks_as_in_a_browser(
    browser: Any, live_server: Any, assets: Any, width: str
) -> None:
    keys, session = assets
    pixels = WIDTHS[width]
    size = {"width": pixels, "height": 800}
    context = browser.new_context(viewport=size, screen=size)
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    found, wrong = [], []
    try:
        for path, key in keys.items():
            address = f"{live_server.url}/content/{key}/versions/1/preview/?width={width}"
            theirs, ours = directly(context, path), previewed(context, address)
            apart, ratio = difference(theirs, ours), ours.height / theirs.height
            found.append(apart)
            if apart > MOST_DIFFERENCE or abs(ratio - 1) > MOST_HEIGHT:
                wrong.append((path.name, round(apart, 2), round(ratio, 3)))
    finally:
        context.close()
    assert len(found) == 16
    assert wrong == []
    assert statistics.median(found) < MEDIAN


def test_the_limits_tell_a_message_from_one_without_its_styles(
    browser: Any, live_server: Any, assets: Any
) -> None:
    keys, session = assets
    path = next(one for one in keys if one.name == "email.html")
    bare = re.sub(r"(?s)<style.*?</style>", "", path.read_text())
    rendition = {"key": "en", "subject": "Bare", "body": bare, "format": "html"}
    owner = UserFactory(is_superuser=True)
    document = definition.complete({"name": "Bare", "kind": "email", "renditions": [rendition]})
    AssetFactory(key="bare", team=TeamFactory(members=[owner]), document=document)
    context = browser.new_context(viewport={"width": 390, "height": 800})
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    try:
        address = f"{live_server.url}/content/bare/versions/1/preview/?width=mobile"
        assert difference(directly(context, path), previewed(context, address)) > MOST_DIFFERENCE
    finally:
        context.close()
