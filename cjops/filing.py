"""Where uploaded files lie, in a folder or in a bucket of whoever speaks S3; how large they are."""

import importlib.util
from typing import Any

from django.core.exceptions import ImproperlyConfigured

LIMITS = {
    # A picture that is uploaded: its bytes, its pixels, those of all frames together; and how many
    # an asset has at most.
    "PICTURE_BYTES": 10 * 1024 * 1024,
    "PICTURE_PIXELS": 25_000_000,
    "PICTURES_OF_ASSET": 200,
    "PDF_BYTES": 10 * 1024 * 1024,
    # Tests of content that a person may send themselves within an hour.
    "TESTS_PER_HOUR": 20,
}


def media(kind: str, *, bucket: str, endpoint: str, region: str) -> dict[str, Any]:
    """The storage that the settings ask for. Keys come from the environment of AWS
    (AWS_ACCESS_KEY_ID ...), or from the role of the machine."""
    if kind == "folder":
        return {"BACKEND": "content.media.storage.WholeFileStorage"}
    if kind != "s3":
        raise ImproperlyConfigured("MEDIA_STORAGE is folder or s3.")
    if not bucket:
        raise ImproperlyConfigured("With MEDIA_STORAGE=s3, name the bucket in MEDIA_S3_BUCKET.")
    if importlib.util.find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "MEDIA_STORAGE=s3 needs more packages: "
            "pip install --require-hashes -r requirements/s3.txt"
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "region_name": region or None,
            # Files lie under the hash of their content: what is written again is the same.
            "file_overwrite": True,
            # Files are private unless told otherwise, and buckets made since 2023 take no ACL.
            "default_acl": None,
        },
    }
