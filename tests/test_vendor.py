"""Front-end files: vendored ones are unchanged, none comes from outside, the page stays small."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from cjops.core.templatetags.parts import OP_ICONS, STATE_ICONS
from people.defaults import CHANNELS
from tests.sources import ROOT, for_each

VENDOR = ROOT / "static" / "vendor"
OWN = ROOT / "static" / "cjops"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
BASE_PAGE_BUDGET = 75 * 1024

# The name of a namespace is not an address that anything loads.
NAMESPACES = re.compile(r"http://www\.w3\.org/(2000/svg|1999/xlink)")
OUTSIDE = re.compile(r"""https?://|["'(]\s*//\w""")


def templates() -> Iterator[Path]:
    """Every HTML template of the repository."""
    for folder in ("templates", "people", "tags", "content", "journeys", "governance", "cjops"):
        yield from sorted((ROOT / folder).rglob("*.html"))


def base_page_files() -> list[str]:
    """The static files every page loads, fonts left out."""
    text = "".join(
        (ROOT / "templates" / name).read_text()
        for name in ("components/head.html", "base.html", "components/icon.html")
    )
    found = re.findall(r"{% static '([^']+)' %}", text)
    return sorted({name for name in found if not name.endswith(".woff2")})


def test_every_vendored_file_is_the_one_in_the_manifest():
    listed = {}
    for package in MANIFEST["packages"]:
        listed.update(package["files"])

    present = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }

    assert present == listed


@pytest.mark.parametrize("package", MANIFEST["packages"], ids=lambda package: package["name"])
def test_a_vendored_package_says_where_it_is_from_and_carries_its_licence(package):
    folder = f"{package['name']}-{package['version']}"

    assert package["licence"]
    assert package["source"]
    assert f"{folder}/LICENSE" in package["files"]
    assert all(name.startswith(f"{folder}/") for name in package["files"])


@for_each([*templates(), *(path for path in sorted(OWN.rglob("*")) if path.is_file())])
def test_nothing_is_loaded_from_an_outside_address(path):
    text = NAMESPACES.sub("", path.read_text())

    assert not OUTSIDE.search(text)


def test_vendored_styles_load_nothing_from_outside():
    for path in VENDOR.rglob("*.css"):
        loads = re.findall(r"url\(([^)]{0,40})|@import ([^;]{0,40})", path.read_text())
        outside = [load for load in loads if re.match(r"""["']?(https?:)?//""", "".join(load))]
        assert outside == []


@for_each(templates())
def test_templates_hold_nothing_the_content_policy_forbids(path):
    text = path.read_text()

    assert not re.search(r"<style\b|\sstyle\s*=", text), "inline style"
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", text), "inline event handler"
    assert not re.search(r"\bhx-on[:-]|javascript:", text), "inline script"
    for attributes in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in attributes or "application/json" in attributes


def test_every_icon_the_portal_names_is_in_the_sprite():
    sprite = next(VENDOR.glob("bootstrap-icons-*/icons.svg")).read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))

    used = set()
    for path in templates():
        text = path.read_text()
        used |= set(re.findall(r'components/icon\.html" with name="([^"]+)"', text))
        used |= set(re.findall(r'components/[^%]*\sicon="([^"]+)"', text))
        used |= set(re.findall(r'{% icon "([^"]+)"', text))
    used |= set(STATE_ICONS.values()) | set(OP_ICONS.values())
    used |= {channel["icon"] for channel in CHANNELS}

    assert used
    assert used - known == set()


def test_the_base_page_keeps_its_budget():
    sizes = {}
    for name in base_page_files():
        found = finders.find(name)
        assert found, f"{name} is not there"
        sizes[name] = len(brotli.compress(Path(found).read_bytes(), quality=11))

    # The page itself: what the frame of base.html comes to, measured once and rounded up.
    total = sum(sizes.values()) + 5 * 1024

    assert total <= BASE_PAGE_BUDGET, sizes


def test_licences_of_all_that_the_portal_runs_on_are_listed():
    listed = (ROOT / "THIRD_PARTY.md").read_text().partition("## Shipped")[0]
    rows = re.findall(r"^\| ([a-z0-9.-]+) \| (.+) \|$", listed, re.MULTILINE)[1:]
    locked = "\n".join(
        (ROOT / "requirements" / name).read_text() for name in ("embedded.txt", "s3.txt")
    )

    assert [name for name, _licence in rows] == sorted(
        set(re.findall(r"^([a-z0-9.-]+)==", locked, re.MULTILINE))
    )
    for name, licence in rows:
        assert "?" not in licence, name
        assert not re.search(r"AGPL|(?<!L)GPL|Proprietary", licence), name


@pytest.mark.parametrize("name", ["base", "embedded", "s3", "dev"])
def test_the_lock_names_hashes_and_no_address(name):
    locked = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in locked
    for package in re.split(r"\n(?=[a-z])", locked)[1:]:
        assert "--hash=sha256:" in package
