"""Content that leaves as a zip and comes back as another asset, with all its pictures and PDFs."""

import io
import json

import pytest

import content.services
from cjops.core.models import AuditEntry
from content.adapting import Source, made_from
from content.definition import complete
from content.exchange.archives import unpacked
from content.exchange.exporting import exported
from content.exchange.reading import read
from content.media.services import upload_picture
from content.media.storage import media, place_of
from content.models import Asset, Picture
from content.rulebook import files_in
from governance import services
from governance.proposals import proposal_of
from people.models import Team
from tests.bad_input.papers import paper
from tests.bad_input.pictures import saved

# Another file each time it is written.
JPEG = saved("JPEG", (300, 250), quality=70)


def made(cast, kind, key="spring", is_restricted=False, actor=None, team="email"):
    document = complete({"name": "Spring", "kind": kind, "renditions": [{"key": "en"}]})
    return content.services.create_asset(
        key=key,
        name="Spring",
        kind=kind,
        team=Team.objects.get(key=team),
        document=document,
        actor=actor or cast.mei,
        is_restricted=is_restricted,
    ).subject


def upload(asset, actor, data=JPEG, name="tree.jpg"):
    return upload_picture(asset=asset, file=io.BytesIO(data), name=name, actor=actor)[0]


def version_with(asset, actor, **rendition):
    """A version of the asset that says so in English."""
    document = {"name": "Spring", "kind": asset.kind, "renditions": [{"key": "en", **rendition}]}
    return content.services.add_version(asset=asset, document=complete(document), actor=actor)


def address(picture):
    return f"/content/{picture.asset.key}/pictures/{picture.file.sha256}/"


def zip_of(version, actor):
    found = exported(version=version, actor=actor)
    with found.file as file:
        return file.read(), found


def brought(cast, data, key="autumn"):
    found = services.import_content(
        brought=read("spring.zip", data),
        actor=cast.mei,
        key=key,
        team=Team.objects.get(key="email"),
    )
    return proposal_of(found.change).proposed, found


def test_an_email_comes_back_with_its_pictures(cast):
    asset = made(cast, "email")
    picture = upload(asset, cast.mei)
    version = version_with(
        asset, cast.mei, subject="Hi", body=f'<p>Hi <img src="{address(picture)}" alt="A"></p>'
    )
    data, _found = zip_of(version, cast.mei)
    document, found = brought(cast, data)
    here = Picture.objects.get(asset__key="autumn")
    assert here.file.sha256 != picture.file.sha256
    assert here.name == "tree.jpg"
    assert document["renditions"][0]["body"] == f'<p>Hi <img src="{address(here)}" alt="A"></p>'
    assert found.notes == ()


@pytest.mark.parametrize(
    ("kind", "place", "data", "name"),
    [("banner", "300x250", JPEG, "tree.jpg"), ("poster", "poster", paper(), "tree.pdf")],
)
def test_files_in_their_places_come_back(cast, kind, place, data, name):
    asset = made(cast, kind)
    file = upload(asset, cast.mei, data, name).file.sha256
    version = version_with(asset, cast.mei, title="Hi", files={place: {"file": file, "alt": "A"}})
    data, _found = zip_of(version, cast.mei)
    # As in a portal that has never seen the file.
    Picture.objects.all().delete()
    document, found = brought(cast, data)
    here = Picture.objects.get(asset__key="autumn")
    assert files_in(document) == {here.file.sha256}
    assert document["renditions"][0]["files"][place]["alt"] == "A"
    assert (here.name, found.notes) == (name, ())


def test_a_file_that_is_not_in_the_zip_leaves_its_place_empty_and_is_told(cast):
    asset = made(cast, "banner")
    picture = upload(asset, cast.mei)
    files = {"300x250": {"file": picture.file.sha256, "alt": "A"}}
    version = version_with(asset, cast.mei, title="Hi", files=files)
    media().delete(place_of(picture.file.sha256))
    data, lost = zip_of(version, cast.mei)
    assert "“tree.jpg” (en)" in lost.sentence
    Picture.objects.all().delete()
    document, found = brought(cast, data)
    assert files_in(document) == set()
    assert "missing already" in found.notes[0]
    assert "en/300x250" in found.notes[1]


def test_a_pdf_among_the_pictures_of_an_email_is_left_out(cast):
    asset = made(cast, "poster")
    file = upload(asset, cast.mei, paper(), "tree.pdf").file.sha256
    version = version_with(asset, cast.mei, title="Hi", files={"poster": {"file": file}})
    data, _found = zip_of(version, cast.mei)
    manifest = json.loads(unpacked(data)["manifest.json"])
    found = read("spring.zip", data)
    assert manifest["pictures"] == {file: "pictures/tree.pdf"}
    found.document["kind"] = "email"
    lost = services.import_content(
        brought=found, actor=cast.mei, key="autumn", team=Team.objects.get(key="email")
    )
    assert "“tree.pdf” was left out" in lost.notes[0]


# --- pictures of other assets -------------------------------------------------------------------


def adapted(cast, origin_version):
    """An asset made from another one, whose files stay where they are."""
    asset = made(cast, "email", "summer")
    source = Source(
        origin_version.subject.key, origin_version.number, origin_version.get_document()
    )
    document = made_from([source], "email")
    return content.services.add_version(asset=asset, document=document, actor=cast.mei)


def test_what_was_adapted_takes_the_pictures_of_its_origin_along(cast):
    origin = made(cast, "email")
    picture = upload(origin, cast.mei)
    version = adapted(
        cast, version_with(origin, cast.mei, body=f'<img src="{address(picture)}" alt="">')
    )
    data, found = zip_of(version, cast.mei)
    assert "pictures/tree.jpg" in unpacked(data)
    assert (found.missing, found.sentence) == ((), "")


def test_pictures_of_what_the_person_does_not_see_stay_and_are_told_without_their_name(cast):
    origin = made(cast, "email", actor=cast.zoe, team="web")
    picture = upload(origin, cast.zoe)
    version = adapted(
        cast, version_with(origin, cast.zoe, body=f'<img src="{address(picture)}" alt="">')
    )
    # Restricted after it was adapted.
    Asset.objects.filter(pk=origin.pk).update(is_restricted=True, readers=[])
    data, found = zip_of(version, cast.mei)
    assert not [path for path in unpacked(data) if path.startswith("pictures/")]
    assert picture.file.sha256[:12] in found.sentence
    assert "tree" not in found.sentence + unpacked(data)["manifest.json"].decode()


def test_more_pictures_than_a_preview_shows_come_along(cast):
    asset = made(cast, "email")
    pictures = [upload(asset, cast.mei, saved("PNG", (10, n)), f"{n}.png") for n in range(1, 46)]
    body = "".join(f'<img src="{address(one)}" alt="">' for one in pictures)
    data, found = zip_of(version_with(asset, cast.mei, body=body), cast.mei)
    assert len([path for path in unpacked(data) if path.startswith("pictures/")]) == 45
    assert found.missing == ()


def test_few_questions_are_asked_however_many_pictures(cast, django_assert_max_num_queries):
    asset = made(cast, "email")
    pictures = [upload(asset, cast.mei, saved("PNG", (10, n)), f"{n}.png") for n in range(1, 9)]
    body = "".join(f'<img src="{address(one)}" alt="">' for one in pictures)
    version = version_with(asset, cast.mei, body=body)
    with django_assert_max_num_queries(8):
        zip_of(version, cast.mei)


def test_the_page_after_it_says_what_is_missing(signed_in, cast):
    asset = made(cast, "email")
    picture = upload(asset, cast.mei)
    version = version_with(asset, cast.mei, body=f'<img src="{address(picture)}" alt="">')
    media().delete(place_of(picture.file.sha256))
    client = signed_in("mei")
    answer = client.post(f"/content/spring/versions/{version.number}/export/")
    assert answer.status_code == 200
    assert answer.getvalue()[:2] == b"PK"
    assert "1 file is not in the zip" in client.get("/content/spring/").content.decode()
    assert AuditEntry.objects.get(action="asset.exported").data["missing"] == 1


def test_nothing_is_said_where_nothing_is_missing(signed_in, cast):
    version = version_with(made(cast, "email"), cast.mei, body="<p>Hi</p>")
    client = signed_in("mei")
    client.post(f"/content/spring/versions/{version.number}/export/").getvalue()
    assert "not in the zip" not in client.get("/content/spring/").content.decode()
    assert Asset.objects.filter(key="spring").exists()
