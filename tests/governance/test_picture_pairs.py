"""A picture that a change replaces, as reviewers see it: both, and what about them differs."""

import io

import pytest
from django.urls import reverse

import content.services
from content.definition import complete
from content.media import making
from content.media.services import upload_picture
from content.models import Asset
from governance import services
from governance.presenting import picture_pairs
from governance.proposals import proposal_of
from governance.reviewed import Reviewed, reviewed
from people.models import Team
from tests.bad_input import papers, pictures

pytestmark = pytest.mark.usefixtures("media_root")


def stored(asset, actor, data, name):
    return upload_picture(asset=asset, file=io.BytesIO(data), name=name, actor=actor)[0].file


def document(kind="banner", **files):
    placed = {place: {"file": file, "alt": alt} for place, (file, alt) in files.items()}
    renditions = [{"key": "en", "title": "A card", "files": placed}]
    return complete({"name": "Card offer", "kind": kind, "renditions": renditions})


def made(cast, kind):
    return content.services.create_asset(
        key=f"card-{kind}",
        name="Card offer",
        kind=kind,
        team=Team.objects.get(key="email"),
        document=document(kind),
        actor=cast.mei,
    ).subject


@pytest.fixture
def banner(cast):
    return made(cast, "banner")


@pytest.fixture
def small(cast, banner):
    return stored(banner, cast.mei, pictures.saved("PNG", (300, 250)), "small.png")


@pytest.fixture
def large(cast, banner):
    return stored(banner, cast.mei, pictures.noise("JPEG", 500), "large.jpg")


def between(asset, before, after):
    place = "renditions/en"
    return Reviewed(
        place, asset, "en", document(asset.kind, **before), document(asset.kind, **after)
    )


def one_pair(asset, reader, before, after):
    (pair,) = picture_pairs(between(asset, before, after), reader)
    return pair


def rows(pair):
    return {row.label: row for row in pair.rows}


def test_both_pictures_are_shown_with_what_differs(cast, banner, small, large):
    pair = one_pair(
        banner,
        cast.tom,
        {"300x250": (small.sha256, "A card")},
        {"300x250": (large.sha256, "A black card")},
    )
    assert (pair.label, pair.op, pair.note) == ("300 × 250", "edit", "")
    (view,) = pair.views
    assert view.is_compared
    assert (view.before.alt, view.after.alt) == ("A card", "A black card")
    assert small.sha256 in view.before.address
    said = rows(pair)
    assert (said["Size"].before, said["Size"].after) == ("300 × 250 pixels", "500 × 500 pixels")
    assert "shape" in said["Size"].note
    assert said["Weight"].note.endswith("% heavier")
    assert (said["File type"].before, said["File type"].after) == ("PNG", "JPEG")
    assert ("insert", "black ") in said["Words for those who do not see it"].pieces


def test_what_stays_is_said_to_stay(cast, banner, small):
    pair = one_pair(
        banner,
        cast.tom,
        {"300x250": (small.sha256, "A card")},
        {"300x250": (small.sha256, "Our card")},
    )
    assert [view.is_same for view in pair.views] == [True]
    assert [rows(pair)[label].note for label in ("Size", "Weight")] == ["As before", "As before"]
    assert "File type" not in rows(pair)


def test_a_picture_that_comes_has_no_before(cast, banner, small):
    pair = one_pair(banner, cast.tom, {}, {"300x250": (small.sha256, "A card")})
    assert pair.op == "add"
    assert [(view.before, view.is_compared) for view in pair.views] == [(None, False)]


def test_a_picture_of_an_asset_that_is_not_open_to_the_reader_is_not_shown(cast, banner, small):
    Asset.objects.filter(pk=banner.pk).update(is_restricted=True, readers=[])
    pair = one_pair(banner, cast.zoe, {}, {"300x250": (small.sha256, "A card")})
    assert pair.views == ()
    assert "not open to you" in pair.note


def test_a_poster_is_compared_page_by_page(cast):
    poster = made(cast, "poster")
    one = stored(poster, cast.mei, papers.paper(1), "one.pdf")
    two = stored(poster, cast.mei, papers.paper(2), "two.pdf")
    sides = {"poster": (one.sha256, "A")}, {"poster": (two.sha256, "A")}
    assert "being drawn" in one_pair(poster, cast.tom, *sides).note
    for file in (one, two):
        making.draw_all(file_id=file.pk)
    pair = one_pair(poster, cast.tom, *sides)
    assert pair.note == ""
    assert [view.label for view in pair.views] == ["Page 1", "Page 2"]
    # The first page is the same to the last bit.
    assert [view.is_same for view in pair.views] == [True, False]
    assert rows(pair)["Size"].after == "2 pages"


def test_reads_do_not_grow_with_the_pictures(cast, banner, small, large, django_assert_num_queries):
    # What the person may see, the pictures, their drawings.
    places = ("300x250", "728x90", "160x600")
    found = between(
        banner,
        dict.fromkeys(places, (small.sha256, "A")),
        dict.fromkeys(places, (large.sha256, "A")),
    )
    with django_assert_num_queries(3):
        assert len(picture_pairs(found, cast.tom)) == 3


@pytest.fixture
def change(cast, banner, small, large):
    """A change of the banner that is under way."""
    opened = services.open_change(kind="asset", key=banner.key, title="New card", actor=cast.mei)
    fields = {"files": {"300x250": {"file": large.sha256, "alt": "A card"}}}
    kind = {"op": "update", "element": "", "fields": {"kind": "banner", "name": "Card offer"}}
    edit = {"op": "add", "element": "renditions", "key": "en", "fields": fields}
    services.edit_change(number=opened.number, actor=cast.mei, edits=[kind, edit])
    opened.refresh_from_db()
    return opened


def page(client, person, change, at=""):
    client.force_login(person)
    url = reverse("change-content", args=[change.number, "renditions/en"])
    return client.get(f"{url}?at={at}" if at else url)


def test_the_page_shows_it_and_leads_to_a_comment(cast, client, change, large):
    answer = page(client, cast.mei, change)
    assert f"{large.sha256}/" in answer.text
    (pair,) = picture_pairs(
        reviewed(
            change=change, proposal=proposal_of(change), reader=cast.mei, place="renditions/en"
        ),
        cast.mei,
    )
    assert f"?at={pair.passage}#say" in answer.text
    assert (
        f'name="passage" value="{pair.passage}"'
        in page(client, cast.mei, change, pair.passage).text
    )


def test_a_comment_on_a_picture_keeps_its_words(cast, change):
    found = reviewed(
        change=change, proposal=proposal_of(change), reader=cast.mei, place="renditions/en"
    )
    name = found.passages()[-1].name
    remark = services.say_about(
        number=change.number, actor=cast.mei, place="renditions/en", passage=name, text="Darker?"
    )
    assert remark.quote == "A card"


def test_a_page_of_a_pdf_is_served(cast, client):
    poster = made(cast, "poster")
    file = stored(poster, cast.mei, papers.paper(2), "two.pdf")
    making.draw_all(file_id=file.pk)
    client.force_login(cast.mei)
    url = reverse("asset-picture", args=[poster.key, file.sha256])
    tags = {client.get(f"{url}?size=page&page={number}")["ETag"] for number in (1, 2)}
    assert len(tags) == 2
    # What is no page is answered as if none had been asked for.
    assert client.get(f"{url}?size=page&page=x").status_code == 200
