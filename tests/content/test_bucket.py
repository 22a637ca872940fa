"""Uploaded files in a bucket, spoken to over HTTP as the settings for it say."""

import importlib.util
import io
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from cjops import filing
from content.exchange.exporting import exported
from content.media import services, storage, tidying
from content.models import Picture
from tests.bad_input.pictures import saved
from tests.content import bucket as buckets

SHA = "ab" * 32
PLACE = f"sha256/ab/{SHA}"


@pytest.fixture
def bucket(settings, monkeypatch, tmp_path):
    """A bucket that the settings name, with keys from the environment alone."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": buckets.KEY,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with buckets.served() as found:
        settings.STORAGES = settings.STORAGES | {
            "media": filing.media(
                "s3", bucket=buckets.NAME, endpoint=found.endpoint, region="eu-central-1"
            )
        }
        yield found


# --- settings -----------------------------------------------------------------------------------


def test_a_folder_is_the_usual():
    found = filing.media("folder", bucket="", endpoint="", region="")
    assert found == {"BACKEND": "content.media.storage.WholeFileStorage"}


@pytest.mark.parametrize(("kind", "name"), [("s3", ""), ("disk", "cjops-media")])
def test_what_names_no_storage_is_refused(kind, name):
    with pytest.raises(ImproperlyConfigured):
        filing.media(kind, bucket=name, endpoint="", region="")


def test_without_its_packages_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements/s3\.txt"):
        filing.media("s3", bucket="cjops-media", endpoint="", region="")


# --- files --------------------------------------------------------------------------------------


def test_what_is_stored_can_be_read(bucket):
    storage.store(SHA, b"picture")
    assert bucket.held == {PLACE: b"picture"}
    with storage.stored(SHA) as file:
        assert file.read() == b"picture"


def test_what_is_stored_again_is_whole_again_and_there_once(bucket):
    storage.store(SHA, b"picture")
    bucket.held[PLACE] = b"spoilt"
    storage.store(SHA, b"picture")
    assert bucket.held == {PLACE: b"picture"}


def test_a_large_file_goes_in_and_comes_out(bucket):
    data = bytes(range(256)) * 12_000
    storage.store(SHA, data)
    with storage.stored(SHA) as file:
        assert file.read() == data


def test_what_is_not_there_is_not_found(bucket):
    with pytest.raises(FileNotFoundError):
        storage.stored(SHA)


def test_a_bucket_that_refuses_is_no_file_that_is_lost(bucket):
    storage.store(SHA, b"picture")
    bucket.is_out_of_order = True
    with pytest.raises(ClientError, match=r"AccessDenied|Forbidden"):
        storage.stored(SHA)


# --- the portal on it ---------------------------------------------------------------------------


@pytest.fixture
def picture(bucket, cast) -> Picture:
    data = io.BytesIO(saved("PNG"))
    return services.upload_picture(asset=cast.asset, file=data, name="a.png", actor=cast.mei)[0]


def test_an_upload_is_served_to_who_sees_it(picture, signed_in):
    address = f"/content/{picture.asset.key}/pictures/{picture.file.sha256}/"
    answer = signed_in("mei").get(address)
    assert answer.getvalue()[:4] == b"\x89PNG"
    assert int(answer["Content-Length"]) == picture.file.size


def test_an_upload_that_is_lost_is_not_found_and_named_in_an_export(
    picture, bucket, signed_in, cast
):
    bucket.held.clear()
    address = f"/content/{picture.asset.key}/pictures/{picture.file.sha256}/"
    assert signed_in("mei").get(address).status_code == 404
    document = cast.asset.live_version.get_document()
    document["renditions"][0]["body"] = f'<img src="{address}" alt="A">'
    cast.asset.live_version.document = document
    version = cast.asset.live_version
    found = exported(version=version, actor=cast.mei)
    assert [one.name for one in found.missing] == ["a.png"]


def test_only_old_bytes_that_nothing_names_are_tidied_away(picture, bucket):
    kept = storage.place_of(picture.file.sha256)
    for digest, age in (("ab" * 32, 2), ("cd" * 32, 2), ("ab" + "ef" * 31, 2), ("ee" * 32, 0)):
        storage.store(digest, b"left behind")
        bucket.written[storage.place_of(digest)] = timezone.now() - timedelta(days=age)
    bucket.written[kept] -= timedelta(days=2)
    assert len(tidying.tidy(keeps=True)) == 3
    assert len(bucket.held) == 5
    assert len(tidying.tidy()) == 3
    assert set(bucket.held) == {kept, storage.place_of("ee" * 32)}


def test_the_command_names_what_the_bucket_has_lost(picture, bucket, capsys):
    call_command("tidy_media", "--check")
    bucket.held.clear()
    with pytest.raises(CommandError):
        call_command("tidy_media", "--check")
    assert f"lost: {picture.file.sha256}" in capsys.readouterr().out
