"""E-mails from files: a change each, with their pictures; and out again as a zip."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cjops.core.errors import Conflict, Forbidden, Invalid
from cjops.core.models import AuditEntry
from content.exchange.archives import unpacked
from content.exchange.reading import read
from content.media.services import read_file
from content.models import Asset, Picture
from governance import services
from governance.models import Change
from governance.proposals import proposal_of
from governance.services import Repeat, bringing
from governance.services.bringing import free_key
from people.models import Team
from tests.bad_input.pictures import saved

PAGE = '<html lang="en"><title>Spring</title><body><p>Hi</p><img src="a.png" alt="A"></body></html>'


def zipped(**more):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("en.html", PAGE)
        archive.writestr("a.png", saved("PNG"))
        for name, data in more.items():
            archive.writestr(name.replace("_", "."), data)
    return target.getvalue()


def bring(person, data, name="mail.zip", **more):
    return services.import_content(
        brought=read(name, data),
        actor=person,
        **{"key": "spring", "team": Team.objects.get(key="email"), "source": "x.zip", **more},
    )


def test_a_new_asset_is_proposed_and_not_live(cast):
    found = bring(cast.mei, zipped())
    asset = Asset.objects.get(key="spring")
    assert asset.live_version is None
    assert (found.change.state, found.change.asset, found.notes) == ("draft", asset, ())
    (rendition,) = proposal_of(found.change).proposed["renditions"]
    picture = Picture.objects.get(asset=asset)
    assert f"/content/spring/pictures/{picture.file.sha256}/" in rendition["body"]


def test_an_asset_that_is_there_gets_other_languages(cast):
    before = cast.asset.live_version.get_document()["renditions"][0]
    page = b'<html lang="de"><title>Hallo</title><p>Hallo</p></html>'
    found = bring(cast.mei, page, "x.html", key=cast.asset.key)
    after = {one["key"]: one for one in proposal_of(found.change).proposed["renditions"]}
    assert set(after) == {"en", "de"}
    assert after["en"]["body"] == before["body"]


def test_a_language_that_is_there_is_replaced(cast):
    found = bring(cast.mei, PAGE.encode(), "x.html", key=cast.asset.key)
    (rendition,) = proposal_of(found.change).proposed["renditions"]
    assert rendition["subject"] == "Spring"
    assert [hunk.element for hunk in proposal_of(found.change).hunks] == ["renditions"]


def test_what_is_no_picture_is_left_out_and_told(cast):
    page = PAGE.replace("a.png", "b.png").replace('"en"', '"zh"')
    found = bring(cast.mei, zipped(zh_html=page, b_png=b"not a picture"))
    assert "b.png" in found.notes[0]
    assert Picture.objects.filter(asset__key="spring").count() == 1


def test_who_may_not_write_brings_nothing(cast):
    with pytest.raises(Forbidden):
        bring(cast.zoe, zipped())
    with pytest.raises(Forbidden):
        bring(cast.zoe, zipped(), key=cast.asset.key)
    assert not Change.objects.filter(author=cast.zoe).exists()


def test_a_new_asset_needs_an_owner(cast):
    with pytest.raises(Invalid):
        bring(cast.mei, zipped(), team=None)


def test_another_kind_is_refused(cast):
    cast.asset.kind = "sms"
    cast.asset.save()
    with pytest.raises(Conflict):
        bring(cast.mei, PAGE.encode(), "x.html", key=cast.asset.key)


def test_a_refusal_leaves_nothing_half_written(cast, monkeypatch):
    def full(**_more):
        raise Conflict("The asset has as many pictures as it may have.")

    monkeypatch.setattr(bringing, "write_picture", full)
    with pytest.raises(Conflict):
        bring(cast.mei, zipped())
    assert not Asset.objects.filter(key="spring").exists()
    assert not Change.objects.filter(title__contains="Spring").exists()


def test_the_same_form_twice_opens_one_change(cast):
    first = bring(cast.mei, zipped(), repeat=Repeat("form:one", "same"))
    again = bring(cast.mei, zipped(), repeat=Repeat("form:one", "same"))
    assert again.change == first.change


def test_a_free_key_is_numbered(cast):
    assert free_key("spring") == "spring"
    bring(cast.mei, zipped())
    assert free_key("spring") == "spring-2"


# --- the screens ----------------------------------------------------------------------------------


def post(client, data=None, name="mail.zip", **more):
    file = SimpleUploadedFile(name, zipped() if data is None else data)
    sent = {"file": file, "team": "email", "language": "en", "key": "", **more}
    return client.post("/content/+import/", sent)


def test_a_file_becomes_a_change_on_the_page(signed_in, cast):
    answer = post(signed_in("mei"))
    assert answer.status_code == 302
    assert Change.objects.get(asset__key="spring").author == cast.mei


@pytest.mark.parametrize(
    ("data", "name"), [(b"", "x.html"), (b"PK\x03\x04", "x.zip"), (b"hello", "x.docx")]
)
def test_a_bad_file_is_refused_at_its_field(signed_in, cast, data, name):
    answer = post(signed_in("mei"), data, name)
    assert answer.status_code == 422
    assert b"aria-invalid" in answer.content
    assert not Asset.objects.filter(key="spring").exists()


def test_who_is_in_no_team_cannot_bring_anything(signed_in, cast):
    client = signed_in("ana")
    assert client.get("/content/+import/").status_code == 403
    assert post(client).status_code == 403


def test_a_version_goes_out_with_its_pictures_and_is_noted(signed_in, cast):
    bring(cast.mei, zipped())
    answer = signed_in("mei").post("/content/spring/versions/1/export/")
    assert answer["Content-Type"] == "application/zip"
    data = answer.getvalue()
    files = unpacked(data)
    assert {"manifest.json", "en/message.html", "pictures/a.png"} <= set(files)
    assert read("x.zip", data).document["name"] == "Spring"
    assert AuditEntry.objects.filter(action="asset.exported", actor=cast.mei).exists()


def test_hidden_content_does_not_go_out(signed_in, cast):
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True, readers=[])
    answer = signed_in("zoe").post(f"/content/{cast.asset.key}/versions/1/export/")
    assert answer.status_code == 404


def test_a_picture_that_many_addresses_name_is_drawn_once(cast, monkeypatch):
    drawn = []

    def counted(kind, file):
        drawn.append(kind)
        return read_file(kind, file)

    monkeypatch.setattr(bringing, "read_file", counted)
    page = "<title>x</title>" + "".join(f'<img src="{n}.png" alt="x">' for n in range(9))
    files = {"en.html": page} | {f"{n}.png": saved("PNG") for n in range(9)}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    bring(cast.mei, target.getvalue())
    assert len(drawn) == 1


def test_more_pictures_than_an_asset_may_have_are_refused(cast, settings):
    settings.CJOPS = {**settings.CJOPS, "PICTURES_OF_ASSET": 0}
    with pytest.raises(Invalid):
        bring(cast.mei, zipped())
    assert not Asset.objects.filter(key="spring").exists()


def test_pictures_behind_very_large_ones_are_left_out(cast, monkeypatch):
    monkeypatch.setattr(bringing, "PIXELS_AT_ONCE", 0)
    found = bring(cast.mei, zipped())
    assert "very large" in found.notes[0]


def test_nothing_is_unpacked_for_who_may_not_write(cast, monkeypatch):
    monkeypatch.setattr(bringing, "read", None)
    with pytest.raises(Forbidden):
        services.import_file(
            name="a.zip", data=b"", actor=cast.zoe, team=Team.objects.get(key="email")
        )


def test_a_name_that_is_taken_meanwhile_gets_the_next_key(cast, monkeypatch):
    bring(cast.mei, zipped())
    told = iter(["spring", "spring-2"])
    monkeypatch.setattr(bringing, "free_key", lambda wanted: next(told))
    found = services.import_file(
        name="a.zip", data=zipped(), actor=cast.mei, team=Team.objects.get(key="email")
    )
    assert found.change.asset.key == "spring-2"
